import { isAtLeast, newestVersion } from '#policy/istio-version.js';
import type { IstioVersion } from '#policy/istio-version.js';
import { parseRange } from './address.js';
import type { Comparison, MetadataValue } from './condition.js';
import {
  namespacePattern,
  principalPattern,
  serviceAccountPatterns,
  trustDomainPattern,
} from './identity-pattern.js';
import { headerPattern, isPathTemplate, templatePattern, valuePattern } from './pattern.js';
import type { Pattern } from './pattern.js';
import { requestPrincipal } from './request-principal.js';
import { expandPrincipals, expandTrustDomains } from './trust-domains.js';

/** What the translation of values depends on besides the values. */
export interface AttributeContext {
  readonly policyNamespace: string;
  /** The mesh's trust domain and its aliases. */
  readonly trustDomains: readonly string[];
  /** Istio's release line; the newest when it is left out. */
  readonly version?: IstioVersion;
  /** True on a filter chain that does not read HTTP. */
  readonly forTcp: boolean;
}

/** Values of one field: what they are compared with, and which of them Istio can not translate. */
export interface Translation {
  /** Undefined when no value could be translated. */
  readonly comparison: Comparison | undefined;
  readonly failed: readonly string[];
}

/** Translates the values of one field or `when` entry. */
export type Attribute = (values: readonly string[], context: AttributeContext) => Translation;

function translateEach<T>(
  values: readonly string[],
  read: (value: string) => T | undefined,
  compare: (items: readonly T[]) => Comparison,
): Translation {
  const items: T[] = [];
  const failed: string[] = [];
  for (const value of values) {
    const item = read(value);
    if (item === undefined) failed.push(value);
    else items.push(item);
  }
  return { comparison: items.length === 0 ? undefined : compare(items), failed };
}

const http =
  (attribute: Attribute): Attribute =>
  (values, context) =>
    context.forTcp ? { comparison: undefined, failed: values } : attribute(values, context);

const never: Attribute = (values) => ({ comparison: undefined, failed: values });

type TextDimension = Extract<
  Comparison,
  { readonly on: 'identity' | 'sni' | 'method' | 'host' | 'path' }
>['on'];

const text =
  (on: TextDimension, read: (value: string, context: AttributeContext) => readonly Pattern[]): Attribute =>
  (values, context) => ({
    comparison: { on, patterns: values.flatMap((value) => read(value, context)) },
    failed: [],
  });

const principals: Attribute = (values, context) =>
  text('identity', (value) => [principalPattern(value)])(
    expandPrincipals(values, context.trustDomains),
    context,
  );

const trustDomains: Attribute = (values, context) =>
  text('identity', (value) => [trustDomainPattern(value)])(
    expandTrustDomains(values, context.trustDomains),
    context,
  );

/** Addresses and CIDR ranges of one side of the connection. */
export const addresses =
  (on: 'direct-ip' | 'remote-ip' | 'destination-ip'): Attribute =>
  (values) =>
    translateEach(values, parseRange, (ranges) => ({ on, ranges }));

/** strconv.ParseUint in base 10, at most 65535 (pilot/pkg/security/authz/model/util.go, convertToPort). */
function parsePort(value: string): number | undefined {
  const port = /^\d+$/.test(value) ? Number(value) : Infinity;
  return port > 65535 ? undefined : port;
}

/** Ports of the receiving pod. */
export const ports: Attribute = (values) =>
  translateEach(values, parsePort, (numbers) => ({ on: 'port', ports: numbers }));

function claim(path: readonly string[]): Attribute {
  return (values) => ({
    comparison: { on: 'claim', claim: path, patterns: values.map((value) => valuePattern(value)) },
    failed: [],
  });
}

function header(name: string): Attribute {
  const key = name.toLowerCase();
  return (values) => ({
    comparison: { on: 'header', name: key, patterns: values.map((value) => headerPattern(value)) },
    failed: [],
  });
}

const requestPrincipals: Attribute = (values) => ({
  comparison: { on: 'request-principal', principals: values.map(requestPrincipal) },
  failed: [],
});

/** The fields of a source and of an operation. */
export const attributes = {
  principals,
  trustDomains,
  namespaces: text('identity', (value) => [namespacePattern(value)]),
  serviceAccounts: text('identity', (value, context) =>
    serviceAccountPatterns(context.policyNamespace, value),
  ),
  requestPrincipals: http(requestPrincipals),
  ipBlocks: addresses('direct-ip'),
  remoteIpBlocks: addresses('remote-ip'),
  hosts: http(text('host', (value) => [headerPattern(value, true)])),
  methods: http(text('method', (value) => [headerPattern(value)])),
  paths: http(
    text('path', (value, { version = newestVersion }) => [
      // Before 1.22 braces are characters like any other.
      isPathTemplate(value) && isAtLeast(version, 22) ? templatePattern(value) : valuePattern(value),
    ]),
  ),
  ports,
} satisfies Readonly<Record<string, Attribute>>;

/** The name in `[name]`; undefined when the text is not of that form (util.go, extractNameInBrackets). */
function inBrackets(text: string): string | undefined {
  return text.startsWith('[') && text.endsWith(']') && text.length > 1 ? text.slice(1, -1) : undefined;
}

/** The names in `[a][b]`; a text with other brackets is one name (util.go, extractNameInNestedBrackets). */
function inNestedBrackets(text: string): readonly string[] | undefined {
  if (/^(\[[^[\]]*\])*$/.test(text))
    return [...text.matchAll(/\[([^[\]]*)\]/g)].map((found) => found[1] ?? '');
  const name = inBrackets(text);
  return name === undefined ? undefined : [name];
}

function metadataValue(value: string): MetadataValue {
  const inList = value.startsWith('[') && value.endsWith(']');
  return { inList, pattern: valuePattern(inList ? value.replace(/^[[\]]+|[[\]]+$/g, '') : value) };
}

/** `experimental.envoy.filters.a.b[c]`: key `c` of the metadata of filter `envoy.filters.a.b`. */
function metadata(key: string): Attribute {
  const inner = key.slice('experimental.'.length).replace(/\]$/, '');
  const bracket = inner.indexOf('[');
  if (bracket < 0) return never;
  const [filter, name] = [inner.slice(0, bracket), inner.slice(bracket + 1)];
  return (values) => ({
    comparison: { on: 'metadata', filter, key: name, values: values.map(metadataValue) },
    failed: [],
  });
}

function claimAttribute(key: string): Attribute {
  const path = inNestedBrackets(key.slice('request.auth.claims'.length));
  return http(path === undefined ? never : claim(path));
}

function headerAttribute(key: string): Attribute {
  const name = inBrackets(key.slice('request.headers'.length));
  return http(name === undefined ? never : header(name));
}

const sni = text('sni', (value) => [valuePattern(value)]);

/** What a `when` key tests, and on which side of the rule Istio puts it. */
export interface WhenAttribute {
  readonly side: 'source' | 'operation';
  readonly attribute: Attribute;
}

const whenKeys: ReadonlyMap<string, WhenAttribute> = new Map([
  ['destination.ip', { side: 'operation', attribute: addresses('destination-ip') }],
  ['destination.port', { side: 'operation', attribute: ports }],
  ['connection.sni', { side: 'operation', attribute: sni }],
  ['source.ip', { side: 'source', attribute: attributes.ipBlocks }],
  ['remote.ip', { side: 'source', attribute: attributes.remoteIpBlocks }],
  ['source.namespace', { side: 'source', attribute: attributes.namespaces }],
  ['source.trustDomain', { side: 'source', attribute: trustDomains }],
  ['source.serviceAccount', { side: 'source', attribute: attributes.serviceAccounts }],
  ['source.principal', { side: 'source', attribute: principals }],
  ['request.auth.principal', { side: 'source', attribute: attributes.requestPrincipals }],
  ['request.auth.audiences', { side: 'source', attribute: http(claim(['aud'])) }],
  ['request.auth.presenter', { side: 'source', attribute: http(claim(['azp'])) }],
]);

/** Keys that came later than the first supported release, with the release line 1.x that knows them first. */
const newerKeys: ReadonlyMap<string, number> = new Map([
  ['source.serviceAccount', 25],
  ['source.trustDomain', 31],
]);

/** The test behind a `when` key; undefined for a key that a release of Istio does not know (pilot/pkg/security/authz/model/model.go, New). */
export function whenAttribute(key: string, version: IstioVersion = newestVersion): WhenAttribute | undefined {
  if (!isAtLeast(version, newerKeys.get(key) ?? 0)) return undefined;
  const plain = whenKeys.get(key);
  if (plain !== undefined) return plain;
  if (key.startsWith('experimental.envoy.filters.')) return { side: 'operation', attribute: metadata(key) };
  if (key.startsWith('request.headers')) return { side: 'source', attribute: headerAttribute(key) };
  if (key.startsWith('request.auth.claims')) return { side: 'source', attribute: claimAttribute(key) };
  return undefined;
}
