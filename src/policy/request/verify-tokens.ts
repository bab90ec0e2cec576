import type { JsonObject } from '#documents/json.js';
import type { JwtRule } from '#policy/jwt-rule.js';
import type { Token } from './access-request.js';
import { findTokens, placesOf } from './find-tokens.js';
import type { FoundToken, TokenPlaces } from './find-tokens.js';
import { claimHeaders } from './claim-headers.js';
import type { HeaderLines } from './request-headers.js';
import { tokenIndex } from './request-headers.js';
import { isForAudience, isInTime, isWellFormed, payloadOf, splitClaims } from './token-payload.js';
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
  /** Names of query parameters whose tokens are taken out. */
  readonly takenParams?: Set<string> | undefined;
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

interface Filter {
  readonly request: TokenRequest;
  readonly rules: readonly JwtRule[];
  readonly places: TokenPlaces;
}

/** Why a token for somebody else is refused: the filter answers 403 then, else 401. */
export const wrongAudience = 'the token is for another audience';

type Check = { readonly payload: JsonObject } | { readonly refused: string } | { readonly unsure: string };

/** Checks one token against one rule, in Envoy's order (jwt_authn/authenticator.cc, startVerify). */
function check(rule: JwtRule, found: FoundToken, filter: Filter): Check {
  const index = tokenIndex(found.text);
  const token = index === undefined ? undefined : filter.request.tokens[index];
  if (token === undefined || token.problem === 'malformed') return { refused: 'the token is malformed' };
  const payload = payloadOf(token);
  if (!isWellFormed(payload)) return { refused: 'a registered claim of the token has the wrong type' };
  if (rule.issuer !== '' && payload['iss'] !== rule.issuer)
    return { refused: 'the token is of another issuer' };
  if (!isInTime(token, payload, filter.request.now))
    return { refused: `the token is ${token.problem ?? 'out of time'}` };
  if (!isForAudience(payload, rule.audiences)) return { refused: wrongAudience };
  const signed = isSignedFor(rule, token, filter.rules);
  if (signed === undefined) return { unsure: `which key signs tokens of ${token.issuer}` };
  return signed ? { payload } : { refused: 'the token is not signed with a key of the rule' };
}

/** Removes a good token, unless it is to be forwarded, and adds what the rule puts out. */
function accept(rule: JwtRule, found: FoundToken, payload: JsonObject, { request, places }: Filter): void {
  for (const [name, value] of claimHeaders(rule, payload)) {
    const lines = request.lines.get(name) ?? [];
    request.lines.set(name, [...lines, value]);
  }
  if (rule.forwardOriginalToken) return;
  if (found.header !== undefined) request.lines.delete(found.header);
  if (found.param === undefined) return;
  places.params.delete(found.param);
  request.takenParams?.add(found.param);
}

type RuleOutcome = Check | { readonly missing: true };

/** A rule is met when every token at its locations is good; the last found is tried first and the first found wins. */
function tryRule(rule: JwtRule, filter: Filter): RuleOutcome {
  const found = findTokens(rule.locations, filter.places);
  let outcome: RuleOutcome = { missing: true };
  for (const one of [...found].reverse()) {
    const checked = check(rule, one, filter);
    if (!('payload' in checked)) return checked;
    accept(rule, one, checked.payload, filter);
    outcome = checked;
  }
  return outcome;
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
  const filter: Filter = { request, rules, places: placesOf(request) };
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
