import { isObject, isArray } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { JwtRule } from '#policy/jwt-rule.js';

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** A claim as header text: strings, numbers and booleans as they are written, the rest as Base64 of its JSON. */
function headerText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isObject(value) || isArray(value) ? base64(JSON.stringify(value)) : '';
}

/** The claim of a name; dots go into objects. */
function claimOf(payload: JsonObject, name: string): JsonValue | undefined {
  let value: JsonValue | undefined = payload;
  for (const key of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/**
 * Headers that a rule adds for a good token, names in lower case: `outputPayloadToHeader` and `outputClaimToHeaders`,
 * claims without text left out (Envoy's jwt_authn/authenticator.cc, handleGoodJwt).
 */
export function claimHeaders(rule: JwtRule, payload: JsonObject): readonly (readonly [string, string])[] {
  const headers: [string, string][] = [];
  if (rule.outputPayloadHeader !== undefined) {
    const text = base64(JSON.stringify(payload)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    headers.push([rule.outputPayloadHeader, text]);
  }
  for (const { header, claim } of rule.outputClaims) {
    const text = headerText(claimOf(payload, claim));
    if (text !== '') headers.push([header, text]);
  }
  return headers;
}
