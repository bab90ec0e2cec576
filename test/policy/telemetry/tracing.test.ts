import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, meshConfig, namespace, object, policiesOf, workload } from '../manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });
const tracer = {
  name: 'tracer',
  opentelemetry: { service: 'otel.shop.svc.cluster.local', port: 4317 },
};
const service = object('v1/Service', 'shop/otel', { ports: [{ port: 4317 }] });
const providers = {
  extensionProviders: [
    tracer,
    { name: 'jaeger', zipkin: { service: 'shop/otel.shop.svc.cluster.local', port: 4317 } },
  ],
};

function said(
  objects: readonly JsonObject[],
  options: MeshOfOptions = {},
  pod: Parameters<typeof deployment>[1] = {},
): string {
  const policies = policiesOf([shop, service, deployment('shop/web', pod), ...objects], {
    scope: 'complete',
    ...options,
  });
  const decision = policies.tracing(workload(policies.mesh, 'shop/Deployment/web'));
  if (!decision.known) return decision.missing.map(({ key }) => key).join();
  const { enabled, provider, sampling } = decision.value;
  return enabled ? `on ${provider ?? ''} ${sampling === undefined ? 'own' : String(sampling)}` : 'off';
}

const telemetry = (place: string, tracing: readonly JsonObject[], extra: JsonObject = {}): JsonObject =>
  object('telemetry.istio.io/v1/Telemetry', place, { tracing, ...extra });
const to = (name: string, more: JsonObject = {}): JsonObject => ({ providers: [{ name }], ...more });
const root = (...entries: readonly JsonObject[]): JsonObject => telemetry('istio-system/a', entries);
const config = (more: JsonObject = {}): JsonObject => meshConfig({ ...providers, ...more });
const byDefault = config({ defaultProviders: { tracing: ['tracer', 'jaeger'] } });

describe('tracing (pilot/pkg/model/telemetry.go, pilot/pkg/networking/core/tracing.go)', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    ['nothing is said: the bootstrap names no tracer', [config()], 'off'],
    [
      'a tracer of the proxy’s own configuration',
      [config({ defaultConfig: { tracing: { zipkin: { address: 'z:9411' } } } })],
      'on zipkin 1',
    ],
    [
      'enableTracing: false',
      [config({ enableTracing: false, defaultConfig: { tracing: { zipkin: {} } } })],
      'off',
    ],
    [
      'sampling of the proxy configuration',
      [config({ defaultConfig: { tracing: { zipkin: {}, sampling: 20 } } })],
      'on zipkin 20',
    ],
    [
      'too much of it is one percent',
      [config({ defaultConfig: { tracing: { zipkin: {}, sampling: 120 } } })],
      'on zipkin 1',
    ],
    ['the first default provider', [byDefault], 'on tracer 1'],
    [
      'mesh-wide Telemetry',
      [config(), root(to('tracer', { randomSamplingPercentage: 100 }))],
      'on tracer 100',
    ],
    ['names in any case', [config(), root(to('TRACER'))], 'on TRACER 1'],
    [
      'no sampling at all is not off',
      [config(), root(to('tracer', { randomSamplingPercentage: 0 }))],
      'on tracer 0',
    ],
    ['no provider anywhere', [config(), root({ randomSamplingPercentage: 10 })], 'off'],
    [
      'the default one where none is named',
      [byDefault, root({ randomSamplingPercentage: 10 })],
      'on tracer 10',
    ],
    ['switched off', [byDefault, root({ disableSpanReporting: true })], 'off'],
    [
      'and on again below',
      [
        byDefault,
        root({ disableSpanReporting: true }),
        telemetry('shop/b', [{ disableSpanReporting: false }]),
      ],
      'on tracer 1',
    ],
    [
      'a narrower one changes what it says only',
      [config(), root(to('tracer', { randomSamplingPercentage: 5 })), telemetry('shop/b', [to('jaeger')])],
      'on jaeger 5',
    ],
    [
      'for the workload',
      [
        byDefault,
        telemetry('shop/b', [{ disableSpanReporting: true }], { selector: { matchLabels: { app: 'web' } } }),
      ],
      'off',
    ],
    ['as a client only', [config(), root({ ...to('tracer'), match: { mode: 'CLIENT' } })], 'off'],
    ['as a server', [config(), root({ ...to('tracer'), match: { mode: 'SERVER' } })], 'on tracer 1'],
    ['an undeclared provider', [byDefault, root(to('nobody'))], 'off'],
    ['a provider that takes no spans', [byDefault, root(to('prometheus'))], 'off'],
    [
      'a provider whose service nobody knows',
      [
        meshConfig({
          extensionProviders: [
            { name: 'tracer', zipkin: { service: 'gone.shop.svc.cluster.local', port: 1 } },
          ],
        }),
        root(to('tracer')),
      ],
      'off',
    ],
    [
      'a provider that samples by itself',
      [
        meshConfig({
          extensionProviders: [
            { ...tracer, opentelemetry: { ...tracer.opentelemetry, dynatraceSampler: {} } },
          ],
        }),
        root(to('tracer')),
      ],
      'on tracer own',
    ],
  ];
  it.each(table)('%s', (_, objects, expected) => {
    expect(said(objects)).toBe(expected);
  });

  it('takes the pod’s own sampling before the mesh’s', () => {
    const pod = { annotations: { 'proxy.istio.io/config': 'tracing: {sampling: 42}' } };
    expect(said([byDefault], {}, pod)).toBe('on tracer 42');
    expect(said([config({ defaultConfig: { tracing: { zipkin: {}, sampling: 3 } } })], {}, pod)).toBe(
      'on zipkin 42',
    );
  });

  it('is nobody’s without Envoy', () => {
    expect(said([byDefault], {}, { labels: { 'sidecar.istio.io/inject': 'false' } })).toBe('off');
  });

  it('is unknown without a mesh configuration that might name a provider', () => {
    const partial = { scope: 'partial' } as const;
    expect(said([], partial)).toContain('mesh-config');
    expect(said([root(to('tracer', { disableSpanReporting: true }))], partial)).toBe('off');
  });
});
