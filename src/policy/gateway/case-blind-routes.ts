import type { FieldRef } from '#documents/document.js';
import type { FilterChain } from './filter-chain.js';
import type { PathMatch } from './http-route.js';

/** A route that takes paths without regard to case. */
export interface CaseBlindRoute {
  readonly host: string;
  readonly path: PathMatch;
  /** The field that makes it so. */
  readonly at: FieldRef;
}

/** Routes of VirtualServices in a chain with `ignoreUriCase`: policies compare paths to the letter all the same. */
export function caseBlindRoutes({ application }: FilterChain): readonly CaseBlindRoute[] {
  if (application.kind !== 'http') return [];
  return application.virtualHosts.flatMap(({ domain, routes }) =>
    routes
      .filter(({ path }) => path.ignoreCase && path.kind !== 'regex')
      .map(({ path, at }) => ({
        host: domain,
        path,
        at: { resource: at.resource, path: [...at.path, 'ignoreUriCase'] },
      })),
  );
}

/** True when a path of a policy, a star at its end or not, can be one that the route takes. */
export function takesPath({ path }: CaseBlindRoute, written: string): boolean {
  const [route, policy] = [path.value.toLowerCase(), written.replace(/\*$/, '').toLowerCase()];
  return policy.startsWith('*') || policy.startsWith(route) || route.startsWith(policy);
}
