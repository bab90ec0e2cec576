import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import {
  created,
  deployment,
  namespace,
  object,
  peerAuthentication,
  policiesOf,
  service,
} from './manifests.js';

const places = ['shop', 'bank', 'istio-system'] as const;
const apps = ['web', 'api'] as const;
const modes = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'] as const;

const place = fc.constantFrom(...places);
const app = fc.constantFrom(...apps);
const mtls = fc.constantFrom(...modes).map((mode) => ({ mode }));
const day = fc.integer({ min: 1, max: 3 });
const selector = fc.option(
  app.map((name): JsonObject => ({ selector: { matchLabels: { app: name } } })),
  { nil: undefined },
);

const namespaces = fc.tuple(
  ...places.map((name) =>
    fc
      .constantFrom({}, { 'istio-injection': 'enabled' }, { 'istio.io/dataplane-mode': 'ambient' })
      .map((labels) => namespace(name, labels)),
  ),
);
const workloads = places.flatMap((name) =>
  apps.map((each) => deployment(`${name}/${each}`, { ports: [{ containerPort: 8080 }] })),
);

const authentications = fc
  .array(fc.record({ place, selector, mtls, port: fc.option(mtls, { nil: undefined }), day }), {
    maxLength: 6,
  })
  .map((all) =>
    all.map((one, index) =>
      peerAuthentication(
        `${one.place}/p${String(index)}`,
        {
          ...one.selector,
          mtls: one.mtls,
          ...(one.port === undefined ? {} : { portLevelMtls: { 8080: one.port } }),
        },
        created(one.day),
      ),
    ),
  );
const others = fc
  .array(fc.record({ place, app, protocol: fc.constantFrom('http', 'tcp', 'x'), day }), { maxLength: 4 })
  .map((all) =>
    all.flatMap((one, index) => [
      service(`${one.place}/s${String(index)}`, [{ name: one.protocol, port: 80, targetPort: 8080 }], {
        of: one.app,
        ...created(one.day),
      }),
      object(
        'networking.istio.io/v1/Sidecar',
        `${one.place}/c${String(index)}`,
        { outboundTrafficPolicy: { mode: one.protocol === 'tcp' ? 'REGISTRY_ONLY' : 'ALLOW_ANY' } },
        created(one.day),
      ),
    ]),
  );
const objects = fc.tuple(namespaces, authentications, others).map((parts) => [...workloads, ...parts.flat()]);

function said<T>(decision: Decision<T>): unknown {
  if (!decision.known) return decision.missing;
  const { decidedBy, value } = decision;
  return [
    value,
    decidedBy === 'default' ? decidedBy : [decidedBy.resource.kind, decidedBy.resource.name, decidedBy.path],
  ];
}

/** All that is decided about the workloads of the three namespaces. */
function picture(policies: EffectivePolicies): unknown {
  return policies.mesh.workloads
    .filter(({ namespace: name }) => places.some((one) => one === name))
    .map((workload) => [
      workload.id,
      said(policies.enrolment(workload)),
      said(policies.peerMtls(workload, 8080)),
      said(policies.peerMtls(workload, '*')),
      policies.inboundPorts(workload).map(({ number, protocol }) => [number, protocol]),
      said(policies.outboundTraffic(workload)),
      said(policies.accessLog(workload)),
    ]);
}

const scope = fc.constantFrom('complete' as const, 'partial' as const);

describe('decisions', () => {
  it('do not depend on the order of documents', () => {
    fc.assert(
      fc.property(
        objects.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        scope,
        ([all, shuffled], given) => {
          expect(picture(policiesOf(shuffled, { scope: given }))).toEqual(
            picture(policiesOf(all, { scope: given })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are not changed by what another namespace holds', () => {
    fc.assert(
      fc.property(objects, scope, fc.constantFrom(...modes), (all, given, mode) => {
        const stranger = [
          namespace('stranger', { 'istio-injection': 'enabled' }),
          deployment('stranger/web'),
          peerAuthentication('stranger/default', { mtls: { mode } }),
          object('networking.istio.io/v1/Sidecar', 'stranger/default', { outboundTrafficPolicy: {} }),
          object('telemetry.istio.io/v1/Telemetry', 'stranger/default', {
            accessLogging: [{ providers: [{ name: 'envoy' }] }],
          }),
        ];
        expect(picture(policiesOf([...all, ...stranger], { scope: given }))).toEqual(
          picture(policiesOf(all, { scope: given })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('known in a partial input, they are the same in the complete one', () => {
    fc.assert(
      fc.property(objects, (all) => {
        const [partial, complete] = [policiesOf(all, { scope: 'partial' }), policiesOf(all)];
        for (const [index, workload] of partial.mesh.workloads.entries()) {
          const same = complete.mesh.workloads[index];
          const mode = partial.peerMtls(workload, 8080);
          if (mode.known && same) expect(complete.peerMtls(same, 8080)).toMatchObject({ value: mode.value });
        }
      }),
      { numRuns: 60 },
    );
  });
});
