import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { NamedCertificate } from '#policy/gateway-authorization/gateway-probe.js';
import {
  allow,
  ask,
  checker,
  custom,
  decide,
  deny,
  meshConfig,
  open,
  operation,
  paths,
  probeOf,
  providers,
  said,
  servers,
  source,
} from './gate.js';
import type { Knock } from './gate.js';
import { decideGateway } from '#policy/gateway-authorization/decide-gateway.js';
import { door, edge, gateway, server, town } from '../gateway/edge.js';

const web = 'routed web.shop:80';
const refused = 'denied authorization edge/no[0]';
const none = 'denied authorization';
const shown = (names: readonly string[], subject?: string): NamedCertificate => ({
  trusted: true,
  names,
  subject,
});
const partner = shown(['spiffe://cluster.local/ns/partner/sa/app']);
const evil = shown(['spiffe://evil.example/ns/partner/sa/app']);
const principal = (name: string): JsonObject => allow(source({ principals: [name] }));
const fromPartner = allow(source({ namespaces: ['partner'] }));

// AuthenticatedMatcher in Envoy's rbac/matchers.cc: URI names, DNS names, subject; BuildListenerTLSContext in listener.go: no trust domain
describe('names of clients', () => {
  it.each<[string, string, NamedCertificate | undefined, JsonObject, string]>([
    ['a mesh identity', 'mutual.example', partner, principal('cluster.local/ns/partner/sa/app'), web],
    ['a mesh identity of another CA', 'mesh.example', evil, fromPartner, web],
    ['that is not the principal', 'mesh.example', evil, principal('cluster.local/ns/partner/sa/app'), none],
    [
      'any URI with the namespace in it',
      'mutual.example',
      shown(['https://a.example/ns/partner/x']),
      fromPartner,
      web,
    ],
    [
      'the second of two URI names',
      'mutual.example',
      shown(['https://a.example/', ...partner.names]),
      fromPartner,
      web,
    ],
    ['* and a DNS name', 'mutual.example', shown(['client.example']), principal('*'), web],
    ['* and a common name', 'mutual.example', shown([], 'CN=client'), principal('*'), web],
    ['* and no name', 'mutual.example', shown([]), principal('*'), none],
    [
      'a DNS name can not be written',
      'mutual.example',
      shown(['client.example']),
      principal('client.example'),
      none,
    ],
    ['SIMPLE asks for no certificate', 'plain.example', partner, principal('*'), none],
    ['SIMPLE and a negation', 'plain.example', partner, allow(source({ notPrincipals: ['*'] })), web],
    ['OPTIONAL_MUTUAL with one', 'maybe.example', partner, fromPartner, web],
    ['OPTIONAL_MUTUAL without', 'maybe.example', undefined, fromPartner, none],
  ])('%s', (_, sni, certificate, policy, expected) => {
    expect(ask([policy], { sni, ...(certificate && { certificate }) })).toBe(expected);
  });

  it('ends the connection before any policy where the certificate is bad', () => {
    const knock: Knock = { sni: 'mutual.example', certificate: { ...partner, trusted: false } };
    expect(ask([deny({})], knock)).toBe('tls-refused');
    expect(ask([deny({})], { sni: 'mutual.example' })).toBe('tls-refused');
  });

  it('compares the server name in lower case and apart from the host', () => {
    const sni = { when: [{ key: 'connection.sni', values: ['plain.example'] }] };
    expect(ask([deny(sni)], { sni: 'PLAIN.example', host: 'plain.example' })).toBe(refused);
    expect(ask([deny(operation({ hosts: ['mutual.example'] }))], { sni: 'plain.example' })).toBe(web);
  });
});

// pilot/pkg/security/authz/builder/builder.go, BuildTCP: HTTP fields widen DENY, drop ALLOW
describe('servers that read no HTTP', () => {
  const bytes: Knock = { port: 9000, raw: true };
  const sealed: Knock = { sni: 'closed.example', raw: true };
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['bytes', [], bytes, 'tcp raw.shop:7000'],
    ['TLS that is passed on', [], sealed, 'passthrough web.shop:81'],
    ['DENY paths is DENY all', [deny(paths('/admin'))], bytes, refused],
    ['on TLS too', [deny(paths('/admin'))], sealed, refused],
    [
      'unless the pod’s ports are said',
      [deny(operation({ paths: ['/admin'], ports: ['8080'] }))],
      bytes,
      'tcp raw.shop:7000',
    ],
    ['ALLOW paths is ALLOW none', [allow(paths('/'))], bytes, none],
    [
      'who can not be seen has no principal',
      [deny(source({ notPrincipals: ['*'] }))],
      { ...sealed, certificate: partner },
      refused,
    ],
    ['an HTTP authorizer is not asked', [custom('web'), providers, checker], bytes, 'tcp raw.shop:7000'],
    ['a gRPC one is', [custom('rpc'), providers, checker], bytes, none],
  ])('%s', (_, parts, knock, expected) => {
    expect(ask(parts, knock)).toBe(expected);
  });

  it('asks no policy at AUTO_PASSTHROUGH', () => {
    const auto = gateway('edge/gw', [server('TLS', 443, ['*.local'], { mode: 'AUTO_PASSTHROUGH' })]);
    const sni = 'outbound_.80_._.web.shop.svc.cluster.local';
    expect(said(decide([auto, deny({})], { sni, alpn: ['istio'], raw: true }))).toBe(
      'passthrough web.shop:80',
    );
  });
});

// pilot/pkg/security/authz/model/generator.go, destPortGenerator; headerPattern of hosts
describe('ports and hosts', () => {
  it.each<[string, JsonObject, Knock, string]>([
    ['the pod’s port', deny(operation({ ports: ['8080'] })), {}, refused],
    ['the Gateway’s port is none', deny(operation({ ports: ['80'] })), {}, web],
    ['a host', deny(operation({ hosts: ['shop.example'] })), { host: 'SHOP.example' }, refused],
    [
      'a host with a port is another',
      deny(operation({ hosts: ['shop.example'] })),
      { host: 'shop.example:80' },
      web,
    ],
    [
      'both',
      deny(operation({ hosts: ['shop.example', 'shop.example:*'] })),
      { host: 'shop.example:80' },
      refused,
    ],
  ])('%s', (_, policy, knock, expected) => {
    expect(ask([policy], knock)).toBe(expected);
  });
});

// mutateRequestHeaders in Envoy's source/common/http/conn_manager_utility.cc; buildGatewayConnectionManager in gateway.go
describe('addresses', () => {
  const believed = deny(source({ remoteIpBlocks: ['203.0.113.0/24'] }));
  const direct = deny(source({ ipBlocks: ['203.0.113.0/24'] }));
  const hops = (gatewayTopology: JsonObject): JsonObject =>
    meshConfig({ defaultConfig: { gatewayTopology } });
  const via = (list: string, ip = '192.0.2.1'): Knock => ({ ip, headers: { 'x-forwarded-for': list } });
  const proxied: Knock = { ip: '192.0.2.1', proxyProtocol: '203.0.113.7' };
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['the header is not believed', [believed], via('203.0.113.7'), web],
    ['the peer is', [believed], via('192.0.2.9', '203.0.113.7'), refused],
    [
      'one proxy: the last',
      [believed, hops({ numTrustedProxies: 1 })],
      via('192.0.2.9, 203.0.113.7'),
      refused,
    ],
    [
      'two proxies: the one before',
      [believed, hops({ numTrustedProxies: 2 })],
      via('203.0.113.7, 192.0.2.9'),
      refused,
    ],
    ['too few: the peer', [believed, hops({ numTrustedProxies: 2 })], via('203.0.113.7'), web],
    [
      'with a port it can not be read',
      [believed, hops({ numTrustedProxies: 1 })],
      via('203.0.113.7:80'),
      web,
    ],
    ['ipBlocks is the peer', [direct, hops({ numTrustedProxies: 1 })], via('203.0.113.7'), web],
    ['PROXY protocol', [believed, hops({ proxyProtocol: {} })], proxied, refused],
    ['ipBlocks is the load balancer then', [direct, hops({ proxyProtocol: {} })], proxied, web],
    ['on bytes too', [believed, hops({ proxyProtocol: {} })], { ...proxied, port: 9000, raw: true }, refused],
    ['without its header nothing is heard', [hops({ proxyProtocol: {} })], {}, 'closed'],
  ])('%s', (_, parts, knock, expected) => {
    expect(ask(parts, knock)).toBe(expected);
  });

  it('takes the topology of the annotation in place of the mesh’s', () => {
    const answer = (config: string): string => {
      const given = JSON.stringify(door()).replace(
        '"inject.istio.io/templates":"gateway"',
        `"inject.istio.io/templates":"gateway","proxy.istio.io/config":${JSON.stringify(config)}`,
      );
      const pods = JSON.parse(given) as JsonObject[];
      const policies = edge(...town, ...pods, ...servers, open, believed, hops({ numTrustedProxies: 1 }));
      return said(decideGateway(policies, probeOf(via('203.0.113.7'))));
    };
    expect(answer('gatewayTopology: {}')).toBe(web);
    expect(answer('concurrency: 2')).toBe(refused);
  });

  it('leaves the pod’s own address open unless it is told', () => {
    const own = deny({ when: [{ key: 'destination.ip', values: ['10.1.0.0/16'] }] });
    expect(decide([...servers, own]).outcome).toBe('unknown');
    expect(decide([...servers, own], {}, { podIp: '10.1.2.3' }).outcome).toBe('denied');
  });
});

// mutateRequestHeaders again: what the proxy sets is there, what only proxies may send is gone
describe('headers', () => {
  const header = (name: string, value: string): JsonObject =>
    deny({ when: [{ key: `request.headers[${name}]`, values: [value] }] });
  it.each<[string, JsonObject, Knock, string]>([
    [
      'the peer is appended',
      header('x-forwarded-for', '198.51.100.1,192.0.2.10'),
      { headers: { 'x-forwarded-for': '198.51.100.1' } },
      refused,
    ],
    ['the client’s address', header('x-envoy-external-address', '192.0.2.10'), {}, refused],
    [
      'x-envoy-internal can not be sent',
      header('x-envoy-internal', '*'),
      { headers: { 'x-envoy-internal': 'true' } },
      web,
    ],
    [
      'nor names of certificates',
      header('x-forwarded-client-cert', '*'),
      { headers: { 'x-forwarded-client-cert': 'x' } },
      web,
    ],
    [
      'nor the scheme',
      header('x-forwarded-proto', 'https'),
      { headers: { 'x-forwarded-proto': 'https' } },
      web,
    ],
  ])('%s', (_, policy, knock, expected) => {
    expect(ask([policy], knock)).toBe(expected);
  });
});
