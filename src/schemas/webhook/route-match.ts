import type { FieldPath } from '#documents/document.js';
import { objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compileGoPattern } from '#schemas/go-pattern.js';
import type { Invalidity } from '#schemas/validation.js';
import { domainProblem, isAddressOrPrefix, isLabel, isPort } from './host-names.js';
import { complaint } from './webhook.js';
import { labelErrors } from './workload-entry.js';

const longestPattern = 1024;

/** What is wrong with a regular expression, or undefined. Source: validation.go, validateStringRegexp. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === '') return 'a regular expression must not be empty';
  if (Buffer.byteLength(pattern) > longestPattern) return 'a regular expression has at most 1024 characters';
  return compileGoPattern(pattern) ? undefined : `"${pattern}" is not a regular expression of RE2`;
}

/** Faults of the pattern of a string match; of several ways to match, protobuf keeps the one declared last: regex. */
export function matchPatternErrors(match: JsonValue | undefined, path: FieldPath): readonly Invalidity[] {
  const pattern = stringAt(match, 'regex');
  const problem = pattern === undefined ? undefined : patternProblem(pattern);
  return problem === undefined ? [] : [complaint([...path, 'regex'], problem)];
}

/** Faults of a string match whose prefix must not be empty. */
function matchErrors(match: JsonValue | undefined, path: FieldPath): readonly Invalidity[] {
  if (stringAt(match, 'regex') !== undefined) return matchPatternErrors(match, path);
  return stringAt(match, 'prefix') === '' ? [complaint([...path, 'prefix'], 'a prefix must not be empty')] : [];
}

/** True for the name of a header that stands for a claim of a token: `@request.auth.claims.a` or `…[a]`. */
export function isClaim(name: string): boolean {
  return /^@request\.auth\.claims(?:\.[\s\S]+|\[[\s\S]+\])$/i.test(name);
}

const pseudoHeaders = new Set([':method', ':scheme', ':authority', ':path', ':status']);

function isHeaderName(name: string): boolean {
  return isClaim(name) || pseudoHeaders.has(name) || /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/.test(name);
}

function headerMatchErrors(match: JsonObject, path: FieldPath): readonly Invalidity[] {
  return ['headers', 'withoutHeaders'].flatMap((field) =>
    Object.entries(objectAt(match, field) ?? {}).flatMap(([name, header]) => {
      const at = [...path, field, name];
      // Without a header, `*` means that it is present at all.
      const presence = field === 'withoutHeaders' && stringAt(header, 'regex') === '*';
      return [
        ...(isHeaderName(name) ? [] : [complaint(at, `"${name}" is not a header name`)]),
        ...(presence ? [] : matchErrors(header, at)),
      ];
    }),
  );
}

/** Names of gateways; the first name without namespace ends the check. Source: validation.go, validateGatewayNames. */
export function gatewayNameErrors(names: readonly string[], path: FieldPath, converted = false): readonly Invalidity[] {
  const errors: Invalidity[] = [];
  for (const [index, gateway] of names.entries()) {
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      const problem = domainProblem(gateway);
      return problem === undefined ? errors : [...errors, complaint([...path, index], problem)];
    }
    const valid = isLabel(gateway.slice(0, slash)) && (isLabel(gateway.slice(slash + 1)) || (converted && gateway.length > slash + 1));
    if (!valid) errors.push(complaint([...path, index], `"${gateway}" is not <namespace>/<gateway>`));
  }
  return errors;
}

/** Faults that matches of HTTP, TLS and TCP routes can have alike. */
export function commonMatchErrors(match: JsonObject, path: FieldPath): readonly Invalidity[] {
  const port = Number(valueAt(match, ['port']) ?? 0);
  const subnets = stringsAt(match, 'destinationSubnets').flatMap((subnet, index) =>
    isAddressOrPrefix(subnet) ? [] : [complaint([...path, 'destinationSubnets', index], `"${subnet}" is not a CIDR`)],
  );
  return [
    ...subnets,
    ...(port === 0 || isPort(port) ? [] : [complaint([...path, 'port'], 'a port must be in 1..65535')]),
    ...labelErrors(objectAt(match, 'sourceLabels'), [...path, 'sourceLabels']),
    ...gatewayNameErrors(stringsAt(match, 'gateways'), [...path, 'gateways']),
  ];
}

/** Faults of one match of an HTTP route. Source: virtualservice.go, validateHTTPRouteMatchRequest. */
export function httpMatchErrors(match: JsonObject, path: FieldPath): readonly Invalidity[] {
  const namespace = stringAt(match, 'sourceNamespace') ?? '';
  const parameters = Object.entries(objectAt(match, 'queryParams') ?? {});
  return [
    ...headerMatchErrors(match, path),
    ...matchPatternErrors(objectAt(match, 'uri'), [...path, 'uri']),
    ...['scheme', 'method', 'authority'].flatMap((name) => matchErrors(objectAt(match, name), [...path, name])),
    ...parameters.flatMap(([name, parameter]) => matchErrors(parameter, [...path, 'queryParams', name])),
    ...commonMatchErrors(match, path),
    ...(namespace === '' || isLabel(namespace)
      ? []
      : [complaint([...path, 'sourceNamespace'], `"${namespace}" is not a namespace`)]),
  ];
}
