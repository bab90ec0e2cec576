import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { Exposure } from '#policy/gateway/exposure.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, object, policiesOf, workload } from '../manifests.js';
import {
  connect,
  door,
  edge,
  gateway,
  plainService,
  routes,
  secret,
  server,
  simple,
  to,
  town,
} from './edge.js';

const web = to('web.shop.svc.cluster.local:80');
const cert = secret('edge/cert');

function ways(parts: readonly JsonObject[], id = 'shop/Deployment/web'): readonly Exposure[] {
  const policies = edge(...town, ...door(), ...parts);
  const decision = policies.exposure(workload(policies.mesh, id));
  if (!decision.known) throw new Error(decision.missing.map(({ text }) => text).join());
  return decision.value;
}

function told({ by, port, host, path, tls, clientCertificate }: Exposure): string {
  return [by, port, host, path, tls, clientCertificate === 'ignored' ? undefined : clientCertificate]
    .filter((word) => word !== undefined)
    .join(' ');
}

describe('ways through gateways', () => {
  it('listener, host, path, TLS and client certificate of each route', () => {
    const servers = [
      server('HTTP', 80, ['*.example']),
      server('HTTPS', 443, ['shop.example'], { ...simple, mode: 'MUTUAL' }),
    ];
    const rules = [{ match: [{ uri: { prefix: '/api' } }, { uri: { exact: '/x' } }], ...web }];
    const parts = [gateway('edge/gw', servers), routes('shop/one', ['shop.example'], rules), cert];
    expect(ways(parts).map(told)).toEqual([
      'gateway 8080 shop.example /api… PLAINTEXT',
      'gateway 8080 shop.example /x PLAINTEXT',
      'gateway 8443 shop.example /api… MUTUAL required',
      'gateway 8443 shop.example /x MUTUAL required',
    ]);
    const [first] = ways(parts);
    expect(first?.at).toMatchObject({ resource: { name: 'one' }, path: ['spec', 'http', 0, 'match', 0] });
    expect(first?.server).toMatchObject({ resource: { name: 'gw' }, path: ['spec', 'servers', 0] });
    expect(ways(parts, 'club/Deployment/api')).toEqual([]);
  });
  it('plaintext that is only redirected is no way in', () => {
    const redirecting = server('HTTP', 80, ['*'], { httpsRedirect: true });
    expect(ways([gateway('edge/gw', [redirecting]), routes('shop/one', ['*'], [web])])).toEqual([]);
  });
  it('streams by server name', () => {
    const passing = gateway('edge/gw', [server('TLS', 443, ['*'], { mode: 'PASSTHROUGH' })]);
    const tls = routes('shop/one', ['shop.example'], [], {
      spec: { tls: [{ match: [{ sniHosts: ['shop.example'] }], ...web }] },
    });
    expect(ways([passing, tls]).map(told)).toEqual(['gateway 8443 shop.example PASSTHROUGH']);
  });
  it('takes clients without certificate by HTTP/3, where the port is open for UDP', () => {
    const mutual = gateway('edge/gw', [server('HTTPS', 443, ['*'], { ...simple, mode: 'MUTUAL' })]);
    const certificate = (quic: string, protocol: string): string | undefined => {
      const env = [{ name: 'PILOT_ENABLE_QUIC_LISTENERS', value: quic }];
      const container = { name: 'discovery', image: 'registry.example/pilot:1.31.0', env };
      const istiod = object('apps/v1/Deployment', 'istio-system/istiod', {
        template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } },
      });
      const service = object('v1/Service', 'edge/quic', {
        selector: { app: 'door' },
        ports: [{ name: 'h3', port: 443, targetPort: 8443, protocol }],
      });
      const parts = [mutual, routes('shop/one', ['*'], [web]), cert, istiod, service];
      return ways(parts).find(({ port }) => port === 8443)?.clientCertificate;
    };
    expect(certificate('true', 'UDP')).toBe('ignored');
    expect(certificate('false', 'UDP')).toBe('required');
    expect(certificate('true', 'TCP')).toBe('required');
  });
  it('says when a credential is missing, and when a gateway is for the cluster alone', () => {
    const parts = [
      gateway('edge/gw', [server('HTTPS', 443, ['*'], simple)]),
      routes('shop/one', ['*'], [web]),
    ];
    expect(ways([...parts, secret('edge/other')])[0]?.blocked).toBe('there is no Secret edge/cert');
    // An input without any Secret is one that was taken without them.
    expect(ways(parts)[0]?.blocked).toBeUndefined();
    expect(ways([...parts, cert])[0]).toMatchObject({ blocked: undefined, clusterOnly: true });
    const balanced = object('v1/Service', 'edge/lb', {
      type: 'LoadBalancer',
      selector: { app: 'door' },
      ports: [{ port: 443, targetPort: 8443 }],
    });
    expect(ways([...parts, cert, balanced])[0]?.clusterOnly).toBe(false);
  });
});

describe('ways past gateways', () => {
  const open = (spec: JsonObject, metadata: JsonObject = {}): readonly JsonObject[] => [
    object(
      'v1/Service',
      'shop/open',
      { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }], ...spec },
      metadata,
    ),
  ];
  it('load balancers, node ports, external addresses', () => {
    expect(ways(open({ type: 'LoadBalancer' })).map(told)).toEqual(['service 80 * DIRECT']);
    expect(ways(open({ type: 'NodePort' })).map(told)).toEqual(['service 30080 * DIRECT']);
    expect(ways(open({ externalIPs: ['192.0.2.1'] })).map(told)).toEqual(['service 80 * DIRECT']);
    expect(ways(open({}))).toEqual([]);
  });
  it('a load balancer inside of the network is none', () => {
    const annotations = { 'networking.gke.io/load-balancer-type': 'Internal' };
    expect(ways(open({ type: 'LoadBalancer' }, { annotations }))).toEqual([]);
  });
  it('Kubernetes Ingresses, old and new', () => {
    const path = {
      path: '/api',
      pathType: 'Prefix',
      backend: { service: { name: 'web', port: { number: 80 } } },
    };
    const ingress = object('networking.k8s.io/v1/Ingress', 'shop/in', {
      tls: [{ hosts: ['shop.example'] }],
      rules: [
        { host: 'shop.example', http: { paths: [path] } },
        { host: 'plain.example', http: { paths: [{ backend: { serviceName: 'web' } }] } },
      ],
    });
    expect(ways([ingress]).map(told)).toEqual([
      'ingress shop.example /api… SIMPLE',
      'ingress plain.example PLAINTEXT',
    ]);
  });
});

describe('what is not in the input', () => {
  const parts = [
    ...town,
    ...door(),
    gateway('edge/gw', [server('HTTP', 80)]),
    routes('shop/one', ['*'], [web]),
  ];

  it('in a partial scope a way that is found is certain, none is not', () => {
    const policies = policiesOf(parts, { scope: 'partial' });
    const exposure = (id: string): unknown => {
      const decision = policies.exposure(workload(policies.mesh, id));
      return decision.known ? decision.value.map(told) : decision.missing.map(({ key }) => key);
    };
    expect(exposure('shop/Deployment/web')).toEqual(['gateway 8080 * PLAINTEXT']);
    expect(exposure('club/Deployment/api')).toContain('gateway-configuration');
  });
  it('in a partial scope a connection is not decided, but its way is told', () => {
    const decision = connect(policiesOf(parts, { scope: 'partial' }), {});
    expect(decision.outcome).toBe('unknown');
    expect(decision.missing.map(({ key }) => key)).toEqual(['gateway-configuration']);
    expect(decision.destination?.host).toBe('web.shop.svc.cluster.local');
  });
  it('a route in differing forms leaves the listeners unknown', () => {
    const text = asText([...parts, routes('shop/one', ['*'], [to('nothing:80')])]);
    const policies = effectivePolicies(meshOf(text));
    const decision = policies.gatewayListeners(workload(policies.mesh, 'edge/Deployment/door'));
    expect(decision.known ? [] : decision.missing.map(({ key }) => key)).toEqual(['contested']);
    expect(connect(policies, {}).outcome).toBe('unknown');
  });
  it('a workload that is no gateway listens on nothing', () => {
    expect(connect(edge(...parts), { gateway: 'shop/Deployment/web', port: 8080 }).outcome).toBe(
      'no-listener',
    );
  });
  it('names the chosen chain, virtual host and route, for what policies have to say in between', () => {
    const { path } = connect(edge(...parts), {});
    expect(path.chain?.mode).toBe('PLAINTEXT');
    expect(path.virtualHost?.domain).toBe('*');
    expect(path.route?.at).toMatchObject({ resource: { name: 'one' }, path: ['spec', 'http', 0] });
  });
  it('a Service without pods of the town is no evidence', () => {
    expect(ways([plainService('club/none', { app: 'none' }, [[80, 80]])])).toEqual([]);
  });
});
