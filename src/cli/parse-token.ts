import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Token } from '#policy/request/access-request.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './usage-error.js';

const problems = [
  'expired',
  'not-yet-valid',
  'wrong-key',
  'wrong-audience',
  'malformed',
] as const satisfies readonly Token['problem'][];

const usage =
  'Write --jwt iss=ISSUER,sub=SUBJECT,aud=AUDIENCE,claim.NAME=VALUE; a name given twice makes a list.';

/** Parts between commas; a comma after a backslash belongs to its part. */
function parts(text: string): readonly string[] {
  return text.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ','));
}

function refuse(text: string, what: string): never {
  throw new UsageError(`--jwt: ${what} in "${text}"`, usage);
}

/** The path of `claim.name` (dots are part of the name) or `claim[outer][inner]`. */
function claimPath(key: string): readonly string[] | undefined {
  if (key.startsWith('claim.') && key.length > 6) return [key.slice(6)];
  if (!/^claim(\[[^[\]]+\])+$/.test(key)) return undefined;
  return [...key.matchAll(/\[([^[\]]+)\]/g)].map(([, name]) => name ?? '');
}

type Claims = Map<string, string | string[] | Claims>;

const newClaims = (): Claims => new Map();

function add(claims: Claims, [name = '', ...rest]: readonly string[], value: string): void {
  const held = claims.get(name);
  if (rest.length > 0) {
    const inner = held instanceof Map ? held : newClaims();
    claims.set(name, inner);
    add(inner, rest, value);
  } else if (held === undefined || held instanceof Map) claims.set(name, value);
  else claims.set(name, [...(Array.isArray(held) ? held : [held]), value]);
}

function toJson(claims: Claims): JsonObject {
  const entries = [...claims].map(([name, value]): [string, JsonValue] => [
    name,
    value instanceof Map ? toJson(value) : value,
  ]);
  return Object.fromEntries(entries);
}

const bearer: Token['place'] = { header: 'authorization', prefix: 'Bearer ' };

function problemOf(typed: string): Token['problem'] {
  const found = problems.find((each) => each === typed);
  if (found !== undefined) return found;
  throw new UsageError(
    `--jwt: there is no problem "${typed}"`,
    `${didYouMean(typed, problems)} One of ${problems.join(', ')}.`.trim(),
  );
}

/**
 * Reads `iss=…,sub=…,aud=…,claim.x=…,claim[a][b]=…,kid=…,problem=…` as a token that is signed by its issuer and valid now
 * unless a problem is named.
 */
export function parseToken(text: string): Token {
  const claims = newClaims();
  let [issuer, keyId, problem]: [string | undefined, string | undefined, Token['problem']] = [
    undefined,
    undefined,
    undefined,
  ];
  for (const part of parts(text)) {
    const equals = part.indexOf('=');
    const key = part.slice(0, Math.max(0, equals)).trim();
    const value = part.slice(equals + 1);
    const path = claimPath(key);
    if (equals <= 0) refuse(text, `"${part}" has no "="`);
    else if (key === 'iss') issuer = value;
    else if (key === 'kid') keyId = value;
    else if (key === 'problem') problem = problemOf(value);
    else if (key === 'sub' || key === 'aud') add(claims, [key], value);
    else if (path === undefined) refuse(text, `there is no "${key}"`);
    else add(claims, path, value);
  }
  if (issuer === undefined) refuse(text, 'iss is missing');
  return { issuer, claims: toJson(claims), problem, keyId, place: bearer };
}
