const form = 'a request principal has the form <issuer>/<subject>';

/** What a value of `requestPrincipals` asks of the issuer. */
export interface WrittenIssuer {
  /** Why no token can have it; undefined when one may. */
  readonly dead: string | undefined;
  /** The one issuer that is asked for; undefined when several will do. */
  readonly exactly: string | undefined;
}

const anyIssuer: WrittenIssuer = { dead: undefined, exactly: undefined };

const never = (dead: string): WrittenIssuer => ({ dead, exactly: undefined });

/**
 * Reads the issuer of a request principal: what stands before the last slash. A star counts at the ends of the whole value
 * only, so that `https://issuer-*` asks for issuer `https:/` (requestPrincipalGenerator in
 * pilot/pkg/security/authz/model/generator.go).
 */
export function writtenIssuer(value: string): WrittenIssuer {
  if (value === '*' || value.startsWith('*')) return anyIssuer;
  const slash = value.lastIndexOf('/');
  if (slash < 0) return value.endsWith('*') ? anyIssuer : never(form);
  const issuer = value.slice(0, slash);
  if (/^https?:\/?$/.test(issuer)) return never(`${form}, split at the last slash`);
  if (issuer.includes('*')) return never('a star counts at the very end or the very start only');
  return { dead: undefined, exactly: issuer };
}

/** Claims that OpenID Connect and RFC 7519 make numbers or booleans. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['email_verified', 'a boolean'],
  ['phone_number_verified', 'a boolean'],
  ['exp', 'a number'],
  ['iat', 'a number'],
  ['nbf', 'a number'],
  ['auth_time', 'a number'],
  ['updated_at', 'a number'],
]);

/** Claims that hold others, of Keycloak and OpenID Connect. */
const nested: ReadonlySet<string> = new Set(['realm_access', 'resource_access', 'address']);

/** Claims that are split at blanks before they are compared (space_delimited_claims in pilot/pkg/security/authn). */
const split: ReadonlySet<string> = new Set(['scope', 'permission']);

/**
 * Why a `when` on a claim never matches a value: only texts and lists of texts are compared, and some claims are split.
 * Undefined when it may.
 */
export function deadClaim(key: string, value: string): string | undefined {
  const claim = /^request\.auth\.claims\[([^[\]]*)\]$/.exec(key)?.[1];
  if (claim === undefined) return undefined;
  const [outer = '', inner] = claim.split(/\.(.*)/s);
  if (nested.has(outer) && inner !== undefined)
    return `the name is one key, not split at dots: the claim inside of another is written [${outer}][${inner.replaceAll('.', '][')}]`;
  const kind = kinds.get(claim);
  if (kind !== undefined) return `claim ${claim} is ${kind}, and only texts are compared`;
  return split.has(claim) && /\s/.test(value.trim())
    ? `claim ${claim} is split at blanks, and its parts are compared one by one`
    : undefined;
}
