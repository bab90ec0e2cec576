import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ClientTls } from '#policy/client-tls/client-tls.js';
import { created, deployment, namespace, peerAuthentication, policiesOf, service } from '../manifests.js';
import { entry, ledger, rule, sidecar, tls, town } from './ask.js';

const places = ['web', 'pay', 'lab', 'istio-system'] as const;
const place = fc.constantFrom(...places);
const day = fc.integer({ min: 1, max: 4 });
const mode = fc.constantFrom('DISABLE', 'SIMPLE', 'ISTIO_MUTUAL', 'MUTUAL');
const block = fc.option(
  fc.record({ mode, sni: fc.constantFrom('', 's.example') }).map((settings): JsonObject => tls(settings)),
  { nil: {} },
);
const exportTo = fc.constantFrom<JsonObject>(
  {},
  { exportTo: ['*'] },
  { exportTo: ['.'] },
  { exportTo: ['web', 'pay'] },
);
const host = fc.constantFrom(ledger, '*.pay.svc.cluster.local', '*', 'ledger', 'api.example');
const selector = fc.constantFrom<JsonObject>({}, {}, { workloadSelector: { matchLabels: { app: 'front' } } });
const subsets = fc.constantFrom<JsonObject>(
  {},
  { subsets: [{ name: 'v1', labels: { app: 'ledger' }, ...tls({ mode: 'SIMPLE' }) }] },
);

const rules = fc
  .array(fc.record({ place, day, block, exportTo, host, selector, subsets }), { maxLength: 6 })
  .map((all) =>
    all.map((one, index) =>
      rule(
        `${one.place}/r${String(index)}`,
        { ...one.block, ...one.exportTo, ...one.selector, ...one.subsets, host: one.host },
        created(one.day),
      ),
    ),
  );
const entries = fc
  .array(fc.record({ place, day, location: fc.constantFrom('MESH_INTERNAL', 'MESH_EXTERNAL') }), {
    maxLength: 3,
  })
  .map((all) =>
    all.map((one, index) =>
      entry(
        `${one.place}/e${String(index)}`,
        {
          hosts: ['api.example'],
          location: one.location,
          resolution: 'STATIC',
          endpoints: [{ address: '192.0.2.1' }],
        },
        created(one.day),
      ),
    ),
  );
const sidecars = fc
  .array(fc.record({ place, day, egress: fc.constantFrom('*/*', './*', 'pay/*', '*/api.example') }), {
    maxLength: 2,
  })
  .map((all) =>
    all.map((one, index) =>
      sidecar(`${one.place}/s${String(index)}`, { egress: [{ hosts: [one.egress] }] }, created(one.day)),
    ),
  );
const authentications = fc
  .array(fc.record({ place, day, mode: fc.constantFrom('STRICT', 'DISABLE') }), { maxLength: 2 })
  .map((all) =>
    all.map((one, index) =>
      peerAuthentication(`${one.place}/p${String(index)}`, { mtls: { mode: one.mode } }, created(one.day)),
    ),
  );
const meshes = fc
  .tuple(rules, entries, sidecars, authentications)
  .map((parts): readonly JsonObject[] => [...town, ...parts.flat()]);

function told({ endpoints, destinationRules, missing, ...rest }: ClientTls): unknown {
  return {
    ...rest,
    endpoints: endpoints.map(({ workload, tls: kind }) => [workload?.id, kind]),
    rules: destinationRules.map(({ namespace: home, name }) => `${home ?? ''}/${name}`),
    missing: missing.length,
  };
}

/** Everything that is said of the clients that the town has. */
function answers(objects: readonly JsonObject[]): unknown {
  const policies = policiesOf(objects, { stored: true });
  const clients = policies.mesh.workloads.filter(({ name }) => name === 'front' || name === 'ledger');
  return clients.map((client) =>
    [ledger, 'api.example'].flatMap((name) =>
      ['', 'v1'].map((subset) => {
        const decision = policies.clientTls(client, { host: name, port: 80, subset });
        return [client.id, name, subset, decision.known ? told(decision.value) : 'unknown'];
      }),
    ),
  );
}

const runs = { numRuns: 60 };

describe('laws of the client side', () => {
  it('the order of documents means nothing', () => {
    fc.assert(
      fc.property(meshes, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (objects, keys) => {
        const order = objects.map((one, index) => ({ one, key: keys[index % keys.length] ?? 0 }));
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ one }) => one);
        expect(answers(shuffled)).toEqual(answers(objects));
      }),
      runs,
    );
  });

  it('a namespace that has nothing to do with it changes nothing', () => {
    const foreign = [
      namespace('far', { 'istio-injection': 'enabled' }),
      deployment('far/app'),
      service('far/app', [{ name: 'http', port: 80 }]),
      rule('far/own', tls({ mode: 'SIMPLE' })),
      sidecar('far/s', { egress: [{ hosts: ['./*'] }] }),
      peerAuthentication('far/p', { mtls: { mode: 'DISABLE' } }),
    ];
    fc.assert(
      fc.property(meshes, (objects) => {
        expect(answers([...objects, ...foreign])).toEqual(answers(objects));
      }),
      runs,
    );
  });

  it('plaintext verifies nothing, TLS of the mesh always verifies, and no client without cluster is told of endpoints', () => {
    fc.assert(
      fc.property(meshes, (objects) => {
        const policies = policiesOf(objects, { stored: true });
        for (const client of policies.mesh.workloads) {
          for (const destination of policies.clientDestinations(client)) {
            const decision = policies.clientTls(client, destination);
            if (!decision.known) continue;
            const { value } = decision;
            const isPlain = value.tls === 'none' || value.tls === 'absent';
            expect(value.verifies === undefined).toBe(isPlain);
            if (value.tls.startsWith('mutual-istio')) expect(value.verifies).toBe(true);
            if (value.tls === 'absent') expect(value.endpoints).toEqual([]);
          }
        }
      }),
      runs,
    );
  });
});
