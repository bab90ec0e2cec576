import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';

/** An inline key set, by the worst key that it holds; the keys themselves are not handed on. */
export interface InlineKeySet {
  readonly at: FieldRef;
  readonly kind: 'public' | 'private' | 'symmetric';
}

function keysIn(text: string): readonly JsonValue[] {
  try {
    return listAt(JSON.parse(text) as JsonValue, 'keys');
  } catch {
    return [];
  }
}

const has = (key: JsonValue, member: string): boolean => isObject(key) && Object.hasOwn(key, member);

/** By the members that RFC 7518 gives to private (`d`) and symmetric (`k`) keys. */
function kindOf(text: string): InlineKeySet['kind'] {
  const keys = keysIn(text);
  if (keys.some((key) => has(key, 'd'))) return 'private';
  return keys.some((key) => has(key, 'k') || stringAt(key, 'kty') === 'oct') ? 'symmetric' : 'public';
}

/** The inline key sets of a RequestAuthentication; Istio takes private keys with a warning (pkg/config/validation). */
export function privateJwks(policy: Resource): readonly InlineKeySet[] {
  return listAt(policy.object, 'spec', 'jwtRules').flatMap((rule, index) => {
    const text = stringAt(rule, 'jwks') ?? '';
    const at = { resource: policy, path: ['spec', 'jwtRules', index, 'jwks'] };
    return text === '' ? [] : [{ at, kind: kindOf(text) }];
  });
}
