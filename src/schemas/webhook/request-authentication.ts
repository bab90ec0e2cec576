import type { FieldPath } from '#documents/document.js';
import { listAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { parseGoDuration } from '#schemas/go-duration.js';
import { parseGoUrl } from '#schemas/go-url.js';
import type { Invalidity } from '#schemas/validation.js';
import { parseJwkSet } from './jwk-set.js';
import { selectionAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

function textAt(value: JsonValue, name: string): string {
  return stringAt(value, name) ?? '';
}

/** Source: istio/istio pkg/config/security/security.go, ParseJwksURI. */
function jwksUriErrors(uri: string, path: FieldPath): readonly Invalidity[] {
  if (uri === '') return [];
  const url = parseGoUrl(uri);
  if (!url) return [complaint(path, `"${uri}" is not a URL`)];
  if (url.scheme !== 'http' && url.scheme !== 'https') return [complaint(path, `the scheme of "${uri}" is not http or https`)];
  // strconv.Atoi overflows past an int64.
  return url.port.length > 18 ? [complaint(path, `the port of "${uri}" is not a number in range`)] : [];
}

function jwksAnswer(jwks: string, path: FieldPath): WebhookAnswer {
  if (jwks === '') return { errors: [], warnings: [] };
  const set = parseJwkSet(jwks);
  if ('problem' in set) return { errors: [complaint(path, `jwks ${set.problem}`)], warnings: [] };
  const warnings = set.privateKeys.map((index) =>
    complaint(path, `jwks key ${String(index)} holds private key material; only public keys are needed`),
  );
  return { errors: [], warnings };
}

function emptyMembers(rule: JsonValue, name: string, path: FieldPath): readonly Invalidity[] {
  return stringsAt(rule, name).flatMap((value, index) =>
    value === '' ? [complaint([...path, name, index], `an entry of ${name} must not be empty`)] : [],
  );
}

function headerErrors(rule: JsonValue, path: FieldPath): readonly Invalidity[] {
  return listAt(rule, 'fromHeaders').flatMap((location, index) =>
    textAt(location, 'name') === ''
      ? [complaint([...path, 'fromHeaders', index, 'name'], 'a header location must have a name')]
      : [],
  );
}

function claimErrors(rule: JsonValue, path: FieldPath): readonly Invalidity[] {
  return listAt(rule, 'outputClaimToHeaders').flatMap((output, index) => {
    const at = [...path, 'outputClaimToHeaders', index];
    const header = textAt(output, 'header');
    if (header === '' || textAt(output, 'claim') === '') {
      return [complaint(at, 'an entry of outputClaimToHeaders needs a header and a claim')];
    }
    return /^[-_A-Za-z0-9]+$/.test(header) ? [] : [complaint([...at, 'header'], `"${header}" is not a header name`)];
  });
}

function timeoutErrors(rule: JsonValue, path: FieldPath): readonly Invalidity[] {
  const timeout = stringAt(rule, 'timeout');
  const nanoseconds = timeout === undefined ? undefined : parseGoDuration(timeout);
  if (nanoseconds === undefined) return [];
  // Source: istio/istio pkg/config/validation/agent/validation.go, ValidateDuration.
  const valid = nanoseconds >= 1_000_000n && nanoseconds % 1_000_000n === 0n;
  return valid ? [] : [complaint([...path, 'timeout'], 'a timeout must be whole milliseconds, at least one')];
}

function ruleAnswer(rule: JsonValue, path: FieldPath): WebhookAnswer {
  const [issuer, uri] = [textAt(rule, 'issuer'), textAt(rule, 'jwksUri')];
  const jwks = jwksAnswer(textAt(rule, 'jwks'), [...path, 'jwks']);
  const errors = [
    ...emptyMembers(rule, 'audiences', path),
    ...(issuer === '' && uri === '' ? [complaint(path, 'a JWT rule needs an issuer or a jwksUri')] : []),
    ...jwksUriErrors(uri, [...path, 'jwksUri']),
    ...jwks.errors,
    ...headerErrors(rule, path),
    ...emptyMembers(rule, 'fromParams', path),
    ...emptyMembers(rule, 'fromCookies', path),
    ...claimErrors(rule, path),
    ...timeoutErrors(rule, path),
  ];
  return { errors, warnings: jwks.warnings };
}

/** The webhook's rules of RequestAuthentication. Source: validation.go, ValidateRequestAuthentication. */
export function requestAuthentication({ spec }: WebhookInput): WebhookAnswer {
  const selection = selectionAnswer(spec);
  const rules = listAt(spec, 'jwtRules').map((rule, index) => ruleAnswer(rule, ['spec', 'jwtRules', index]));
  return {
    errors: [...selection.errors, ...rules.flatMap(({ errors }) => errors)],
    warnings: [...selection.warnings, ...rules.flatMap(({ warnings }) => warnings)],
  };
}
