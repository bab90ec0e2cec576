import { describe, expect, it } from 'vitest';
import { overriddenFilters, patchedProxies, takenCluster, unmetPatch, voidSettings } from '#check';
import type { JsonObject } from '#documents/json.js';
import type { Resource } from '#documents/document.js';
import { at, check, decide, envoyFilter, insert, lua, patch, router } from '../filter-chain/bakery.js';

const inspector: JsonObject = {
  name: 'inspector',
  load_assignment: {
    cluster_name: 'inspector',
    endpoints: [
      {
        lb_endpoints: [
          { endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: 9 } } } },
        ],
      },
    ],
  },
};
const addsCluster = (cluster: JsonObject): JsonObject =>
  patch('CLUSTER', 'ADD', cluster, { context: 'SIDECAR_OUTBOUND' });
const roots = envoyFilter('istio-system/root', [insert(check('guard')), addsCluster(inspector)]);

/** The proxies that the EnvoyFilter of the bakery selects, beside the object itself. */
function asked(...patches: readonly JsonObject[]) {
  const policies = decide(roots, envoyFilter('bakery/f', patches));
  const object = policies.mesh.find('networking.istio.io', 'EnvoyFilter', 'bakery', 'f');
  if (object === undefined) throw new Error('no EnvoyFilter');
  return { object, patched: patchedProxies(policies, object) };
}

const why = (object: Resource, patched: ReturnType<typeof asked>['patched']): string => {
  const unmet = unmetPatch(object, 0, patched);
  return unmet === 'met' ? unmet : 'why' in unmet ? unmet.why : 'unknown';
};

// The functions named after Istio's are those of pilot/pkg/networking/core/envoyfilter/listener_patch.go.
describe('what an EnvoyFilter meets', () => {
  it.each([
    ['met', insert(lua('l'))],
    ['anchor', insert(lua('l'), at('nobody'))],
    ['chain', insert(lua('l'), at(router, { destinationPort: 80 }))],
    ['chain', insert(lua('l'), at(router, { applicationProtocols: 'http/1.1, h2c' }))],
    ['context', insert(lua('l'), { ...at(router), context: 'GATEWAY' })],
    [
      'together',
      insert(lua('l'), at(router, { destinationPort: 8080, name: 'virtualInbound-catchall-http' })),
    ],
  ])('%s', (expected, one) => {
    const { object, patched } = asked(one);
    expect(why(object, patched)).toBe(expected);
  });

  it('tells what it takes away from others', () => {
    const { object, patched } = asked(patch('HTTP_FILTER', 'REMOVE', undefined, at('guard')));
    expect(overriddenFilters(object, patched)).toMatchObject([
      { how: 'removed', name: 'guard', owner: { name: 'root' } },
    ]);
  });

  it('does not count what it takes away from itself', () => {
    const remove = patch('HTTP_FILTER', 'REMOVE', undefined, at('l'));
    const { object, patched } = asked(insert(lua('l')), remove);
    expect(overriddenFilters(object, patched)).toEqual([]);
  });

  it('knows a cluster whose name is taken, unless it is the same', () => {
    const other = asked(addsCluster({ ...inspector, load_assignment: { cluster_name: 'inspector' } }));
    expect(takenCluster(other.object, 0, other.patched)).toMatchObject({ owner: { name: 'root' } });
    const same = asked(addsCluster(inspector));
    expect(takenCluster(same.object, 0, same.patched)).toBeUndefined();
  });

  it('knows settings of routes that no filter reads', () => {
    const setting = (key: string): JsonObject =>
      patch(
        'VIRTUAL_HOST',
        'MERGE',
        {
          typed_per_filter_config: {
            [key]: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
              disabled: true,
            },
          },
        },
        { context: 'SIDECAR_INBOUND' },
      );
    const absent = asked(setting('envoy.filters.http.ext_authz'));
    expect(voidSettings(absent.object, absent.patched)).toMatchObject([{ why: 'absent' }]);
    const obeyed = asked(setting('guard'));
    expect(voidSettings(obeyed.object, obeyed.patched)).toEqual([]);
    expect(overriddenFilters(obeyed.object, obeyed.patched)).toMatchObject([{ how: 'disabled' }]);
  });
});
