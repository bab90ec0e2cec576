import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';

/** Where a token may stand in a request, each list in the order in which the filter looks: by name. */
export interface TokenLocations {
  readonly headers: readonly { readonly name: string; readonly prefix: string }[];
  readonly params: readonly string[];
  readonly cookies: readonly string[];
}

/** What tokens are checked against. */
export type TokenKeys =
  /** Key ids of an inline key set; empty when none of its keys has one. */
  | { readonly from: 'inline'; readonly text: string; readonly ids: readonly string[] }
  /** `jwksUri`, or OIDC discovery from the issuer when undefined. */
  | { readonly from: 'remote'; readonly uri: string | undefined }
  /** No key at all, so that no token is ever valid. */
  | { readonly from: 'nowhere' };

/** One entry of `jwtRules`. */
export interface JwtRule {
  readonly policy: Resource;
  readonly at: FieldRef;
  /** Empty: the issuer of tokens is not checked. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly locations: TokenLocations;
  readonly keys: TokenKeys;
  readonly forwardOriginalToken: boolean;
  readonly outputPayloadHeader: string | undefined;
  readonly outputClaims: readonly { readonly header: string; readonly claim: string }[];
  /** Claims that are split at spaces. */
  readonly spaceDelimited: ReadonlySet<string>;
}

/** Without any location these are looked at (Envoy's source/extensions/filters/http/jwt_authn/extractor.cc). */
const defaultLocations: TokenLocations = {
  headers: [{ name: 'authorization', prefix: 'Bearer ' }],
  params: ['access_token'],
  cookies: [],
};

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareText);
}

function locationsOf(rule: JsonObject): TokenLocations {
  const headers = listAt(rule, 'fromHeaders').map((entry) => ({
    name: (stringAt(entry, 'name') ?? '').toLowerCase(),
    prefix: stringAt(entry, 'prefix') ?? '',
  }));
  const locations = {
    headers: headers.sort((a, b) => compareText(a.name + a.prefix, b.name + b.prefix)),
    params: sorted(stringsAt(rule, 'fromParams')),
    cookies: sorted(stringsAt(rule, 'fromCookies')),
  };
  const none = headers.length + locations.params.length + locations.cookies.length === 0;
  return none ? defaultLocations : locations;
}

function parseKeySet(text: string): readonly JsonValue[] {
  try {
    return listAt(JSON.parse(text) as JsonValue, 'keys');
  } catch {
    return [];
  }
}

function keysOf(rule: JsonObject, issuer: string): TokenKeys {
  const inline = stringAt(rule, 'jwks') ?? '';
  if (inline !== '') {
    const keys = parseKeySet(inline);
    if (keys.length === 0) return { from: 'nowhere' };
    const ids = keys.map((key) => stringAt(key, 'kid')).filter((id) => id !== undefined);
    return { from: 'inline', text: inline, ids };
  }
  const uri = stringAt(rule, 'jwksUri') ?? stringAt(rule, 'jwks_uri');
  return uri === undefined && issuer === '' ? { from: 'nowhere' } : { from: 'remote', uri };
}

function readRule(policy: Resource, index: number, rule: JsonObject): JwtRule {
  const issuer = stringAt(rule, 'issuer') ?? '';
  const outputs = listAt(rule, 'outputClaimToHeaders').map((entry) => ({
    header: (stringAt(entry, 'header') ?? '').toLowerCase(),
    claim: stringAt(entry, 'claim') ?? '',
  }));
  return {
    policy,
    at: { resource: policy, path: ['spec', 'jwtRules', index] },
    issuer,
    audiences: stringsAt(rule, 'audiences'),
    locations: locationsOf(rule),
    keys: keysOf(rule, issuer),
    forwardOriginalToken: valueAt(rule, ['forwardOriginalToken']) === true,
    outputPayloadHeader: stringAt(rule, 'outputPayloadToHeader')?.toLowerCase(),
    outputClaims: outputs,
    spaceDelimited: new Set(['scope', 'permission', ...stringsAt(rule, 'spaceDelimitedClaims')]),
  };
}

/**
 * The jwtRules of all given RequestAuthentications in the order in which the proxy tries them: by issuer, and as the
 * policies came among rules of one issuer; equal issuers are not merged
 * (pilot/pkg/security/authn/policy_applier.go, newPolicyApplier).
 */
export function jwtRulesOf(policies: readonly Resource[]): readonly JwtRule[] {
  const rules = policies.flatMap((policy) =>
    listAt(policy.object, 'spec', 'jwtRules').flatMap((rule, index) =>
      isObject(rule) ? [readRule(policy, index, rule)] : [],
    ),
  );
  return rules.sort((a, b) => compareText(a.issuer, b.issuer));
}
