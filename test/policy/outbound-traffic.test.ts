import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { OutboundTraffic } from '#policy/policies.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { created, deployment, meshConfig, namespace, object, policiesOf, workload } from './manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });

function decide(objects: readonly JsonObject[], options: MeshOfOptions = {}): Decision<OutboundTraffic> {
  const policies = policiesOf([shop, deployment('shop/web'), ...objects], options);
  return policies.outboundTraffic(workload(policies.mesh, 'shop/Deployment/web'));
}

function mode(objects: readonly JsonObject[], options: MeshOfOptions = {}): string {
  const decision = decide(objects, options);
  return decision.known ? decision.value.mode : decision.missing.map(({ key }) => key).join();
}

const sidecar = (
  place: string,
  policy: string | undefined,
  extra: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject =>
  object(
    'networking.istio.io/v1/Sidecar',
    place,
    { ...(policy === undefined ? {} : { outboundTrafficPolicy: { mode: policy } }), ...extra },
    metadata,
  );
const registryOnly = meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
const selecting = { workloadSelector: { labels: { app: 'web' } } };

describe('outbound traffic (pilot/pkg/model/sidecar.go, doGetSidecarScope in push_context.go)', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    ['default', [], 'ALLOW_ANY'],
    ['mesh configuration', [registryOnly], 'REGISTRY_ONLY'],
    [
      'an empty policy there replaces the default',
      [meshConfig({ outboundTrafficPolicy: {} })],
      'REGISTRY_ONLY',
    ],
    ['Sidecar of the namespace', [registryOnly, sidecar('shop/a', 'ALLOW_ANY')], 'ALLOW_ANY'],
    [
      'Sidecar without policy falls back to the mesh',
      [registryOnly, sidecar('shop/a', undefined)],
      'REGISTRY_ONLY',
    ],
    [
      'an empty policy is REGISTRY_ONLY',
      [sidecar('shop/a', undefined, { outboundTrafficPolicy: {} })],
      'REGISTRY_ONLY',
    ],
    ['Sidecar of the root namespace', [sidecar('istio-system/a', 'REGISTRY_ONLY')], 'REGISTRY_ONLY'],
    [
      'one with a selector there reaches nobody else',
      [sidecar('istio-system/a', 'REGISTRY_ONLY', selecting)],
      'ALLOW_ANY',
    ],
    [
      'own before root',
      [sidecar('istio-system/a', 'REGISTRY_ONLY'), sidecar('shop/a', 'ALLOW_ANY')],
      'ALLOW_ANY',
    ],
    [
      'a selector before none, whatever the age',
      [
        sidecar('shop/a', 'REGISTRY_ONLY', {}, created(1)),
        sidecar('shop/b', 'ALLOW_ANY', selecting, created(2)),
      ],
      'ALLOW_ANY',
    ],
    [
      'an empty selector is one',
      [
        sidecar('shop/a', 'REGISTRY_ONLY', {}, created(1)),
        sidecar('shop/b', 'ALLOW_ANY', { workloadSelector: {} }, created(2)),
      ],
      'ALLOW_ANY',
    ],
    [
      'the oldest',
      [sidecar('shop/a', 'ALLOW_ANY', {}, created(2)), sidecar('shop/b', 'REGISTRY_ONLY', {}, created(1))],
      'REGISTRY_ONLY',
    ],
    ['another namespace', [sidecar('bank/a', 'REGISTRY_ONLY')], 'ALLOW_ANY'],
    ['resolving in the proxy', [sidecar('shop/a', 'ALLOW_ANY_DYNAMIC_DNS')], 'ALLOW_ANY_DYNAMIC_DNS'],
  ];
  it.each(table)('%s', (_title, objects, expected) => {
    expect(mode(objects)).toBe(expected);
  });

  it('points at what decides', () => {
    expect(decide([sidecar('shop/a', 'ALLOW_ANY')])).toMatchObject({
      decidedBy: { resource: { kind: 'Sidecar' }, path: ['spec', 'outboundTrafficPolicy', 'mode'] },
    });
    expect(decide([registryOnly])).toMatchObject({ decidedBy: { resource: { kind: 'ConfigMap' } } });
  });

  it('partial input without mesh configuration', () => {
    const partial: MeshOfOptions = { scope: 'partial' };
    expect(mode([], partial)).toBe('mesh-config');
    expect(mode([sidecar('shop/a', undefined)], partial)).toBe('mesh-config');
    expect(mode([sidecar('shop/a', 'REGISTRY_ONLY')], partial)).toBe('REGISTRY_ONLY');
    expect(mode([sidecar('shop/a', 'REGISTRY_ONLY'), sidecar('shop/b', 'ALLOW_ANY')], partial)).toBe(
      'creation-time',
    );
    expect(mode([registryOnly], partial)).toBe('REGISTRY_ONLY');
  });

  it('ztunnel and pods outside the mesh are not limited', () => {
    for (const labels of [{ 'istio.io/dataplane-mode': 'ambient' }, {}]) {
      const policies = policiesOf([
        namespace('shop', labels),
        deployment('shop/web'),
        registryOnly,
        sidecar('shop/a', 'REGISTRY_ONLY'),
      ]);
      const decision = policies.outboundTraffic(workload(policies.mesh, 'shop/Deployment/web'));
      expect(decision).toMatchObject({ value: { mode: 'ALLOW_ANY' } });
    }
  });
});
