import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { GatewayServer } from '#policy/policies.js';
import { deployment, meshConfig, object, policiesOf } from '../manifests.js';

/** Files of a repository: they hold neither Secrets nor what istiod deploys for a Kubernetes Gateway. */
function serversOf(objects: readonly JsonObject[]): readonly GatewayServer[] {
  return policiesOf(objects, { scope: 'partial' }).gatewayServers();
}

const router = (place: string, labels: Readonly<Record<string, string>>): JsonObject =>
  deployment(place, {
    labels,
    spec: { containers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.31.0', args: ['proxy', 'router'] }] },
  });

describe('servers of an Istio Gateway (pkg/config/gateway/gateway.go, pilot/pkg/networking/core/{gateway,listener}.go)', () => {
  const gateway = (server: JsonObject, extra: JsonObject = {}): JsonObject =>
    object('networking.istio.io/v1/Gateway', 'shop/gateway', {
      servers: [{ hosts: ['*'], ...server }],
      ...extra,
    });
  const port = (protocol: string): JsonObject => ({ port: { number: 443, name: 'x', protocol } });
  const one = (server: JsonObject, others: readonly JsonObject[] = []): GatewayServer | undefined =>
    serversOf([gateway(server), ...others])[0];

  const table: readonly [string, JsonObject, GatewayServer['tls'], GatewayServer['minTls']][] = [
    ['HTTP', port('HTTP'), 'PLAINTEXT', undefined],
    ['HTTP with a tls block is plaintext on 443 too', { ...port('HTTP'), tls: {} }, 'PLAINTEXT', undefined],
    [
      'gRPC with certificates as well',
      { ...port('GRPC'), tls: { mode: 'SIMPLE', credentialName: 'a' } },
      'PLAINTEXT',
      undefined,
    ],
    ['redirect', { ...port('HTTP'), tls: { httpsRedirect: true } }, 'REDIRECT', undefined],
    ['TCP', port('TCP'), 'PLAINTEXT', undefined],
    [
      'TCP with TLS terminated',
      { ...port('TCP'), tls: { mode: 'SIMPLE', credentialName: 'a' } },
      'SIMPLE',
      '1.2',
    ],
    ['SIMPLE', { ...port('HTTPS'), tls: { mode: 'SIMPLE', credentialName: 'a' } }, 'SIMPLE', '1.2'],
    [
      'lower case protocol',
      { ...port('https'), tls: { mode: 'MUTUAL', credentialName: 'a' } },
      'MUTUAL',
      '1.2',
    ],
    ['no mode is PASSTHROUGH', { ...port('HTTPS'), tls: {} }, 'PASSTHROUGH', undefined],
    [
      'AUTO_PASSTHROUGH',
      { ...port('TLS'), tls: { mode: 'AUTO_PASSTHROUGH' } },
      'AUTO_PASSTHROUGH',
      undefined,
    ],
    ['optional', { ...port('HTTPS'), tls: { mode: 'OPTIONAL_MUTUAL' } }, 'OPTIONAL_MUTUAL', '1.2'],
    [
      'minimum version',
      { ...port('HTTPS'), tls: { mode: 'SIMPLE', minProtocolVersion: 'TLSV1_0' } },
      'SIMPLE',
      '1.0',
    ],
    [
      'ISTIO_MUTUAL ignores its own',
      { ...port('HTTPS'), tls: { mode: 'ISTIO_MUTUAL', minProtocolVersion: 'TLSV1_0' } },
      'ISTIO_MUTUAL',
      '1.2',
    ],
  ];
  it.each(table)('%s', (_title, server, tls, minTls) => {
    expect(one(server)).toMatchObject({ tls, minTls, port: 443, api: 'istio' });
  });

  it('the mesh’s tlsDefaults count where the server says nothing', () => {
    const config = meshConfig({
      tlsDefaults: { minProtocolVersion: 'TLSV1_3' },
      meshMTLS: { minProtocolVersion: 'TLSV1_3' },
    });
    expect(one({ ...port('HTTPS'), tls: { mode: 'SIMPLE' } }, [config])?.minTls).toBe('1.3');
    expect(
      one({ ...port('HTTPS'), tls: { mode: 'SIMPLE', minProtocolVersion: 'TLS_AUTO' } }, [config])?.minTls,
    ).toBe('1.3');
    expect(
      one({ ...port('HTTPS'), tls: { mode: 'SIMPLE', minProtocolVersion: 'TLSV1_1' } }, [config])?.minTls,
    ).toBe('1.1');
    expect(one({ ...port('HTTPS'), tls: { mode: 'ISTIO_MUTUAL' } }, [config])?.minTls).toBe('1.3');
  });

  const pods = [
    router('istio-ingress/in', { istio: 'in' }),
    router('shop/out', { istio: 'out' }),
    deployment('shop/in', { labels: { istio: 'in' } }),
  ];
  const served = (extra: JsonObject, others: readonly JsonObject[] = []): readonly string[] =>
    serversOf([gateway(port('HTTP'), extra), ...pods, ...others])[0]?.workloads.map(({ id }) => id) ?? [];
  const env = (name: string): JsonObject =>
    deployment('istio-system/istiod', {
      spec: {
        containers: [{ name: 'discovery', image: 'istio/pilot:1.31.0', env: [{ name, value: 'true' }] }],
      },
    });

  it('routers of all namespaces serve it, never ordinary pods', () => {
    expect(served({ selector: { istio: 'in' } })).toEqual(['istio-ingress/Deployment/in']);
    expect(served({})).toEqual(['istio-ingress/Deployment/in', 'shop/Deployment/out']);
    expect(served({}, [env('PILOT_SCOPE_GATEWAY_TO_NAMESPACE')])).toEqual(['shop/Deployment/out']);
  });
  it('pods that istiod deploys for a Gateway keep foreign Istio Gateways off from 1.31 on', () => {
    const managed = router('edge/api', { 'gateway.istio.io/managed': 'istio.io-gateway-controller' });
    expect(served({}, [managed])).not.toContain('edge/Deployment/api');
    const older = deployment('istio-system/istiod', {
      spec: { containers: [{ name: 'discovery', image: 'istio/pilot:1.30.2' }] },
    });
    expect(served({}, [managed, older])).toContain('edge/Deployment/api');
  });
});

describe('listeners of the Gateway API (pilot/pkg/config/kube/gateway/conversion.go)', () => {
  const gateway = (listener: JsonObject, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject =>
    object(
      'gateway.networking.k8s.io/v1/Gateway',
      'shop/api',
      { gatewayClassName: 'istio', listeners: [{ name: 'web', port: 443, ...listener }], ...spec },
      metadata,
    );
  const first = (...objects: readonly JsonObject[]): GatewayServer | undefined => serversOf(objects)[0];
  const terminate = (options: JsonObject = {}): JsonObject => ({
    protocol: 'HTTPS',
    tls: { mode: 'Terminate', certificateRefs: [{ name: 'a' }], options },
  });
  const option = (mode: string): JsonObject => terminate({ 'gateway.istio.io/tls-terminate-mode': mode });

  const table: readonly [string, JsonObject, GatewayServer['tls']][] = [
    ['HTTP', { protocol: 'HTTP' }, 'PLAINTEXT'],
    ['TCP', { protocol: 'TCP' }, 'PLAINTEXT'],
    ['terminate', terminate(), 'SIMPLE'],
    [
      'terminate is the default mode',
      { protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'a' }] } },
      'SIMPLE',
    ],
    ['client certificates by option', option('MUTUAL'), 'MUTUAL'],
    ['optional ones', option('OPTIONAL_MUTUAL'), 'OPTIONAL_MUTUAL'],
    ['mesh certificates', option('ISTIO_MUTUAL'), 'ISTIO_MUTUAL'],
    ['passthrough', { protocol: 'TLS', tls: { mode: 'Passthrough' } }, 'PASSTHROUGH'],
    [
      'to any service by SNI',
      {
        protocol: 'TLS',
        tls: { mode: 'Passthrough', options: { 'gateway.istio.io/listener-protocol': 'auto-passthrough' } },
      },
      'AUTO_PASSTHROUGH',
    ],
  ];
  it.each(table)('%s', (_title, listener, tls) => {
    expect(first(gateway(listener))).toMatchObject({
      api: 'gateway-api',
      tls,
      hosts: ['*'],
      at: { path: ['spec', 'listeners', 0] },
    });
  });

  it('frontend validation asks for client certificates, per port or for all', () => {
    const validation = (mode?: string): JsonObject => ({
      validation: { caCertificateRefs: [{ name: 'ca' }], ...(mode === undefined ? {} : { mode }) },
    });
    const frontend = (value: JsonObject): JsonObject => ({ tls: { frontend: value } });
    expect(first(gateway(terminate(), frontend({ default: validation() })))?.tls).toBe('MUTUAL');
    expect(first(gateway(terminate(), frontend({ default: validation('AllowInsecureFallback') })))?.tls).toBe(
      'OPTIONAL_MUTUAL',
    );
    const perPort = [{ port: 443, tls: {} }];
    expect(first(gateway(terminate(), frontend({ default: validation(), perPort })))?.tls).toBe('SIMPLE');
  });

  it('is served by pods that carry its name, in its namespace', () => {
    const label = { 'gateway.networking.k8s.io/gateway-name': 'api' };
    const server = first(
      gateway({ protocol: 'HTTP' }),
      router('shop/api-istio', label),
      router('bank/api-istio', label),
    );
    expect(server?.workloads.map(({ id }) => id)).toEqual(['shop/Deployment/api-istio']);
  });

  it('other classes are not Istio’s, unless their controller is', () => {
    const spec = { gatewayClassName: 'edge' };
    expect(serversOf([gateway({ protocol: 'HTTP' }, spec)])).toEqual([]);
    const of = (controllerName: string): JsonObject => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'edge' },
      spec: { controllerName },
    });
    expect(serversOf([gateway({ protocol: 'HTTP' }, spec), of('example.com/other')])).toEqual([]);
    expect(serversOf([gateway({ protocol: 'HTTP' }, spec), of('istio.io/gateway-controller')])).toHaveLength(
      1,
    );
  });

  it('a listener whose routes only redirect to https sends no content in clear', () => {
    const route = (scheme: string, parent: JsonObject = {}): JsonObject =>
      object('gateway.networking.k8s.io/v1/HTTPRoute', `shop/to-${scheme}`, {
        parentRefs: [{ name: 'api', ...parent }],
        rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme } }] }],
      });
    const http = gateway({ protocol: 'HTTP' });
    expect(first(http, route('https'))?.tls).toBe('REDIRECT');
    expect(first(http, route('http'))?.tls).toBe('PLAINTEXT');
    expect(first(http, route('https'), route('http'))?.tls).toBe('PLAINTEXT');
    expect(first(http, route('https'), route('http', { sectionName: 'other' }))?.tls).toBe('REDIRECT');
    expect(first(http, route('https', { namespace: 'bank' }))?.tls).toBe('PLAINTEXT');
  });
});
