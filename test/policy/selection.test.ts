import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { selectionOf } from '#policy/selection.js';
import type { Mesh } from '#mesh/mesh.js';
import { meshOf } from '../mesh/mesh-of.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { asText, deployment, namespace, object } from './manifests.js';

const security = 'security.istio.io/v1';
const base = [
  namespace('istio-system'),
  namespace('shop'),
  namespace('bank'),
  deployment('shop/cart'),
  deployment('shop/web'),
  deployment('bank/cart'),
  deployment('shop/front', { labels: { 'gateway.networking.k8s.io/gateway-name': 'front' } }),
  object('gateway.networking.k8s.io/v1/Gateway', 'shop/back', {}),
];

const selector = (app: string): JsonObject => ({ selector: { matchLabels: { app } } });

function meshWith(objects: readonly JsonObject[], options: MeshOfOptions = {}): Mesh {
  return meshOf(asText([...base, ...objects]), options);
}

function selected(
  policy: JsonObject,
  others: readonly JsonObject[] = [],
  options: MeshOfOptions = {},
): unknown {
  const mesh = meshWith([policy, ...others], options);
  const resource = mesh.resources.find(({ object: one }) => JSON.stringify(one) === JSON.stringify(policy));
  if (resource === undefined) throw new Error('no policy');
  const decision = selectionOf(mesh, resource);
  if (!decision.known) return decision.missing.map(({ key }) => key);
  const { scope, workloads, targets, inert } = decision.value;
  return [
    scope,
    workloads.map(({ id }) => id.replace('Deployment/', '')).join(' '),
    targets.length,
    inert !== undefined,
  ];
}

describe('what a policy reaches', () => {
  const api = `${security}/AuthorizationPolicy`;
  it.each<[string, JsonObject, unknown]>([
    [
      'mesh-wide',
      object(api, 'istio-system/p', {}),
      ['mesh-wide', 'bank/cart shop/cart shop/front shop/web', 0, false],
    ],
    ['namespace-wide', object(api, 'bank/p', {}), ['namespace-wide', 'bank/cart', 0, false]],
    ['by selector', object(api, 'shop/p', selector('cart')), ['workload-specific', 'shop/cart', 0, false]],
    [
      'by selector from the root namespace',
      object(api, 'istio-system/p', selector('cart')),
      ['workload-specific', 'bank/cart shop/cart', 0, false],
    ],
    ['nothing, by selector', object(api, 'shop/p', selector('none')), ['workload-specific', '', 0, false]],
    [
      'a gateway, by reference',
      object(api, 'shop/p', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front' }],
      }),
      ['target-refs', 'shop/front', 0, false],
    ],
    [
      'a gateway without pods, by reference',
      object(api, 'shop/p', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'back' }],
      }),
      ['target-refs', '', 1, false],
    ],
    [
      'a PeerAuthentication with a selector in the root namespace',
      object(`${security}/PeerAuthentication`, 'istio-system/p', selector('cart')),
      ['workload-specific', '', 0, true],
    ],
    [
      'a ProxyConfig with an empty selector',
      object('networking.istio.io/v1beta1/ProxyConfig', 'shop/p', { selector: {} }),
      ['namespace-wide', '', 0, true],
    ],
    [
      'a Sidecar by labels',
      object('networking.istio.io/v1/Sidecar', 'shop/p', { workloadSelector: { labels: { app: 'web' } } }),
      ['workload-specific', 'shop/web', 0, false],
    ],
    [
      'a kind that can not be referred to',
      object(api, 'shop/p', { targetRefs: [{ group: 'apps', kind: 'Deployment', name: 'cart' }] }),
      ['target-refs', '', 0, true],
    ],
    [
      'a Gateway of another namespace',
      object(api, 'shop/p', {
        targetRefs: [
          { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front', namespace: 'bank' },
        ],
      }),
      ['target-refs', '', 0, true],
    ],
    [
      'a class outside the root namespace',
      object(api, 'shop/p', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }],
      }),
      ['target-refs', '', 0, true],
    ],
  ])('%s', (_, policy, expected) => {
    expect(selected(policy)).toEqual(expected);
  });
});

describe('levels of which one object counts', () => {
  const at = (name: string, day: string): JsonObject =>
    object(
      `${security}/PeerAuthentication`,
      `shop/${name}`,
      { mtls: { mode: 'STRICT' } },
      { creationTimestamp: `2024-01-0${day}T00:00:00Z` },
    );
  const undated = (name: string): JsonObject => object(`${security}/PeerAuthentication`, `shop/${name}`, {});

  it('a younger one reaches nothing', () => {
    expect(selected(at('a', '2'), [at('b', '1')])).toMatchObject({ 3: true });
    expect(selected(at('a', '1'), [at('b', '2')])).toMatchObject({ 3: false });
  });

  it('without timestamps the name decides in a cluster and nothing in files', () => {
    expect(selected(undated('b'), [undated('a')])).toMatchObject({ 3: true });
    expect(selected(undated('b'), [undated('a')], { scope: 'partial' })).toMatchObject({ 3: false });
  });
});
