import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { AccessLog } from '#policy/policies.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { created, deployment, meshConfig, namespace, object, policiesOf, workload } from './manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });
const file = meshConfig({ accessLogFile: '/dev/stdout' });
const provider = meshConfig({ defaultProviders: { accessLogging: ['envoy'] } });

function decide(objects: readonly JsonObject[], options: MeshOfOptions = {}): Decision<AccessLog> {
  const policies = policiesOf([shop, deployment('shop/web'), ...objects], options);
  return policies.accessLog(workload(policies.mesh, 'shop/Deployment/web'));
}

function said(objects: readonly JsonObject[], options: MeshOfOptions = {}): string {
  const decision = decide(objects, options);
  if (!decision.known) return decision.missing.map(({ key }) => key).join();
  const { enabled, providers, filters } = decision.value;
  return [enabled ? `on ${providers.join()}` : 'off', ...(filters.length > 0 ? ['filtered'] : [])].join(' ');
}

const telemetry = (
  place: string,
  accessLogging: readonly JsonObject[],
  extra: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject => object('telemetry.istio.io/v1/Telemetry', place, { accessLogging, ...extra }, metadata);
const to = (...names: readonly string[]): JsonObject => ({ providers: names.map((name) => ({ name })) });
const selecting = { selector: { matchLabels: { app: 'web' } } };

describe('access log (pilot/pkg/model/telemetry.go, pilot/pkg/networking/core/accesslog.go)', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    ['default', [], 'off'],
    ['accessLogFile', [file], 'on /dev/stdout'],
    ['access log service', [meshConfig({ enableEnvoyAccessLogService: true })], 'on envoyAccessLogService'],
    ['default provider', [provider], 'on envoy'],
    ['mesh-wide Telemetry', [telemetry('istio-system/a', [to('envoy')])], 'on envoy'],
    ['built-in names in any case', [telemetry('istio-system/a', [to('Envoy')])], 'on Envoy'],
    ['an undeclared provider writes nothing', [telemetry('istio-system/a', [to('otel')])], 'off'],
    ['a metrics provider writes nothing', [telemetry('istio-system/a', [to('prometheus')])], 'off'],
    [
      'what comes to nothing leaves accessLogFile in force',
      [file, telemetry('istio-system/a', [to('otel')])],
      'on /dev/stdout',
    ],
    ['no provider named and none by default', [telemetry('istio-system/a', [{}])], 'off'],
    ['no provider named: the default one', [provider, telemetry('istio-system/a', [{}])], 'on envoy'],
    ['disabled', [provider, telemetry('istio-system/a', [{ disabled: true }])], 'off'],
    [
      'disabled without a provider leaves accessLogFile in force',
      [file, telemetry('istio-system/a', [{ disabled: true }])],
      'on /dev/stdout',
    ],
    [
      'disabled by name stops accessLogFile too',
      [file, telemetry('istio-system/a', [{ ...to('envoy'), disabled: true }])],
      'off',
    ],
    [
      'the namespace disables',
      [telemetry('istio-system/a', [to('envoy')]), telemetry('shop/a', [{ disabled: true }])],
      'off',
    ],
    [
      'the namespace enables',
      [telemetry('istio-system/a', [{ ...to('envoy'), disabled: true }]), telemetry('shop/a', [to('envoy')])],
      'on envoy',
    ],
    ['the workload disables', [provider, telemetry('shop/a', [{ disabled: true }], selecting)], 'off'],
    [
      'a selector that does not match',
      [provider, telemetry('shop/a', [{ disabled: true }], { selector: { matchLabels: { app: 'x' } } })],
      'on envoy',
    ],
    [
      'a selector in the root namespace',
      [provider, telemetry('istio-system/a', [{ disabled: true }], selecting)],
      'on envoy',
    ],
    [
      'the oldest of the namespace',
      [
        telemetry('shop/a', [to('envoy')], {}, created(2)),
        telemetry('shop/b', [{ ...to('envoy'), disabled: true }], {}, created(1)),
      ],
      'off',
    ],
    [
      'a narrower Telemetry limits the providers',
      [
        meshConfig({ extensionProviders: [{ name: 'otel', envoyOtelAls: { service: 'otel', port: 4317 } }] }),
        telemetry('istio-system/a', [to('envoy', 'otel')]),
        telemetry('shop/a', [to('otel')]),
      ],
      'on otel',
    ],
    ['only as client', [telemetry('istio-system/a', [{ ...to('envoy'), match: { mode: 'CLIENT' } }])], 'off'],
    [
      'only as server',
      [telemetry('istio-system/a', [{ ...to('envoy'), match: { mode: 'SERVER' } }])],
      'on envoy',
    ],
    [
      'filtered',
      [telemetry('istio-system/a', [{ ...to('envoy'), filter: { expression: 'response.code >= 500' } }])],
      'on envoy filtered',
    ],
    ['Telemetry for metrics only', [file, telemetry('shop/a', [], { metrics: [{}] })], 'on /dev/stdout'],
  ];
  it.each(table)('%s', (_title, objects, expected) => {
    expect(said(objects)).toBe(expected);
  });

  it('a gateway is the client of what it forwards to', () => {
    const spec = {
      containers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.30.2', args: ['proxy', 'router'] }],
    };
    const gateway = deployment('shop/gateway', { spec });
    const policies = policiesOf([
      gateway,
      telemetry('istio-system/a', [{ ...to('envoy'), match: { mode: 'CLIENT' } }]),
    ]);
    expect(policies.accessLog(workload(policies.mesh, 'shop/Deployment/gateway'))).toMatchObject({
      value: { enabled: true },
    });
  });

  it('ztunnel logs by itself, a pod without proxy cannot', () => {
    const of = (labels: Readonly<Record<string, string>>): Decision<AccessLog> => {
      const policies = policiesOf([namespace('shop', labels), deployment('shop/web'), file]);
      return policies.accessLog(workload(policies.mesh, 'shop/Deployment/web'));
    };
    expect(of({ 'istio.io/dataplane-mode': 'ambient' })).toMatchObject({
      value: { enabled: true, providers: ['ztunnel'] },
    });
    expect(of({})).toMatchObject({ value: { enabled: false } });
  });

  it('points at what decides', () => {
    expect(decide([telemetry('istio-system/a', [to('otel'), to('envoy')])])).toMatchObject({
      decidedBy: { resource: { kind: 'Telemetry' }, path: ['spec', 'accessLogging', 1] },
    });
    expect(decide([file])).toMatchObject({ decidedBy: { resource: { kind: 'ConfigMap' } } });
  });

  it('partial input without mesh configuration', () => {
    const partial: MeshOfOptions = { scope: 'partial' };
    expect(said([], partial)).toBe('mesh-config');
    expect(said([telemetry('istio-system/a', [to('envoy')])], partial)).toBe('on envoy');
    expect(said([telemetry('istio-system/a', [to('otel')])], partial)).toBe('mesh-config');
    expect(said([telemetry('istio-system/a', [{ ...to('envoy'), disabled: true }])], partial)).toBe('off');
    expect(said([telemetry('istio-system/a', [{ disabled: true }])], partial)).toBe('mesh-config');
  });
});
