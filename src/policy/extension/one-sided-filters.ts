import type { FieldRef, Resource } from '#documents/document.js';
import type { Workload } from '#mesh/mesh.js';
import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import type { PatchedProxies, PatchedProxy } from './patched-proxies.js';
import { isSamePlace, oncePerPlace } from './proxy-facts.js';

/** A filter that some callers of a port pass and others do not. */
export interface HalfGuarded {
  readonly filter: string;
  readonly at: FieldRef;
  readonly port: number;
  readonly workload: Workload;
  /** Those that do not pass it. */
  readonly callers: 'plaintext' | 'mutual TLS';
}

function halfGuardedAt(object: Resource, { workload, chains }: PatchedProxy): readonly HalfGuarded[] {
  if (chains.kind !== 'sidecar') return [];
  const http = chains.chains.filter(
    ({ listener, protocol, port }) => listener === 'inbound' && protocol === 'http' && port !== undefined,
  );
  const guards = http.flatMap(({ httpFilters, port, tls }) =>
    httpFilters.flatMap(({ name, addedBy }) =>
      addedBy?.resource === object ? [{ name, at: addedBy, port: port ?? 0, tls }] : [],
    ),
  );
  const isGuarded = (chain: ProxyFilterChain, at: FieldRef): boolean =>
    chain.httpFilters.some(({ addedBy }) => addedBy !== undefined && isSamePlace(addedBy, at));
  return guards.flatMap(({ name, at, port, tls }): readonly HalfGuarded[] => {
    const open = http.find(
      (chain) => chain.port === port && (chain.tls === 'none') !== (tls === 'none') && !isGuarded(chain, at),
    );
    if (open === undefined) return [];
    const callers = open.tls === 'none' ? 'plaintext' : 'mutual TLS';
    return [{ filter: name, at, port, workload, callers }];
  });
}

/** Filters of an object that are in the chain of only one half of the callers of a port, one of each place. */
export function halfGuarded(object: Resource, { proxies }: PatchedProxies): readonly HalfGuarded[] {
  return oncePerPlace(proxies.flatMap((proxy) => halfGuardedAt(object, proxy)));
}

/** Filters that end requests which they do not like. */
const deciding: ReadonlySet<string> = new Set(
  ['ext_authz.v3.ExtAuthz', 'ext_proc.v3.ExternalProcessor', 'rbac.v3.RBAC', 'jwt_authn.v3.JwtAuthentication']
    .concat(['basic_auth.v3.BasicAuth', 'api_key_auth.v3.ApiKeyAuth', 'oauth2.v3.OAuth2'])
    .map((type) => `envoy.extensions.filters.http.${type}`),
);

/** A filter that decides about requests and stands before those that the workload sends as well. */
export function outboundGuards(
  object: Resource,
  { proxies }: PatchedProxies,
): readonly { readonly filter: string; readonly at: FieldRef; readonly workload: string }[] {
  return oncePerPlace(
    proxies.flatMap(({ workload, chains }) => {
      const inbound = chains.chains.flatMap(({ httpFilters }) => httpFilters);
      return chains.outbound
        .flatMap(({ httpFilters }) => httpFilters)
        .flatMap(({ name, type, addedBy }) => {
          const isBoth = inbound.some((other) => addedBy !== undefined && other.addedBy === addedBy);
          return addedBy?.resource === object && isBoth && deciding.has(type ?? '')
            ? [{ filter: name, at: addedBy, workload: workload.id }]
            : [];
        });
    }),
  );
}
