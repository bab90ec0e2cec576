import { isArray } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { JwtRule } from '#policy/jwt-rule.js';
import type { Token } from './access-request.js';

/** The payload that the token carries; `exp` lies far ahead unless a claim says otherwise. */
export function payloadOf({ issuer, claims, problem }: Token): JsonObject {
  const audience = problem === 'wrong-audience' ? { aud: 'wrong-audience.example' } : {};
  const all: JsonObject = { iss: issuer, exp: 4_102_444_800, ...claims, ...audience };
  const names = Object.keys(all);
  if (names.every((name) => all[name] !== null)) return all;
  return Object.fromEntries(names.filter((name) => all[name] !== null).map((name) => [name, all[name]]));
}

function audiencesOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  const members = isArray(value) ? value : undefined;
  const texts = members?.filter((member) => typeof member === 'string');
  return texts?.length === members?.length ? texts : undefined;
}

/** A token whose registered claims have other types than RFC 7519 gives them is none (Envoy's jwt_verify_lib, Jwt::parseFromString). */
export function isWellFormed(payload: JsonObject): boolean {
  const isText = (name: string): boolean => payload[name] === undefined || typeof payload[name] === 'string';
  const isTime = (name: string): boolean => {
    const value = payload[name];
    return value === undefined || (typeof value === 'number' && value >= 0 && Number.isInteger(value));
  };
  const typed =
    isText('iss') && isText('sub') && isText('jti') && isTime('iat') && isTime('nbf') && isTime('exp');
  return typed && audiencesOf(payload['aud']) !== undefined;
}

/** Audiences are compared without `http://`, `https://` and one slash at the end. */
function bareAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** True when a rule asks for no audience, or the token has one of those it asks for. */
export function isForAudience(payload: JsonObject, audiences: readonly string[]): boolean {
  const wanted = new Set(audiences.map(bareAudience));
  return (
    wanted.size === 0 || (audiencesOf(payload['aud']) ?? []).some((one) => wanted.has(bareAudience(one)))
  );
}

const clockSkew = 60;

/** True when the token is good now; a claim without a clock to hold it against counts as good. */
export function isInTime(token: Token, payload: JsonObject, now: number | undefined): boolean {
  if (token.problem === 'expired' || token.problem === 'not-yet-valid') return false;
  const [exp, nbf] = [payload['exp'], payload['nbf']];
  if (now === undefined) return true;
  if (typeof nbf === 'number' && nbf > now + clockSkew) return false;
  return typeof exp !== 'number' || exp === 0 || now <= exp + clockSkew;
}

/** Claims as policies see them: those that the rule names are lists of words. */
export function splitClaims(payload: JsonObject, { spaceDelimited }: JwtRule): JsonObject {
  if (![...spaceDelimited].some((name) => Object.hasOwn(payload, name))) return payload;
  const entries = Object.entries(payload).map(([name, value]): [string, JsonValue | undefined] => {
    if (typeof value !== 'string' || !spaceDelimited.has(name)) return [name, value];
    const words = value.split(' ').filter((word) => word !== '');
    return [name, words.length === 0 ? value : words];
  });
  return Object.fromEntries(entries);
}
