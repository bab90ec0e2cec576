import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, authorization, meshConfig, outcome, policy, shopWith } from './ask.js';

const mode = (name: string): string =>
  policy('PeerAuthentication', 'm', { mtls: { mode: name } }, 'istio-system');
const port = (number: number): JsonObject => ({
  to: { namespace: 'shop', workload: 'Deployment/cart', port: number },
});
const clients = { mesh: {}, plaintext: { from: { plaintext: true } }, foreign: { from: { tls: 'foreign' } } };

const refused = 'denied transport';

// pilot/pkg/networking/core/filterchain_options.go
describe('who gets a filter chain', () => {
  it.each<[string, keyof typeof clients, string, string, string]>([
    ['STRICT', 'mesh', 'allowed', 'allowed', 'allowed'],
    ['STRICT', 'plaintext', refused, refused, refused],
    ['STRICT', 'foreign', refused, refused, refused],
    ['PERMISSIVE', 'mesh', 'allowed', 'allowed', 'allowed'],
    ['PERMISSIVE', 'plaintext', 'allowed', 'allowed', 'allowed'],
    ['PERMISSIVE', 'foreign', refused, 'allowed', 'allowed'],
    ['DISABLE', 'mesh', refused, refused, refused],
    ['DISABLE', 'plaintext', 'allowed', 'allowed', 'allowed'],
    ['DISABLE', 'foreign', 'allowed', 'allowed', 'allowed'],
  ])('%s, %s client: HTTP, TCP and detected port', (name, client, http, tcp, detected) => {
    const policies = shopWith([mode(name)]);
    const ask3 = [8080, 9000, 7000].map((number) =>
      outcome(ask(policies, { ...clients[client], ...port(number) })),
    );
    expect(ask3).toEqual([http, tcp, detected]);
  });

  it('foreign TLS is judged as bytes, with the name it asks for where TLS is looked at', () => {
    const named = authorization('p', {
      rules: [{ when: [{ key: 'connection.sni', values: ['a.example'] }] }],
    });
    const request = { ...clients.foreign, ...port(9000), sni: 'a.example' };
    expect(ask(shopWith([mode('PERMISSIVE'), named]), request).verdict).toBe('allowed');
    expect(ask(shopWith([mode('DISABLE'), named]), request).verdict).toBe('denied');
  });

  it('bytes that are not HTTP get a 400 from an HTTP port', () => {
    expect(outcome(ask(shopWith([]), { http: null }))).toBe(refused);
    expect(outcome(ask(shopWith([]), { http: { method: 'get' } }))).toBe(refused);
    expect(outcome(ask(shopWith([]), { http: { path: 'x' } }))).toBe(refused);
  });
});

// pilot/pkg/networking/plugin/authn/util.go, TrustDomainsForValidation
describe('trust domains of peers', () => {
  const from = (trustDomain: string): JsonObject => ({
    from: { namespace: 'shop', serviceAccount: 'web', trustDomain },
  });
  const config = meshConfig({
    trustDomain: 'td1',
    trustDomainAliases: ['td2'],
    caCertificates: [{ trustDomains: ['td3'] }],
  });
  it.each([
    ['td1', 'allowed'],
    ['td2', 'allowed'],
    ['td3', 'allowed'],
    ['td', refused],
    ['td11', refused],
    ['cluster.local', refused],
  ])('%s', (domain, expected) => {
    expect(outcome(ask(shopWith([config]), from(domain)))).toBe(expected);
  });

  it('are not checked when istiod is told so', () => {
    const env = [{ name: 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', value: 'true' }];
    const container = { name: 'discovery', image: 'istio/pilot:1.31.0', env };
    const metadata = { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } };
    const spec = {
      selector: {},
      template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } },
    };
    const istiod = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
    expect(outcome(ask(shopWith([config, istiod]), from('evil')))).toBe('allowed');
  });
});

describe('what the input does not tell', () => {
  it('leaves a request allowed by nothing else unknown in a partial scope', () => {
    const decision = ask(shopWith([], { scope: 'partial' }));
    expect(decision.verdict).toBe('unknown');
    expect(decision.missing.map(({ key }) => key)).toContain('authorization-policies');
  });

  it('does not touch a DENY that matches', () => {
    const deny = authorization('p', { action: 'DENY', rules: [{}] });
    expect(outcome(ask(shopWith([deny], { scope: 'partial' })))).toBe('denied authorization shop/p[0]');
  });

  it('leaves an ALLOW that does not match unknown, for another may', () => {
    const allow = authorization('p', { rules: [{ to: [{ operation: { paths: ['/a'] } }] }] });
    expect(ask(shopWith([allow], { scope: 'partial' })).verdict).toBe('unknown');
  });

  it('leaves a destination address unknown without the pod', () => {
    const allow = authorization('p', {
      rules: [{ when: [{ key: 'destination.ip', values: ['10.1.1.1'] }] }],
    });
    expect(ask(shopWith([allow])).verdict).toBe('unknown');
    const deny = authorization('d', { action: 'DENY', rules: [{}] });
    expect(ask(shopWith([allow, deny])).verdict).toBe('denied');
  });

  it('names a workload that is not there', () => {
    const decision = ask(shopWith([]), { to: { namespace: 'shop', workload: 'Deployment/none', port: 80 } });
    expect(decision).toMatchObject({ verdict: 'unknown', missing: [{ key: 'workload' }] });
  });
});

describe('the chain', () => {
  it('names each step with the field that decided it', () => {
    const deny = authorization('p', { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/a'] } }] }] });
    const allow = authorization('q', { rules: [{ to: [{ operation: { methods: ['GET'] } }] }] });
    const { chain } = ask(shopWith([mode('STRICT'), deny, allow]));
    const shown = chain.map(({ stage, outcome: result, at }) => [
      stage,
      result,
      at?.resource.name,
      at?.path.join('.'),
    ]);
    expect(shown).toEqual([
      ['transport', 'passed', 'm', 'spec.mtls.mode'],
      ['deny', 'passed', undefined, undefined],
      ['allow', 'passed', 'q', 'spec.rules.0'],
    ]);
  });
});
