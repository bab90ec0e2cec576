import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';

/** What Istio's JWK reader makes of a text: why it refuses, or which keys hold more than a public key. */
export type JwkSet = { readonly problem: string } | { readonly privateKeys: readonly number[] };

interface KeyType {
  /** Fields without which a key of this type is refused. */
  readonly required: readonly string[];
  /** Further fields that a private key (one with `d`) must have. */
  readonly encoded: readonly string[];
}

const keyTypes: ReadonlyMap<string, KeyType> = new Map([
  ['RSA', { required: ['e', 'n'], encoded: ['e', 'n', 'd', 'p', 'q', 'dp', 'dq', 'qi'] }],
  ['EC', { required: ['crv', 'x', 'y'], encoded: ['x', 'y', 'd'] }],
  ['OKP', { required: ['crv', 'x'], encoded: ['x', 'd'] }],
  ['oct', { required: ['k'], encoded: ['k'] }],
]);

const texts = ['kid', 'alg', 'use', 'x5u', 'x5t', 'x5t#S256', 'crv'] as const;

function isText(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/** Base64 in either alphabet, padded or not, never mixed. */
function isBase64(value: JsonValue | undefined): boolean {
  if (!isText(value)) return false;
  const text = typeof value === 'string' ? value.replaceAll(/[\r\n]/g, '') : '';
  const body = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(body) && !/^[A-Za-z0-9_-]*$/.test(body)) return false;
  return text === body ? body.length % 4 !== 1 : text.length % 4 === 0;
}

/** A certificate, or a list of them: base64 of DER, which begins with a sequence. What is inside is not looked at. */
function isCertificateChain(value: JsonValue | undefined): boolean {
  const list = isArray(value) ? value : [value];
  return list.every((text) => typeof text === 'string' && isBase64(text) && Buffer.from(text, 'base64')[0] === 0x30);
}

/** The last field of a name in any case: how the library finds out which key it reads. */
function hinted(fields: JsonObject, name: string): JsonValue | undefined {
  const found = Object.keys(fields).findLast((field) => field.toLowerCase() === name);
  return found === undefined ? undefined : fields[found];
}

function keyProblem(key: JsonValue | undefined): string | undefined {
  const fields: JsonObject = isObject(key) ? key : {};
  const kty = hinted(fields, 'kty');
  if (Object.hasOwn(fields, 'kty') && fields['kty'] !== kty) return 'has two key types';
  const type = typeof kty === 'string' ? keyTypes.get(kty) : undefined;
  if (!type) return `has no known key type (kty ${JSON.stringify(kty ?? null)})`;
  const wrong = [
    ...texts.filter((name) => !isText(fields[name])),
    ...type.encoded.filter((name) => !isBase64(fields[name])),
  ];
  if (Object.hasOwn(fields, 'x5c') && !isCertificateChain(fields['x5c'])) wrong.push('x5c');
  if (wrong[0] !== undefined) return `has a field ${wrong[0]} that cannot be read`;
  const isPrivate = kty !== 'oct' && hinted(fields, 'd') !== undefined;
  const missing = [...type.required, ...(isPrivate ? ['d'] : [])].find((name) => !Object.hasOwn(fields, name));
  return missing === undefined ? undefined : `lacks the field ${missing}`;
}

function holdsPrivate(key: JsonValue | undefined): boolean {
  return isObject(key) && (key['kty'] === 'oct' || Object.hasOwn(key, 'd'));
}

/** The first mapping in a text; Go's decoder does not look at what follows a value. */
function firstMapping(text: string): string | undefined {
  if (!/^[ \t\r\n]*\{/.test(text)) return undefined;
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token[0] === '{') depth += 1;
    else if (token[0] === '}') depth -= 1;
    if (depth === 0) return text.slice(0, token.index + 1);
  }
  return undefined;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(firstMapping(text) ?? text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Reads a JSON Web Key Set, or a single key, as the library that Istio uses does: github.com/lestrrat-go/jwx jwk.Parse. */
export function parseJwkSet(text: string): JwkSet {
  const value = parseJson(text);
  if (!isObject(value)) return { problem: 'is no JSON object' };
  const list = Object.hasOwn(value, 'keys') ? (value['keys'] ?? []) : [value];
  if (!isArray(list)) return { problem: 'has "keys" that are no list' };
  for (const [index, key] of list.entries()) {
    const problem = keyProblem(key);
    if (problem !== undefined) return { problem: `key ${String(index)} ${problem}` };
  }
  return { privateKeys: [...list.keys()].filter((index) => holdsPrivate(list[index])) };
}
