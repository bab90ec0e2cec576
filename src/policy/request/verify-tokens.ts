import { isArray } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { JwtRule } from '#policy/jwt-rule.js';
import type { Token } from './access-request.js';
import { claimHeaders } from './claim-headers.js';
import type { HeaderLines } from './request-headers.js';
import { tokenIndex } from './request-headers.js';
import { isSignedFor } from './signing-key.js';

/** A request as the JWT filter meets it; the filter takes tokens out and puts headers in. */
export interface TokenRequest {
  readonly method: string;
  readonly lines: HeaderLines;
  /** With its question mark; empty without one. */
  readonly query: string;
  readonly tokens: readonly Token[];
  /** Seconds since the epoch, to check `exp` and `nbf` claims that are given; without it only `problem` counts. */
  readonly now: number | undefined;
}

/** What the JWT filter makes of a request. */
export interface TokenVerdict {
  /** `unknown`: the manifests do not say which key a token would have to be signed with. */
  readonly verdict: 'passed' | 'refused' | 'unknown';
  /** Claims that policies see, of the first rule in order whose tokens are all good. */
  readonly claims: JsonObject | undefined;
  /** The rule that let the token pass, or that has refused one. */
  readonly rule: JwtRule | undefined;
  readonly reason: string;
}

/** A place where a token was found. */
interface Found {
  readonly text: string;
  readonly header: string | undefined;
  readonly param: string | undefined;
}

interface Filter {
  readonly request: TokenRequest;
  readonly rules: readonly JwtRule[];
  readonly params: Map<string, string>;
  readonly cookies: ReadonlyMap<string, string>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** First value of each query parameter. */
function paramsOf(query: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const pair of query === '' ? [] : query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!params.has(name)) params.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return params;
}

function cookiesOf(lines: HeaderLines): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  const sent = lines.get('cookie');
  for (const cookie of sent === undefined ? [] : sent.join(';').split(';')) {
    const equals = cookie.indexOf('=');
    if (equals < 0) continue;
    const name = cookie.slice(0, equals).replace(/^ +/, '');
    if (!cookies.has(name)) cookies.set(name, cookie.slice(equals + 1).replace(/^"(.*)"$/, '$1'));
  }
  return cookies;
}

/** The token behind a prefix: from the first character that a token may hold; the whole value when there is none. */
function behindPrefix(value: string, prefix: string): string | undefined {
  const at = value.indexOf(prefix);
  if (at < 0) return undefined;
  const start = value.slice(at + prefix.length).search(/[A-Za-z0-9\-_.\uE000]/);
  return start < 0 ? value : value.slice(at + prefix.length + start);
}

/** Tokens at a rule's locations: headers, then parameters, then cookies (Extractor::extract). */
function extract({ locations }: JwtRule, { request, params, cookies }: Filter): readonly Found[] {
  const found: Found[] = [];
  for (const { name, prefix } of locations.headers) {
    for (const line of request.lines.get(name) ?? []) {
      const text = prefix === '' ? line : behindPrefix(line, prefix);
      if (text !== undefined) found.push({ text, header: name, param: undefined });
    }
  }
  for (const param of params.size === 0 ? [] : locations.params) {
    const text = params.get(param);
    if (text !== undefined) found.push({ text, header: undefined, param });
  }
  for (const cookie of cookies.size === 0 ? [] : locations.cookies) {
    const text = cookies.get(cookie);
    if (text !== undefined) found.push({ text, header: undefined, param: undefined });
  }
  return found;
}

/** The payload that the token carries; `exp` lies far ahead unless a claim says otherwise. */
function payloadOf({ issuer, claims, problem }: Token): JsonObject {
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
function isWellFormed(payload: JsonObject): boolean {
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

function isForAudience(payload: JsonObject, audiences: readonly string[]): boolean {
  const wanted = new Set(audiences.map(bareAudience));
  return (
    wanted.size === 0 || (audiencesOf(payload['aud']) ?? []).some((one) => wanted.has(bareAudience(one)))
  );
}

const clockSkew = 60;

/** True when the token is good now; a claim without a clock to hold it against counts as good. */
function isInTime(token: Token, payload: JsonObject, now: number | undefined): boolean {
  if (token.problem === 'expired' || token.problem === 'not-yet-valid') return false;
  const [exp, nbf] = [payload['exp'], payload['nbf']];
  if (now === undefined) return true;
  if (typeof nbf === 'number' && nbf > now + clockSkew) return false;
  return typeof exp !== 'number' || exp === 0 || now <= exp + clockSkew;
}

type Check = { readonly payload: JsonObject } | { readonly refused: string } | { readonly unsure: string };

/** Checks one token against one rule, in Envoy's order (jwt_authn/authenticator.cc, startVerify). */
function check(rule: JwtRule, found: Found, filter: Filter): Check {
  const index = tokenIndex(found.text);
  const token = index === undefined ? undefined : filter.request.tokens[index];
  if (token === undefined || token.problem === 'malformed') return { refused: 'the token is malformed' };
  const payload = payloadOf(token);
  if (!isWellFormed(payload)) return { refused: 'a registered claim of the token has the wrong type' };
  if (rule.issuer !== '' && payload['iss'] !== rule.issuer)
    return { refused: 'the token is of another issuer' };
  if (!isInTime(token, payload, filter.request.now))
    return { refused: `the token is ${token.problem ?? 'out of time'}` };
  if (!isForAudience(payload, rule.audiences)) return { refused: 'the token is for another audience' };
  const signed = isSignedFor(rule, token, filter.rules);
  if (signed === undefined) return { unsure: `which key signs tokens of ${token.issuer}` };
  return signed ? { payload } : { refused: 'the token is not signed with a key of the rule' };
}

/** Removes a good token, unless it is to be forwarded, and adds what the rule puts out. */
function accept(rule: JwtRule, found: Found, payload: JsonObject, { request, params }: Filter): void {
  for (const [name, value] of claimHeaders(rule, payload)) {
    const lines = request.lines.get(name) ?? [];
    request.lines.set(name, [...lines, value]);
  }
  if (rule.forwardOriginalToken) return;
  if (found.header !== undefined) request.lines.delete(found.header);
  if (found.param !== undefined) params.delete(found.param);
}

type RuleOutcome = Check | { readonly missing: true };

/** A rule is met when every token at its locations is good; the last found is tried first and the first found wins. */
function tryRule(rule: JwtRule, filter: Filter): RuleOutcome {
  const found = extract(rule, filter);
  let outcome: RuleOutcome = { missing: true };
  for (const one of [...found].reverse()) {
    const checked = check(rule, one, filter);
    if (!('payload' in checked)) return checked;
    accept(rule, one, checked.payload, filter);
    outcome = checked;
  }
  return outcome;
}

/** Claims as policies see them: those that the rule names are lists of words. */
function splitClaims(payload: JsonObject, { spaceDelimited }: JwtRule): JsonObject {
  if (![...spaceDelimited].some((name) => Object.hasOwn(payload, name))) return payload;
  const entries = Object.entries(payload).map(([name, value]): [string, JsonValue | undefined] => {
    if (typeof value !== 'string' || !spaceDelimited.has(name)) return [name, value];
    const words = value.split(' ').filter((word) => word !== '');
    return [name, words.length === 0 ? value : words];
  });
  return Object.fromEntries(entries);
}

/** Preflight requests of browsers carry no credentials, so the filter lets them pass unseen. */
function isPreflight({ method, lines }: TokenRequest): boolean {
  const isSet = (name: string): boolean => (lines.get(name)?.[0] ?? '') !== '';
  return method === 'OPTIONS' && isSet('origin') && isSet('access-control-request-method');
}

const passed: TokenVerdict = { verdict: 'passed', claims: undefined, rule: undefined, reason: 'no token' };

/**
 * Runs the JWT filter over a request: some rule is met, or no rule finds a token at its locations. Headers that rules
 * put out are taken away from what the client sent in any case. Changes the request's header lines as the filter does
 * (convertToEnvoyJwtConfig in pilot/pkg/security/authn/policy_applier.go; Envoy's jwt_authn/verifier.cc).
 */
export function verifyTokens(rules: readonly JwtRule[], request: TokenRequest): TokenVerdict {
  for (const { outputPayloadHeader, outputClaims } of rules) {
    if (outputPayloadHeader !== undefined) request.lines.delete(outputPayloadHeader);
    for (const { header } of outputClaims) request.lines.delete(header);
  }
  if (isPreflight(request)) return { ...passed, reason: 'a CORS preflight is not asked for a token' };
  const params = paramsOf(request.query);
  const filter: Filter = { request, rules, params, cookies: cookiesOf(request.lines) };
  let unsure: TokenVerdict | undefined;
  let refused: TokenVerdict | undefined;
  for (const rule of rules) {
    const outcome = tryRule(rule, filter);
    if ('payload' in outcome) {
      if (unsure !== undefined) return unsure;
      const claims = splitClaims(outcome.payload, rule);
      return { verdict: 'passed', claims, rule, reason: 'a valid token' };
    }
    if ('unsure' in outcome)
      unsure ??= { verdict: 'unknown', claims: undefined, rule, reason: outcome.unsure };
    if ('refused' in outcome)
      refused = { verdict: 'refused', claims: undefined, rule, reason: outcome.refused };
  }
  return unsure ?? refused ?? passed;
}
