import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { claimOnlyRoutes } from '#policy/gateway/claim-only-routes.js';
import { credentialedOrigins } from '#policy/gateway/cors-origins.js';
import { forgedHeaders } from '#policy/gateway/forged-headers.js';
import { mutualBypasses } from '#policy/gateway/mutual-bypass.js';
import { topologyFacts } from '#policy/gateway/topology-facts.js';
import { deployment, meshConfig, object, policiesOf, workload } from '../manifests.js';

const virtualService = (spec: JsonObject): JsonObject =>
  object('networking.istio.io/v1/VirtualService', 'shop/route', {
    hosts: ['shop.example.com'],
    gateways: ['edge/gw'],
    ...spec,
  });

function firstOf(objects: readonly JsonObject[], kind: string) {
  const found = policiesOf(objects).mesh.ofKind('networking.istio.io', kind)[0];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

describe('origins that are admitted with credentials (Envoy, cors_filter.cc)', () => {
  const reachOf = (origin: JsonObject): string | undefined => {
    const cors = { allowOrigins: [origin], allowCredentials: true };
    const route = virtualService({ http: [{ corsPolicy: cors, route: [{ destination: { host: 'a' } }] }] });
    return credentialedOrigins(firstOf([route], 'VirtualService'))[0]?.reach;
  };

  it.each([
    [{ exact: '*' }, 'any'],
    [{ regex: '.*' }, 'any'],
    [{ regex: 'https?://.*' }, 'any'],
    [{ prefix: 'https://' }, 'any'],
    [{ prefix: 'https://shop.example.com' }, 'loose'],
    [{ prefix: 'https://shop.example.com:' }, 'exact'],
    [{ regex: 'https://.*example\\.com' }, 'loose'],
    [{ regex: 'https://example\\.com.*' }, 'loose'],
    [{ regex: 'https://.*\\.example\\.com' }, 'exact'],
    [{ regex: 'https://([a-z]+\\.)?example\\.com' }, 'exact'],
    [{ regex: '(a+)+$' }, 'exact'],
    [{ exact: 'https://shop.example.com' }, 'exact'],
  ] as const)('%j is %s', (origin, reach) => {
    expect(reachOf(origin)).toBe(reach);
  });

  it('do not matter without credentials', () => {
    const cors = { allowOrigins: [{ exact: '*' }] };
    const route = virtualService({ http: [{ corsPolicy: cors, route: [{ destination: { host: 'a' } }] }] });
    expect(credentialedOrigins(firstOf([route], 'VirtualService'))).toEqual([]);
  });
});

describe('headers that a route writes', () => {
  const meansOf = (set: JsonObject): readonly string[] => {
    const route = virtualService({
      http: [{ headers: { request: { set } }, route: [{ destination: { host: 'a' } }] }],
    });
    return forgedHeaders(firstOf([route], 'VirtualService')).map(({ means }) => means);
  };

  it.each([
    [{ 'X-Forwarded-Client-Cert': 'URI=x' }, ['identity']],
    [{ authorization: 'Basic eDp5' }, ['credential']],
    [{ authorization: '%REQ(x-token)%' }, []],
    [{ authorization: '${TOKEN}' }, []],
    [{ 'x-team': 'shop' }, []],
  ] as const)('%j means %j', (set, means) => {
    expect(meansOf(set)).toEqual(means);
  });
});

describe('what is special about the listeners of a gateway', () => {
  const labels = { istio: 'ingressgateway', 'sidecar.istio.io/inject': 'true' };
  const router = deployment('edge/ingress', {
    labels,
    annotations: { 'inject.istio.io/templates': 'gateway' },
  });
  const server = (host: string, mode: string, name: string): JsonObject => ({
    port: { number: 443, name, protocol: 'HTTPS' },
    hosts: [host],
    tls: { mode, credentialName: name },
  });
  const gateway = (servers: readonly JsonObject[]): JsonObject =>
    object('networking.istio.io/v1/Gateway', 'edge/gw', { selector: { istio: 'ingressgateway' }, servers });
  const chainsOf = (objects: readonly JsonObject[]) => {
    const [pods] = policiesOf(objects, { scope: 'partial' }).gatewayPods();
    return pods?.listeners.known === true ? pods.listeners.value.listeners : [];
  };
  const to = { route: [{ destination: { host: 'a.shop.svc.cluster.local', port: { number: 80 } } }] };

  it.each([
    ['beside a wildcard', '*.example.com', to, 1],
    ['beside an exact name', 'open.example.com', to, 0],
    [
      'answered with an abort',
      '*.example.com',
      { ...to, fault: { abort: { percentage: { value: 100 }, httpStatus: 421 } } },
      0,
    ],
  ] as const)('a MUTUAL server %s', (_title, open, rule, count) => {
    const servers = [server(open, 'SIMPLE', 'open'), server('shop.example.com', 'MUTUAL', 'closed')];
    const listeners = chainsOf([router, gateway(servers), virtualService({ http: [rule] })]);
    expect(listeners.flatMap(mutualBypasses)).toHaveLength(count);
  });

  const claim = { match: [{ headers: { '@request.auth.claims.group': { exact: 'admin' } } }], ...to };
  it.each([
    ['alone', [claim], 1],
    ['before an open route', [claim, to], 0],
    ['before an open route for another path', [claim, { match: [{ uri: { prefix: '/x' } }], ...to }], 1],
    ['before an answer of the gateway', [claim, { directResponse: { status: 404 } }], 0],
  ] as const)('a route by claims %s', (_title, http, count) => {
    const listeners = chainsOf([
      router,
      gateway([server('shop.example.com', 'SIMPLE', 'a')]),
      virtualService({ http }),
    ]);
    expect(listeners.flatMap(({ chains }) => chains.flatMap(claimOnlyRoutes))).toHaveLength(count);
  });

  it.each([
    ['{}', ['numTrustedProxies']],
    ['gatewayTopology: {}', ['numTrustedProxies']],
    ['gatewayTopology: { numTrustedProxies: 1 }', []],
    ['concurrency: 2', []],
  ] as const)('an annotation %s', (text, dropped) => {
    const annotations = { 'inject.istio.io/templates': 'gateway', 'proxy.istio.io/config': text };
    const config = meshConfig({ defaultConfig: { gatewayTopology: { numTrustedProxies: 2 } } });
    const { mesh } = policiesOf([deployment('edge/ingress', { labels, annotations }), config]);
    const facts = topologyFacts(mesh, workload(mesh, 'edge/Deployment/ingress'));
    expect(facts.dropped).toEqual(text === '{}' ? [] : dropped);
  });
});
