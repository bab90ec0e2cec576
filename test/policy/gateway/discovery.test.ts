import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, namespace, object } from '../manifests.js';
import { connect, door, edge, gateway, plainService, routes, said, server, to } from './edge.js';

const selectors = meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'yes' } }] });
const seen = { mesh: 'yes' };

/** The town with the labels that its namespaces have. */
function town(shop: Readonly<Record<string, string>>): readonly JsonObject[] {
  return [
    namespace('edge', seen),
    namespace('istio-system', seen),
    namespace('shop', shop),
    ...door(),
    deployment('shop/web'),
    plainService('shop/web', { app: 'web' }, [[80, 8080]]),
    gateway('edge/gw', [server('HTTP', 80)]),
  ];
}

const answer = (shop: Readonly<Record<string, string>>, ...parts: readonly JsonObject[]): string =>
  said(connect(edge(...town(shop), selectors, ...parts), {}));
const web = to('web.shop.svc.cluster.local:80');

// pkg/kube/namespace/filter.go; addCRD in pilot/pkg/config/kube/crdclient/client.go
describe('namespaces that discoverySelectors leave out', () => {
  it('have no Services that a gateway could send to', () => {
    const route = routes('edge/r', ['*'], [web]);
    expect(answer(seen, route)).toBe('routed web.shop:80');
    expect(answer({}, route)).toBe('response 503');
  });

  it('have no routes', () => {
    const route = routes('shop/r', ['*'], [{ directResponse: { status: 200, body: { string: 'x' } } }]);
    expect(answer(seen, route)).toBe('response 200');
    expect(answer({}, route)).toBe('not-found 404');
  });

  it('have no subsets', () => {
    const subsets = object('networking.istio.io/v1/DestinationRule', 'shop/web', {
      host: 'web.shop.svc.cluster.local',
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    });
    const entry = object('networking.istio.io/v1/ServiceEntry', 'edge/web', {
      hosts: ['web.shop.svc.cluster.local'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: '192.0.2.1' }],
    });
    const route = routes('edge/r', ['*'], [to('web.shop.svc.cluster.local:80', { subset: 'v1' })]);
    expect(answer(seen, subsets, route)).toBe('routed web.shop:80/v1');
    expect(answer({}, subsets, entry, route)).toBe('response 503');
  });

  it('have no routes of the Gateway API', () => {
    const listener = object('gateway.networking.k8s.io/v1/Gateway', 'edge/kube', {
      gatewayClassName: 'istio',
      addresses: [{ type: 'Hostname', value: 'door' }],
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
      ],
    });
    const route = object('gateway.networking.k8s.io/v1/HTTPRoute', 'shop/r', {
      parentRefs: [{ name: 'kube', namespace: 'edge' }],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    });
    expect(answer(seen, listener, route)).toBe('routed web.shop:80');
    expect(answer({}, listener, route)).toBe('not-found 404');
  });
});
