import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { outsideProviders, secretsInLogs, unknownProviders } from '#policy/telemetry-facts.js';
import { meshConfig, object, policiesOf } from './manifests.js';

const meshOf = (config: JsonObject) => policiesOf([meshConfig(config)]).mesh;

describe('headers in the access log', () => {
  it.each([
    ['%REQ(AUTHORIZATION)%', ['AUTHORIZATION']],
    ['%REQ(X-A?COOKIE):10% %RESP(set-cookie)%', ['COOKIE', 'set-cookie']],
    ['%REQ(:AUTHORITY)% %REQ(USER-AGENT)% authorization', []],
  ])('%s has credentials: %j', (accessLogFormat, headers) => {
    expect(secretsInLogs(meshOf({ accessLogFormat })).map(({ header }) => header)).toEqual(headers);
  });

  it('are found in the formats of providers, text and labels', () => {
    const logFormat = { labels: { auth: '%REQ(authorization)%' } };
    const config = {
      extensionProviders: [{ name: 'json', envoyFileAccessLog: { path: '/dev/stdout', logFormat } }],
    };
    expect(secretsInLogs(meshOf(config)).map(({ where }) => where)).toEqual(['access log provider json']);
  });
});

describe('providers of a Telemetry object (fetchProvider in pilot/pkg/model/telemetry.go)', () => {
  it.each([
    ['otel', []],
    ['OTel', []],
    ['envoy', []],
    ['jaeger', ['jaeger']],
  ])('%s: unknown are %j', (name, expected) => {
    const provider = { name: 'otel', opentelemetry: { service: 'o.o.svc.cluster.local', port: 4317 } };
    const telemetry = object('telemetry.istio.io/v1/Telemetry', 'shop/t', {
      tracing: [{ providers: [{ name }] }],
    });
    const { mesh } = policiesOf([meshConfig({ extensionProviders: [provider] }), telemetry]);
    const found = mesh
      .ofKind('telemetry.istio.io', 'Telemetry')
      .flatMap((one) => unknownProviders(mesh, one));
    expect(found.map((one) => one.name)).toEqual(expected);
  });
});

describe('providers outside of the cluster', () => {
  it.each([
    ['otlp.tracing.example.com', true],
    ['shop/otlp.tracing.example.com', true],
    ['otel.observability.svc.cluster.local', false],
    ['otel.observability', false],
    ['10.0.0.5', false],
    ['collector.corp.internal', false],
  ])('%s: %s', (service, expected) => {
    const config = { extensionProviders: [{ name: 'x', opentelemetry: { service, port: 4317 } }] };
    expect(outsideProviders(meshOf(config)).length > 0).toBe(expected);
  });
});
