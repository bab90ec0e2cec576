import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask } from '#posture/can/ask.js';
import type { Question } from '#posture/can/question.js';
import { deployment, object } from '../../policy/manifests.js';
import {
  edge,
  gateway,
  plainService,
  server,
  simple,
  to,
  virtualService,
} from '../../policy/gateway/edge.js';
import { base, closed, open, outcomeOf, policy, question, route, said, web } from './ask-edge.js';

const principal = 'cluster.local/ns/edge/sa/door';
const fromDoor: JsonObject = { from: [{ source: { principals: [principal] } }] };

describe('a request through an ingress gateway', () => {
  it('arrives with the identity of the gateway, under the host that leads there', () => {
    const {
      request,
      gateway: by,
      connection,
      decision,
    } = outcomeOf([open, route(), policy('shop/door', { rules: [fromDoor] })]);
    expect(decision.verdict).toBe('allowed');
    expect(request.http?.host).toBe('shop.example');
    expect(by).toBe('edge/Deployment/door:8080');
    expect(connection).toContain('mutual TLS of the mesh');
    expect(decision.chain.map(({ proxy, stage }) => `${proxy} ${stage}`)).toEqual([
      'gateway edge/Deployment/door:8080 connection',
      'gateway edge/Deployment/door:8080 default',
      'gateway edge/Deployment/door:8080 route',
      'workload shop/Deployment/web transport',
      'workload shop/Deployment/web allow',
    ]);
  });

  it.each<[string, readonly JsonObject[], Partial<Question>, string]>([
    [
      'turned away by the workload',
      [policy('shop/till', { rules: [{ from: [{ source: { namespaces: ['club'] } }] }] })],
      {},
      'denied authorization',
    ],
    [
      'turned away at the gateway',
      [policy('edge/no', { action: 'DENY', rules: [{}] })],
      {},
      'denied authorization',
    ],
    [
      'under a host without route',
      [],
      { http: { method: 'GET', path: '/', headers: {}, host: 'else.example' } },
      'denied route',
    ],
    ['to another workload', [], { to: 'shop/other:80' }, 'denied route'],
    [
      'to STRICT',
      [object('security.istio.io/v1/PeerAuthentication', 'shop/default', { mtls: { mode: 'STRICT' } })],
      {},
      'allowed',
    ],
    [
      'whose TLS to the workload is switched off',
      [
        object('security.istio.io/v1/PeerAuthentication', 'shop/default', { mtls: { mode: 'STRICT' } }),
        object('networking.istio.io/v1/DestinationRule', 'shop/web', {
          host: 'web.shop.svc.cluster.local',
          trafficPolicy: { tls: { mode: 'DISABLE' } },
        }),
      ],
      {},
      'denied transport',
    ],
    ['with TLS at a plaintext port', [], { certificate: ['client.example'] }, 'denied transport'],
  ])('%s', (_, more, changes, expected) => {
    expect(said([open, route(), ...more], changes)).toBe(expected);
  });

  it('meets policies of the workload as the route has changed it', () => {
    const only = (operation: JsonObject, when: readonly JsonObject[] = []) =>
      policy('shop/only', { rules: [{ to: [{ operation }], when }] });
    const rewriting = route(web, { rewrite: { uri: '/v2', authority: 'inner.example' } });
    expect(said([open, rewriting, only({ paths: ['/v2'], hosts: ['inner.example'] })])).toBe('allowed');
    expect(said([open, rewriting, only({ paths: ['/'] })])).toBe('denied authorization');
    const marking = route(web, { headers: { request: { set: { 'x-from': 'edge' }, remove: ['x-role'] } } });
    const header = (name: string, values: readonly string[]) => [{ key: `request.headers[${name}]`, values }];
    const forged = { http: { method: 'GET', path: '/', headers: { 'X-Role': 'admin', 'X-From': 'me' } } };
    expect(said([open, marking, only({ methods: ['GET'] }, header('x-from', ['edge']))], forged)).toBe(
      'allowed',
    );
    expect(said([open, marking, only({ methods: ['GET'] }, header('x-role', ['admin']))], forged)).toBe(
      'denied authorization',
    );
    expect(said([open, route(), only({ methods: ['GET'] }, header('x-role', ['admin']))], forged)).toBe(
      'allowed',
    );
  });

  it('leaves its token at the gateway that verifies it, unless that forwards it', () => {
    const issuer = 'https://issuer.example';
    const token = {
      issuer,
      claims: { sub: 'ann' },
      problem: undefined,
      keyId: undefined,
      place: { header: 'authorization', prefix: 'Bearer ' },
    };
    const jwt = (place: string, forwardOriginalToken: boolean) =>
      object('security.istio.io/v1/RequestAuthentication', place, {
        jwtRules: [{ issuer, forwardOriginalToken }],
      });
    const needed = policy('shop/token', { rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] });
    const mesh = (forwards: boolean) => [
      open,
      route(),
      needed,
      jwt('edge/jwt', forwards),
      jwt('shop/jwt', true),
    ];
    expect(said(mesh(true), { tokens: [token] })).toBe('allowed');
    expect(said(mesh(false), { tokens: [token] })).toBe('denied authorization');
    expect(said([open, route(), needed, jwt('shop/jwt', true)], { tokens: [token] })).toBe('allowed');
  });

  it('speaks TLS where the port does, with the host as its server name', () => {
    const { request, decision } = outcomeOf([closed, route()]);
    expect(decision.verdict).toBe('allowed');
    expect(request).toMatchObject({ from: { kind: 'foreign-tls' }, sni: 'shop.example' });
    expect(said([closed, route()], { plaintext: true })).toBe('denied transport');
  });

  it('shows its own certificate where a MUTUAL server asks for one', () => {
    const mutual = gateway('edge/gw', [server('HTTPS', 443, ['*'], { ...simple, mode: 'MUTUAL' })]);
    expect(said([mutual, route()])).toBe('denied transport');
    const names = ['spiffe://cluster.local/ns/club/sa/api'];
    expect(said([mutual, route()], { certificate: names })).toBe('allowed');
    const partner = policy('edge/partner', { rules: [{ from: [{ source: { namespaces: ['club'] } }] }] });
    expect(said([mutual, route(), partner], { certificate: names })).toBe('allowed');
    expect(said([mutual, route(), partner], { certificate: ['spiffe://cluster.local/ns/x/sa/api'] })).toBe(
      'denied authorization',
    );
  });

  it('goes on as unopened TLS through PASSTHROUGH', () => {
    const passing = gateway('edge/gw', [server('TLS', 443, ['shop.example'], { mode: 'PASSTHROUGH' })]);
    const tls = virtualService('edge/r', {
      hosts: ['shop.example'],
      gateways: ['edge/gw'],
      tls: [{ match: [{ port: 443, sniHosts: ['shop.example'] }], ...to(web) }],
    });
    // The bytes are TLS to the sidecar, and the Service's port is one of HTTP.
    const { decision, connection } = outcomeOf([passing, tls], { sni: 'shop.example' });
    expect(connection).toContain('mutual TLS of the mesh');
    expect(decision).toMatchObject({ verdict: 'denied', stage: 'transport' });
    expect(decision.chain.at(-1)?.proxy).toBe('workload shop/Deployment/web');
    // To a port of other protocols they are handed on.
    const raw = virtualService('edge/r', {
      hosts: ['shop.example'],
      gateways: ['edge/gw'],
      tls: [{ match: [{ port: 443, sniHosts: ['shop.example'] }], ...to('raw.shop.svc.cluster.local:7000') }],
    });
    const service = plainService('shop/raw', { app: 'web' }, [[7000, 7000]]);
    expect(said([passing, raw, service], { to: 'shop/raw:7000', sni: 'shop.example' })).toBe('allowed');
  });

  it('comes from the load balancer behind a PROXY header', () => {
    const topology = { 'proxy.istio.io/config': 'gatewayTopology: {proxyProtocol: {}}' };
    const pod = deployment('edge/door', {
      labels: { door: 'front', 'sidecar.istio.io/inject': 'true' },
      annotations: { 'inject.istio.io/templates': 'gateway', ...topology },
    });
    const rest = base.filter(
      (each) => !(each['kind'] === 'Deployment' && JSON.stringify(each).includes('"door"')),
    );
    const mesh = edge(
      ...rest,
      pod,
      open,
      route(),
      policy('edge/block', {
        action: 'DENY',
        rules: [{ from: [{ source: { remoteIpBlocks: ['203.0.113.0/24'] } }] }],
      }),
    );
    const verdictOf = (proxyProtocol: string | undefined): string => {
      const found = ask(mesh, {
        ...question,
        ip: '10.0.0.1',
        ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
      });
      if ('problem' in found) throw new Error(found.problem);
      return `${found[0]?.decision.verdict ?? ''} ${found[0]?.decision.stage ?? ''}`.trim();
    };
    expect(verdictOf(undefined)).toBe('denied transport');
    expect(verdictOf('198.51.100.7')).toBe('allowed');
    expect(verdictOf('203.0.113.7')).toBe('denied authorization');
  });

  it('passes a waypoint only where gateways are told to', () => {
    const veil = (labels: Readonly<Record<string, string>>) => [
      object('gateway.networking.k8s.io/v1/Gateway', 'mist/way', {
        gatewayClassName: 'istio-waypoint',
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      }),
      policy('mist/read', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'way' }],
        rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
      }),
      object(
        'v1/Service',
        'mist/cache',
        { selector: { app: 'db' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
        { labels },
      ),
      open,
      route('cache.mist.svc.cluster.local:80'),
      deployment('istio-system/istiod', {
        labels: { istio: 'pilot' },
        spec: {
          containers: [
            {
              name: 'discovery',
              image: 'istio/pilot:1.30.0',
              env: [{ name: 'PILOT_ENABLE_AMBIENT', value: 'true' }],
            },
          ],
        },
      }),
    ];
    const post = { to: 'mist/cache:80', http: { method: 'POST', path: '/', headers: {} } };
    const use = { 'istio.io/use-waypoint': 'way' };
    expect(said(veil(use), post)).toBe('allowed');
    expect(said(veil({ ...use, 'istio.io/ingress-use-waypoint': 'true' }), post)).toBe(
      'denied authorization',
    );
  });
});
