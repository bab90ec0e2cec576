import { describe, expect, it } from 'vitest';
import { removedFilters } from '#policy/removed-filters.js';
import { resourcesOf } from '../mesh/mesh-of.js';

const hcm = 'envoy.filters.network.http_connection_manager';

interface Patch {
  readonly applyTo: string;
  readonly operation: string;
  readonly context?: string;
  readonly filter?: string;
  readonly subFilter?: string;
}

function names({ applyTo, operation, context, filter, subFilter }: Patch): readonly string[] {
  const chain =
    filter === undefined
      ? {}
      : {
          filterChain: {
            filter: { name: filter, ...(subFilter === undefined ? {} : { subFilter: { name: subFilter } }) },
          },
        };
  const match = { ...(context === undefined ? {} : { context }), listener: chain };
  const object = {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'patch', namespace: 'shop' },
    spec: { configPatches: [{ applyTo, match, patch: { operation } }] },
  };
  const [resource] = resourcesOf(JSON.stringify(object));
  return resource === undefined ? [] : removedFilters(resource).map((removed) => removed.filter);
}

describe('removedFilters (pilot/pkg/networking/core/envoyfilter/listener_patch.go)', () => {
  it.each([
    { applyTo: 'HTTP_FILTER', operation: 'REMOVE', filter: hcm, subFilter: 'envoy.filters.http.rbac' },
    {
      applyTo: 'HTTP_FILTER',
      operation: 'REMOVE',
      filter: hcm,
      subFilter: 'envoy.filters.http.jwt_authn',
      context: 'GATEWAY',
    },
    {
      applyTo: 'HTTP_FILTER',
      operation: 'REMOVE',
      filter: hcm,
      subFilter: 'envoy.filters.http.ext_authz',
      context: 'ANY',
    },
    { applyTo: 'NETWORK_FILTER', operation: 'REMOVE', filter: 'envoy.filters.network.rbac' },
  ])('sees what $applyTo $operation $subFilter takes away', (patch) => {
    expect(names(patch)).toEqual([patch.subFilter ?? patch.filter]);
  });

  it.each([
    [
      'another operation',
      { applyTo: 'HTTP_FILTER', operation: 'MERGE', filter: hcm, subFilter: 'envoy.filters.http.rbac' },
    ],
    [
      'a filter that enforces nothing',
      { applyTo: 'HTTP_FILTER', operation: 'REMOVE', filter: hcm, subFilter: 'envoy.filters.http.cors' },
    ],
    [
      'an anchor that no longer exists',
      {
        applyTo: 'HTTP_FILTER',
        operation: 'REMOVE',
        filter: 'envoy.http_connection_manager',
        subFilter: 'envoy.filters.http.rbac',
      },
    ],
    ['a match without sub filter', { applyTo: 'HTTP_FILTER', operation: 'REMOVE', filter: hcm }],
    ['a match without filter', { applyTo: 'NETWORK_FILTER', operation: 'REMOVE' }],
    [
      'outbound listeners',
      {
        applyTo: 'HTTP_FILTER',
        operation: 'REMOVE',
        context: 'SIDECAR_OUTBOUND',
        filter: hcm,
        subFilter: 'envoy.filters.http.rbac',
      },
    ],
    [
      'a name of the prototype',
      { applyTo: 'HTTP_FILTER', operation: 'REMOVE', filter: hcm, subFilter: 'constructor' },
    ],
  ])('leaves %s alone', (_, patch) => {
    expect(names(patch)).toEqual([]);
  });
});
