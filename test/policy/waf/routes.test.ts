import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { door, gateway, routes, server, to, town } from '../gateway/edge.js';
import { object } from '../manifests.js';
import {
  agent,
  base,
  ingress,
  nameOf,
  openDoor,
  outside,
  policy,
  routesOf,
  shop,
  told,
  wall,
  web,
} from './wall.js';

describe('ways in through gateways', () => {
  it('each host and path of each server', () => {
    expect(routesOf([...shop, outside]).map(told)).toEqual([
      'shop.example/api…:8080 -> web not-inspected',
      'shop.example/x:8080 -> web not-inspected',
      'shop.example/api…:8443 -> web not-inspected',
      'shop.example/x:8443 -> web not-inspected',
    ]);
  });
  it('are public where a Service is open, a node leads there, or no Service is in files of a repository', () => {
    const publicOnes = (parts: readonly JsonObject[], options: MeshOfOptions = {}): number =>
      routesOf(parts, options).filter((route) => route.public).length;
    expect(publicOnes(shop)).toBe(0);
    expect(publicOnes([...shop, outside])).toBe(4);
    expect(publicOnes([...shop, openDoor('LoadBalancer', [[443, 8443]])])).toBe(2);
    expect(publicOnes([...shop, openDoor('NodePort')])).toBe(4);
    const alone = shop.filter((part) => !(part['kind'] === 'Service' && nameOf(part) === 'door'));
    expect(publicOnes(alone)).toBe(0);
    expect(publicOnes(alone, { scope: 'partial' })).toBe(4);
  });
  it('leave out what is only redirected, answered by the gateway itself, or for clients of the mesh', () => {
    const redirecting = server('HTTP', 80, ['*'], { httpsRedirect: true });
    const inside = server('HTTPS', 443, ['shop.example'], { mode: 'ISTIO_MUTUAL' });
    const parts = [...town, ...door(), gateway('edge/gw', [redirecting, inside]), outside];
    expect(routesOf([...parts, routes('shop/one', ['shop.example'], [web])])).toEqual([]);
    const answer = { directResponse: { status: 200 } };
    expect(routesOf([...base, routes('shop/one', ['shop.example'], [answer]), outside])).toEqual([]);
  });
  it('TLS that is passed on counts, bytes only where the Service says HTTP', () => {
    const passed = server('TLS', 443, ['shop.example'], { mode: 'PASSTHROUGH' });
    const bytes = server('TCP', 9000);
    const spec = (port: number): JsonObject => ({
      tls: [{ match: [{ sniHosts: ['shop.example'] }], ...to('plain.shop.svc.cluster.local:443') }],
      tcp: [{ match: [{ port: 9000 }], ...to(`plain.shop.svc.cluster.local:${String(port)}`) }],
    });
    const plain = object('v1/Service', 'shop/plain', {
      selector: { app: 'web' },
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'tcp', port: 81, targetPort: 8081 },
        { name: 'https', port: 443, targetPort: 8443 },
      ],
    });
    const meshOfPort = (port: number): readonly JsonObject[] => [
      ...town,
      ...door(),
      plain,
      openDoor('LoadBalancer', [
        [443, 8443],
        [9000, 9000],
      ]),
      gateway('edge/gw', [passed, bytes]),
      routes('shop/one', ['*'], [], { spec: spec(port) }),
    ];
    expect(routesOf(meshOfPort(80)).map(told)).toEqual([
      'shop.example:8443 -> web not-inspected',
      '*:9000 -> web not-inspected',
    ]);
    expect(routesOf(meshOfPort(81)).map(told)).toEqual(['shop.example:8443 -> web not-inspected']);
  });
  it('whose routes lie elsewhere are told by the hosts of the server, in files of a repository', () => {
    expect(routesOf([...base, outside])).toEqual([]);
    expect(routesOf([...base, outside], { scope: 'partial' }).map(told)).toEqual([
      '*.example:8080 ->  unknown',
      'shop.example:8443 ->  unknown',
    ]);
  });
});

describe('inspection on the way', () => {
  it('by the chain of the server that the way comes in by', () => {
    const found = routesOf([...shop, ...agent, outside, wall({ portNumber: 8443 })]);
    expect(found.map(told)).toEqual([
      'shop.example/api…:8080 -> web not-inspected',
      'shop.example/x:8080 -> web not-inspected',
      'shop.example/api…:8443 -> web inspected',
      'shop.example/x:8443 -> web inspected',
    ]);
    expect(found[2]?.inspection).toMatchObject({ value: { products: ['wall'] } });
  });
  it('a route that switches the filter off is not inspected, the others are', () => {
    const off = object('networking.istio.io/v1alpha3/EnvoyFilter', 'edge/off', {
      workloadSelector: { labels: { door: 'front' } },
      configPatches: [
        {
          applyTo: 'HTTP_ROUTE',
          match: {
            context: 'GATEWAY',
            routeConfiguration: { portNumber: 80, vhost: { route: { name: 'open' } } },
          },
          patch: {
            operation: 'MERGE',
            value: {
              typed_per_filter_config: {
                'envoy.filters.http.ext_proc': {
                  '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute',
                  disabled: true,
                },
              },
            },
          },
        },
      ],
    });
    const named = [
      { name: 'open', match: [{ uri: { prefix: '/open' } }], ...web },
      { name: 'rest', ...web },
    ];
    const parts = [...base, routes('shop/one', ['shop.example'], named), ...agent, outside, wall()];
    const at80 = (given: readonly JsonObject[]): readonly string[] =>
      routesOf(given)
        .filter(({ port }) => port === 8080)
        .map(told);
    expect(at80(parts)).toEqual([
      'shop.example/open…:8080 -> web inspected',
      'shop.example:8080 -> web inspected',
    ]);
    expect(at80([...parts, off])).toEqual([
      'shop.example/open…:8080 -> web not-inspected',
      'shop.example:8080 -> web inspected',
    ]);
  });
});

describe('pods that lie elsewhere', () => {
  const selected = (name: string, namespaceName: string): JsonObject =>
    object('extensions.istio.io/v1alpha1/WasmPlugin', `${namespaceName}/${name}`, {
      selector: { matchLabels: { door: 'front' } },
      url: 'oci://wall.example/module@sha256:0',
    });
  const files = [
    gateway('edge/gw', [server('HTTP', 80, ['shop.example'])]),
    routes('shop/one', ['shop.example'], [web]),
  ];
  const at = (parts: readonly JsonObject[]): readonly string[] =>
    routesOf([...files, ...parts], { scope: 'partial' }).map(told);
  it('are judged by what their labels alone get them', () => {
    expect(at([])).toEqual(['shop.example:80 ->  unknown']);
    expect(at([selected('plugin', 'istio-system')])).toEqual(['shop.example:80 ->  inspected']);
    expect(at([selected('plugin', 'shop')])).toEqual(['shop.example:80 ->  unknown']);
  });
  it('may have what a filter asks in their own pod', () => {
    expect(at([wall()])).toEqual(['shop.example:80 ->  unknown']);
  });
});

describe('ways straight to workloads', () => {
  const open = object('v1/Service', 'shop/open', {
    type: 'LoadBalancer',
    selector: { app: 'web' },
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'mongo', port: 27017 },
    ],
  });
  it('by open Services, on the ports that may be HTTP', () => {
    expect(routesOf([...town, open]).map(told)).toEqual(['*:80 -> web not-inspected']);
  });
  it('by Ingresses, with what stands in front of them', () => {
    const parts = [...town, ingress('shop/in', policy, { service: 'web', port: 80 })];
    expect(routesOf(parts).map(told)).toEqual(['shop.example: -> web inspected']);
    const bare = [...town, ingress('shop/in', {}, { service: 'web', port: 80 })];
    expect(routesOf(bare).map(told)).toEqual(['shop.example: -> web not-inspected']);
  });
  it('an Ingress to what the input does not hold is a way in files of a repository only', () => {
    const lone = [ingress('shop/in', policy, { service: 'gone', port: 80 })];
    expect(routesOf(lone).map(told)).toEqual([]);
    expect(routesOf(lone, { scope: 'partial' }).map(told)).toEqual(['shop.example: ->  inspected']);
  });
});
