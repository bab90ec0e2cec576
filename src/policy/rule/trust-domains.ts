/** A pattern with at most one star at an end, as trust domains are compared; either side may hold the star. */
function matchesOneSide(text: string, pattern: string): boolean {
  if (pattern.endsWith('*') && text.startsWith(pattern.slice(0, -1))) return true;
  return pattern.startsWith('*') && text.endsWith(pattern.slice(1));
}

function matchesEither(a: string, b: string): boolean {
  return a === b || b === '*' || matchesOneSide(a, b) || matchesOneSide(b, a);
}

/** The trust domain of a principal in the full form `td/ns/N/sa/S`; undefined for other forms and for `*`. */
function trustDomainOf(principal: string): string | undefined {
  const parts = principal.split('/');
  return parts.length === 5 && parts[0] !== '*' ? parts[0] : undefined;
}

function expand(principal: string, written: string, trustDomains: readonly string[]): readonly string[] {
  const rest = principal.slice(written.length);
  return trustDomains.map((domain) =>
    written.startsWith('*') && domain.endsWith(written.slice(1)) ? principal : domain + rest,
  );
}

/**
 * Principals of a policy with the mesh's trust domain and its aliases put in: a full principal of a known trust domain,
 * or of `cluster.local`, stands for all of them; prefixes such as `td/ns/N/*` are left as they are
 * (pilot/pkg/security/trustdomain/bundle.go, ReplaceTrustDomainAliases).
 */
export function expandPrincipals(
  principals: readonly string[],
  trustDomains: readonly string[],
): readonly string[] {
  const expanded = principals.flatMap((principal) => {
    const written = trustDomainOf(principal);
    if (written === undefined) return [principal];
    const isKnown =
      written === 'cluster.local' || trustDomains.some((domain) => matchesEither(written, domain));
    return isKnown ? expand(principal, written, trustDomains) : [principal];
  });
  return [...new Set(expanded)];
}

/** Trust domains of a policy: one that is known stands for all known ones (bundle.go, ExpandTrustDomainAliases). */
export function expandTrustDomains(
  values: readonly string[],
  trustDomains: readonly string[],
): readonly string[] {
  const expanded = values.flatMap((value) => (trustDomains.includes(value) ? trustDomains : [value]));
  return [...new Set(expanded)];
}
