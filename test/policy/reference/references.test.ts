import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { isDeprecatedAnnotation, isUnknownAnnotation } from '#policy/reference/annotations.js';
import { rivalObject } from '#policy/reference/rival-objects.js';
import {
  boundGateways,
  declaresSubset,
  lostMeshHosts,
  portsOfHost,
  uncoveredHosts,
} from '#policy/reference/route-references.js';
import { deployment, object, policiesOf, service } from '../manifests.js';

const net = 'networking.istio.io/v1';
const virtualService = (place: string, spec: JsonObject): JsonObject =>
  object(`${net}/VirtualService`, place, { http: [{ route: [{ destination: { host: 'a' } }] }], ...spec });

function read(objects: readonly JsonObject[], kind = 'VirtualService') {
  const { mesh } = policiesOf(objects);
  const found = mesh.ofKind(kind === 'Telemetry' ? 'telemetry.istio.io' : 'networking.istio.io', kind).at(-1);
  if (found === undefined) throw new Error(`no ${kind}`);
  return { mesh, resource: found };
}

describe('what a VirtualService refers to', () => {
  const gateway = object(`${net}/Gateway`, 'edge/gw', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop/*.example.com'] }],
  });

  it.each([
    ['edge/gw', true],
    ['gw.edge.svc.cluster.local', true],
    ['gw', false],
  ])('the Gateway %s exists: %s', (name, exists) => {
    const { mesh, resource } = read([
      gateway,
      virtualService('shop/v', { hosts: ['a.example.com'], gateways: [name] }),
    ]);
    expect(boundGateways(mesh, resource).map((one) => one.gateway !== undefined)).toEqual([exists]);
  });

  it.each([
    ['shop', 'a.example.com', 0],
    ['shop', 'a.example.org', 1],
    ['team', 'a.example.com', 1],
  ])('from namespace %s the host %s is left uncovered: %i', (namespace, host, count) => {
    const spec = { hosts: [host], gateways: ['edge/gw'] };
    const { mesh, resource } = read([gateway, virtualService(`${namespace}/v`, spec)]);
    const gateways = boundGateways(mesh, resource).flatMap((one) => one.gateway ?? []);
    expect(uncoveredHosts(mesh, resource, gateways)).toHaveLength(count);
  });

  it('finds ports of Services and entries, and subsets of rules for the host or a wildcard', () => {
    const rule = object(`${net}/DestinationRule`, 'shop/r', {
      host: '*.shop.svc.cluster.local',
      subsets: [{ name: 'v2', labels: { version: 'v2' } }],
    });
    const { mesh } = policiesOf([service('shop/cart', [{ name: 'http', port: 8080 }]), rule]);
    const cart = 'cart.shop.svc.cluster.local';
    expect(portsOfHost(mesh, cart)).toEqual([8080]);
    expect(portsOfHost(mesh, 'nobody.shop.svc.cluster.local')).toBeUndefined();
    expect([declaresSubset(mesh, cart, 'v2'), declaresSubset(mesh, cart, 'v3')]).toEqual([true, false]);
  });

  it.each([
    [{}, {}, 1],
    [{ gateways: ['edge/gw'] }, {}, 0],
    [{ exportTo: ['.'] }, { exportTo: ['.'] }, 0],
    [{ exportTo: ['.'] }, {}, 1],
  ] as const)(
    'the sidecars’ routes of one host are lost to an older object: %j, %j',
    (first, second, count) => {
      const hosts = ['api.example.com'];
      const objects = [
        virtualService('a/v', { hosts, ...first }),
        virtualService('b/v', { hosts, ...second }),
      ];
      const { mesh, resource } = read(objects);
      expect(lostMeshHosts(mesh, resource)).toHaveLength(count);
    },
  );
});

describe('objects of which one counts', () => {
  const telemetry = (name: string, spec: JsonObject): JsonObject =>
    object('telemetry.istio.io/v1/Telemetry', `shop/${name}`, spec);
  const sidecar = (name: string, spec: JsonObject): JsonObject =>
    object(`${net}/Sidecar`, `shop/${name}`, { egress: [{ hosts: ['./*'] }], ...spec });
  const cart = deployment('shop/cart', { labels: { tier: 'back' } });
  const labels = (pairs: JsonObject): JsonObject => ({ workloadSelector: { labels: pairs } });

  it.each([
    ['two for the namespace', 'Telemetry', [telemetry('a', {}), telemetry('b', { selector: {} })], 'a'],
    [
      'one with a selector',
      'Telemetry',
      [telemetry('a', {}), telemetry('b', { selector: { matchLabels: { x: 'y' } } })],
      undefined,
    ],
    [
      'two Sidecars for one workload',
      'Sidecar',
      [cart, sidecar('a', labels({ app: 'cart' })), sidecar('b', labels({ tier: 'back' }))],
      'a',
    ],
    [
      'two that no workload joins',
      'Sidecar',
      [cart, sidecar('a', labels({ app: 'cart' })), sidecar('b', labels({ app: 'web' }))],
      undefined,
    ],
  ] as const)('%s', (_title, kind, objects, rival) => {
    const { mesh, resource } = read(objects, kind);
    expect(rivalObject(mesh, resource)?.name).toBe(rival);
  });
});

describe('annotations of Istio', () => {
  it.each([
    ['traffic.sidecar.istio.io/includeInboundPorts', false, false],
    ['traffic.sidecar.istio.io/includeInboundPort', true, false],
    ['sidecar.istio.io/inject', false, true],
    ['example.com/anything', false, false],
    ['__proto__', false, false],
  ])('%s is unknown: %s, deprecated: %s', (key, unknown, deprecated) => {
    expect([isUnknownAnnotation(key), isDeprecatedAnnotation(key)]).toEqual([unknown, deprecated]);
  });
});
