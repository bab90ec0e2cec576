import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { secret } from './edge.js';
import type { Probe } from './edge.js';
import { askKube as ask, backend, everywhere, grant, host, kubeGateway, route } from './kube.js';

const yes = 'routed web.shop:80';
const web = route('shop/web', [backend('web')]);

describe('TLS of listeners (buildTLS, buildListener in conversion.go)', () => {
  const https = (tls: JsonObject): JsonObject =>
    kubeGateway([{ name: 'https', port: 443, protocol: 'HTTPS', hostname: host, ...everywhere, tls }]);
  const own: JsonObject = { certificateRefs: [{ name: 'cert' }] };
  const foreign: JsonObject = { certificateRefs: [{ name: 'cert', namespace: 'shop' }] };
  const mutual: JsonObject = { ...own, options: { 'gateway.istio.io/tls-terminate-mode': 'MUTUAL' } };
  const from = { kind: 'Gateway', namespace: 'edge' };
  const cases: readonly [string, readonly JsonObject[], Probe, string][] = [
    ['a certificate of its own', [https(own), secret('edge/cert')], { sni: host }, yes],
    [
      'one that is missing: no listener at all',
      [https(own), secret('edge/other')],
      { sni: host },
      'no-listener',
    ],
    ['one of an input without any Secret', [https(own)], { sni: host }, 'unknown web.shop:80'],
    ['one of another namespace', [https(foreign), secret('shop/cert')], { sni: host }, 'no-listener'],
    [
      '… with a grant',
      [https(foreign), secret('shop/cert'), grant('shop/g', from, { kind: 'Secret' })],
      { sni: host },
      yes,
    ],
    ['option MUTUAL', [https(mutual), secret('edge/cert')], { sni: host }, 'tls-refused'],
    [
      'option MUTUAL with a certificate',
      [https(mutual), secret('edge/cert')],
      { sni: host, certificate: 'trusted' },
      yes,
    ],
    [
      'HTTPS without a tls section',
      [kubeGateway([{ name: 'https', port: 443, protocol: 'HTTPS' }])],
      { sni: host },
      'no-listener',
    ],
  ];
  it.each(cases)('%s', (_title, parts, probe, expected) => {
    expect(ask([...parts, web], probe)).toBe(expected);
  });
  it('the Gateway’s frontend validation asks for client certificates', () => {
    const refs = { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] };
    const ca = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ca', namespace: 'edge' },
      data: { 'ca.crt': 'x' },
    };
    const listener = { name: 'https', port: 443, protocol: 'HTTPS', ...everywhere, tls: own };
    const validated = (validation: JsonObject): JsonObject =>
      kubeGateway([listener], { tls: { frontend: { default: { validation } } } });
    const parts = [secret('edge/cert'), ca, web];
    expect(ask([validated(refs), ...parts], { sni: host })).toBe('tls-refused');
    expect(ask([validated(refs), ...parts], { sni: host, certificate: 'trusted' })).toBe(yes);
    const lax = validated({ ...refs, mode: 'AllowInsecureFallback' });
    expect(ask([lax, ...parts], { sni: host, certificate: 'untrusted' })).toBe(yes);
    expect(ask([validated(refs), secret('edge/cert'), web], { sni: host })).toBe('no-listener');
  });
  it('TLSRoutes pass on, or take what has ended at the gateway; TCPRoutes take everything', () => {
    const passing = kubeGateway([
      {
        name: 'tls',
        port: 443,
        protocol: 'TLS',
        hostname: '*.example',
        ...everywhere,
        tls: { mode: 'Passthrough' },
      },
    ]);
    const tls = route(
      'shop/raw',
      [backend('raw', 7000)],
      { hostnames: [host, 'a.org'] },
      { kind: 'TLSRoute' },
    );
    expect(ask([passing, tls], { sni: host })).toBe('passthrough raw.shop:7000');
    expect(ask([passing, tls], { sni: 'a.org' })).toBe('tls-refused');
    const ending = kubeGateway([
      { name: 'tls', port: 443, protocol: 'TLS', ...everywhere, tls: { mode: 'Terminate', ...own } },
    ]);
    expect(ask([ending, tls, secret('edge/cert')], { sni: host })).toBe('tcp raw.shop:7000');
    const tcp = kubeGateway([{ name: 'tcp', port: 9000, protocol: 'TCP', ...everywhere }]);
    const all = route('shop/raw', [backend('raw', 7000)], {}, { kind: 'TCPRoute' });
    expect(ask([tcp, all], { port: 9000, raw: true })).toBe('tcp raw.shop:7000');
    const none = route('shop/raw', [backend('raw', 7000, { weight: 0 })], {}, { kind: 'TCPRoute' });
    expect(ask([tcp, none], { port: 9000, raw: true })).toBe('closed');
  });
});
