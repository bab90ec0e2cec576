import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { attaches } from '#policy/attachment.js';
import { selectionOf } from '#policy/selection.js';
import { meshOf } from '../mesh/mesh-of.js';
import { asText, deployment, namespace, object } from './manifests.js';

const places = ['shop', 'istio-system'] as const;
const place = fc.constantFrom(...places);
const value = fc.constantFrom('web', 'api');

const workloads = fc
  .array(
    fc.record({
      place,
      labels: fc.record(
        { app: value, tier: value, 'gateway.networking.k8s.io/gateway-name': fc.constant('front') },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map((one, index) => deployment(`${one.place}/w${String(index)}`, { labels: one.labels })),
  );

const policies = fc
  .array(
    fc.record({
      place,
      api: fc.constantFrom(
        'security.istio.io/v1/AuthorizationPolicy',
        'security.istio.io/v1/RequestAuthentication',
        'extensions.istio.io/v1alpha1/WasmPlugin',
        'security.istio.io/v1/PeerAuthentication',
        'telemetry.istio.io/v1/Telemetry',
      ),
      spec: fc.oneof(
        fc.constant<JsonObject>({}),
        fc
          .record({ app: value, tier: value }, { requiredKeys: [] })
          .map((matchLabels): JsonObject => ({ selector: { matchLabels } })),
        fc.constant<JsonObject>({
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front' }],
        }),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map((one, index) => object(one.api, `${one.place}/p${String(index)}`, one.spec)));

describe('the workloads that a policy reaches', () => {
  it('are those of its reach to which it attaches, asked one by one', () => {
    fc.assert(
      fc.property(workloads, policies, (pods, written) => {
        const mesh = meshOf(asText([...places.map((name) => namespace(name)), ...pods, ...written]));
        for (const policy of mesh.resources.filter(({ name }) => name.startsWith('p'))) {
          const selection = selectionOf(mesh, policy);
          if (!selection.known || selection.value.inert !== undefined) continue;
          const alone = mesh.workloads.filter((workload) => attaches(mesh, policy, workload));
          expect(new Set(selection.value.workloads)).toEqual(new Set(alone));
        }
      }),
      { numRuns: 200 },
    );
  });
});
