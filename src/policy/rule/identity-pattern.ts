import { any, literal, pattern, some, valuePattern } from './pattern.js';
import type { Pattern, Piece } from './pattern.js';

const scheme = 'spiffe://';

/** `principals`: the certificate's URI name without its scheme (pilot/pkg/security/authz/model/generator.go). */
export function principalPattern(value: string): Pattern {
  return valuePattern(value, scheme);
}

/**
 * `namespaces`: the name holds `/ns/<value>/`, where each `*` stands for any text, slashes included; no trust domain
 * is asked for (srcNamespaceGenerator).
 */
export function namespacePattern(value: string): Pattern {
  const pieces = value.split('*').flatMap((part, index): readonly Piece[] => {
    return index === 0 ? [literal(part)] : [any, literal(part)];
  });
  return pattern([any, literal('/ns/'), ...pieces, literal('/'), any]);
}

/**
 * `serviceAccounts`: `name` in the policy's namespace, or `namespace/name`; of any trust domain, and with further
 * parts of the name allowed before and after (serviceAccountRegex).
 */
export function serviceAccountPatterns(policyNamespace: string, value: string): readonly Pattern[] {
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = literal(`sa/${slash < 0 ? value : value.slice(slash + 1)}`);
  const before = [literal(scheme), some, literal(`/ns/${namespace}/`)];
  const between: readonly (readonly Piece[])[] = [[], [some, literal('/')]];
  const after: readonly (readonly Piece[])[] = [[], [literal('/'), some]];
  return between.flatMap((middle) => after.map((end) => pattern([...before, ...middle, account, ...end])));
}

/** `trustDomains`: the name's part before the first slash; one star stands for any text in it (srcTrustDomainGenerator). */
export function trustDomainPattern(value: string): Pattern {
  if (value === '*') return pattern([literal(scheme), any]);
  const star = value.indexOf('*');
  if (star < 0) return pattern([literal(`${scheme}${value}/`), any]);
  const [before, after] = [value.slice(0, star), value.slice(star + 1)];
  return pattern([literal(scheme + before), { wildcard: 'name' }, literal(`${after}/`), any]);
}
