import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { created, deployment, namespace, object, policiesOf, service } from './manifests.js';

const security = 'security.istio.io/v1';
const places = ['shop', 'istio-system'] as const;
const place = fc.constantFrom(...places);
const label = fc.constantFrom('web', 'api', 'none');

/** Several workloads that differ in labels no policy asks for, in ports, in data plane or in interception. */
const workloads = fc
  .array(
    fc.record({
      place,
      app: label,
      tier: label,
      port: fc.constantFrom(8080, 9090),
      labels: fc.constantFrom({}, { 'sidecar.istio.io/inject': 'false' }, { 'istio.io/rev': 'canary' }),
      annotations: fc.constantFrom({}, {}, { 'sidecar.istio.io/interceptionMode': 'NONE' }),
    }),
    { minLength: 4, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ app, tier, port, labels, annotations, ...one }, index) =>
      deployment(`${one.place}/w${String(index)}`, {
        labels: { app, tier, ...labels },
        annotations,
        ports: [{ containerPort: port }],
      }),
    ),
  );

const specs: Readonly<Record<string, JsonObject>> = {
  [`${security}/AuthorizationPolicy`]: {
    action: 'ALLOW',
    rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
  },
  [`${security}/PeerAuthentication`]: {
    mtls: { mode: 'STRICT' },
    portLevelMtls: { 8080: { mode: 'DISABLE' } },
  },
  [`${security}/RequestAuthentication`]: { jwtRules: [{ issuer: 'https://a.example' }] },
  'telemetry.istio.io/v1/Telemetry': { accessLogging: [{ providers: [{ name: 'envoy' }] }] },
  'networking.istio.io/v1/Sidecar': { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
};

const policies = fc
  .array(
    fc.record({
      place,
      api: fc.constantFrom(...Object.keys(specs)),
      by: fc.option(fc.constantFrom('app', 'tier'), { nil: undefined }),
      value: label,
      day: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ api, by, value, day, ...one }, index) => {
      const labels = by === undefined ? {} : { [by]: value };
      const selector = api.endsWith('Sidecar')
        ? { workloadSelector: { labels } }
        : { selector: { matchLabels: labels } };
      const spec = { ...specs[api], ...(by === undefined ? {} : selector) };
      return object(api, `${one.place}/p${String(index)}`, spec, created(day));
    }),
  );

const namespaces = fc.tuple(
  ...places.map((name) =>
    fc
      .constantFrom({ 'istio-injection': 'enabled' }, { 'istio.io/dataplane-mode': 'ambient' }, {})
      .map((labels) => namespace(name, labels)),
  ),
);
const targets = [service('shop/s', [{ name: 'http', port: 80, targetPort: 8080 }], { of: 'web' })];

/** Every decision that workloads may share. */
const decided = (policies: EffectivePolicies, workload: Workload): unknown => [
  policies.authorization(workload),
  policies.requestAuthentication(workload),
  policies.outboundTraffic(workload),
  policies.accessLog(workload),
  policies.tracing(workload),
  policies.metrics(workload),
  ...([8080, 9090, '*'] as const).map((port) => policies.peerMtls(workload, port)),
];

describe('decisions that workloads share', () => {
  it('are those of each workload asked about alone', () => {
    fc.assert(
      fc.property(
        namespaces,
        workloads,
        policies,
        fc.constantFrom('complete' as const, 'partial' as const),
        (around, pods, written, scope) => {
          const together = policiesOf([...around, ...pods, ...written, ...targets], { scope });
          for (const workload of together.mesh.workloads) {
            const alone = effectivePolicies(together.mesh);
            expect(decided(together, workload)).toEqual(decided(alone, workload));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are one object for workloads that no selector tells apart', () => {
    const pods = ['a', 'b', 'c'].map((name) =>
      deployment(`shop/${name}`, { labels: { tier: name === 'c' ? 'web' : 'api' } }),
    );
    const policy = object(`${security}/AuthorizationPolicy`, 'shop/p', {
      selector: { matchLabels: { tier: 'web' } },
    });
    const all = policiesOf([namespace('shop', { 'istio-injection': 'enabled' }), ...pods, policy], {
      scope: 'complete',
    });
    const [a, b, c] = all.mesh.workloads.map((workload) => all.authorization(workload));
    expect(a).toBe(b);
    expect(c).not.toBe(a);
  });
});
