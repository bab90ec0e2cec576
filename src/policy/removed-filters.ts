import type { FieldRef, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { listAt, stringAt } from '#documents/json.js';

/** A patch that takes an enforcing filter out of a proxy's filter chain. */
export interface RemovedFilter {
  /** Name of the filter, e.g. `envoy.filters.http.rbac`. */
  readonly filter: string;
  /** What that filter enforces, in Istio's words. */
  readonly enforces: string;
  readonly at: FieldRef;
}

const connectionManager = 'envoy.filters.network.http_connection_manager';

/** HTTP filters that istiod generates for security policies (pilot/pkg/xds/filters/filters.go, pkg/wellknown). */
const httpFilters: Readonly<Record<string, string>> = {
  'envoy.filters.http.rbac': 'AuthorizationPolicy',
  'envoy.filters.http.jwt_authn': 'RequestAuthentication',
  'envoy.filters.http.ext_authz': 'AuthorizationPolicy with action CUSTOM',
};

const networkFilters: Readonly<Record<string, string>> = {
  'envoy.filters.network.rbac': 'AuthorizationPolicy on TCP ports',
  'envoy.filters.network.ext_authz': 'AuthorizationPolicy with action CUSTOM on TCP ports',
};

const lookUp = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function removedBy(patch: JsonValue): Omit<RemovedFilter, 'at'> | undefined {
  if (stringAt(patch, 'patch', 'operation') !== 'REMOVE') return undefined;
  if (stringAt(patch, 'match', 'context') === 'SIDECAR_OUTBOUND') return undefined;
  const filter = ['match', 'listener', 'filterChain', 'filter'];
  const network = stringAt(patch, ...filter, 'name') ?? '';
  const http = stringAt(patch, ...filter, 'subFilter', 'name') ?? '';
  const applyTo = stringAt(patch, 'applyTo');
  const [name, enforces] =
    applyTo === 'HTTP_FILTER' && network === connectionManager
      ? [http, lookUp(httpFilters, http)]
      : applyTo === 'NETWORK_FILTER'
        ? [network, lookUp(networkFilters, network)]
        : ['', undefined];
  return enforces === undefined ? undefined : { filter: name, enforces };
}

/**
 * The patches of an EnvoyFilter that remove a filter which enforces policies. A REMOVE counts only where both names
 * match exactly, and does nothing without a filter match (pilot/pkg/networking/core/envoyfilter/listener_patch.go).
 * Outbound listeners of sidecars carry none of these filters, so patches for that context are left out.
 */
export function removedFilters(envoyFilter: Resource): readonly RemovedFilter[] {
  return listAt(envoyFilter.object, 'spec', 'configPatches').flatMap((patch, index) => {
    const removed = removedBy(patch);
    return removed === undefined
      ? []
      : [{ ...removed, at: { resource: envoyFilter, path: ['spec', 'configPatches', index] } }];
  });
}
