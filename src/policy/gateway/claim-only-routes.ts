import type { FieldRef } from '#documents/document.js';
import type { FilterChain } from './filter-chain.js';
import { isCatchAll } from './http-route.js';
import type { HttpRoute, PathMatch, VirtualHost } from './http-route.js';

/** A route for requests with certain claims in their token. */
export interface ClaimOnlyRoute {
  readonly host: string;
  readonly route: FieldRef;
}

/** Routes of a chain that ask for claims of a verified token. */
export function routesByClaims({ application }: FilterChain): readonly ClaimOnlyRoute[] {
  if (application.kind !== 'http') return [];
  return application.virtualHosts.flatMap(({ domain, routes }) =>
    routes.filter(({ claims }) => claims.length > 0).map(({ at }) => ({ host: domain, route: at })),
  );
}

/** True when every path of the inner match is one of the outer; unlike kinds are compared only where that is plain. */
function covers(outer: PathMatch, inner: PathMatch): boolean {
  if (outer.kind === inner.kind && outer.value === inner.value) return true;
  return outer.kind === 'prefix' && inner.kind !== 'regex' && inner.value.startsWith(outer.value);
}

/** A route without claims that takes the same requests: then there is a route before the token is read. */
const stands = (other: HttpRoute, { path }: HttpRoute): boolean =>
  other.claims.length === 0 &&
  (isCatchAll(other) || (other.headers.length === 0 && other.query.length === 0 && covers(other.path, path)));

function inHost({ domain, routes }: VirtualHost): readonly ClaimOnlyRoute[] {
  return routes
    .filter(({ claims, action }) => claims.length > 0 && action.kind === 'forward')
    .filter((route) => !routes.some((other) => stands(other, route)))
    .map(({ at }) => ({ host: domain, route: at }));
}

/**
 * Routes of a chain that a request without verified token does not have. The external authorizer is asked before the token
 * is read, and not at all for requests without a route (Envoy's source/extensions/filters/http/ext_authz/ext_authz.cc).
 */
export function claimOnlyRoutes({ application }: FilterChain): readonly ClaimOnlyRoute[] {
  return application.kind === 'http' ? application.virtualHosts.flatMap(inHost) : [];
}
