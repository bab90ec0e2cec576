import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, authorization, meshConfig, outcome, shopWith } from './ask.js';

const tcp = { to: { namespace: 'shop', workload: 'Deployment/cart', port: 9000 }, http: null };
const unnamed = { to: { namespace: 'shop', workload: 'Deployment/cart', port: 7000 } };
const plaintext = { from: { plaintext: true } };
const allow = (rule: JsonObject): string => authorization('p', { rules: [rule] });
const deny = (rule: JsonObject): string => authorization('p', { action: 'DENY', rules: [rule] });
const paths = (...values: string[]): JsonObject => ({ to: [{ operation: { paths: values } }] });
const source = (fields: JsonObject): JsonObject => ({ from: [{ source: fields }] });
const get = (path: string): JsonObject => ({ http: { path } });

const denied = 'denied authorization';
const byP = `${denied} shop/p[0]`;

// pilot/pkg/security/authz/builder/builder.go and model/model.go; api security/v1beta1/authorization_policy.proto
describe('which requests authorization lets in', () => {
  it.each<[string, readonly string[], JsonObject, string]>([
    ['no policy', [], {}, 'allowed'],
    ['ALLOW without rules', [authorization('p', {})], {}, denied],
    ['ALLOW with an empty list of rules', [authorization('p', { rules: [] })], {}, denied],
    ['ALLOW with an empty rule', [allow({})], {}, 'allowed'],
    ['DENY without rules', [authorization('p', { action: 'DENY' })], {}, 'allowed'],
    ['DENY with an empty rule', [deny({})], {}, byP],
    ['DENY with an empty source', [deny({ from: [{ source: {} }], ...paths('/a') })], get('/a'), byP],
    ['AUDIT', [authorization('p', { action: 'AUDIT', rules: [{}] })], {}, 'allowed'],
    [
      'DENY before ALLOW',
      [allow({}), authorization('d', { action: 'DENY', rules: [{}] })],
      {},
      `${denied} shop/d[0]`,
    ],
    [
      'ALLOW of the namespace does not loosen DENY of the mesh',
      [allow({}), authorization('d', { action: 'DENY', rules: [paths('/a')] }, 'istio-system')],
      get('/a'),
      `${denied} istio-system/d[0]`,
    ],
    [
      'ALLOW policies are pooled',
      [allow(paths('/a')), authorization('q', { rules: [paths('/b')] }, 'istio-system')],
      get('/b'),
      'allowed',
    ],
    ['a policy of another namespace', [authorization('p', {}, 'other')], {}, 'allowed'],
    [
      'a selector in the root namespace',
      [authorization('p', { selector: { matchLabels: { app: 'cart' } } }, 'istio-system')],
      {},
      denied,
    ],
    [
      'a selector that does not match',
      [authorization('p', { selector: { matchLabels: { app: 'web' } } })],
      {},
      'allowed',
    ],
    [
      'targetRefs at a sidecar',
      [authorization('p', { targetRefs: [{ kind: 'Service', name: 'cart' }] })],
      {},
      'allowed',
    ],
    [
      'targetRefs beside a selector',
      [
        authorization('p', {
          selector: { matchLabels: { app: 'cart' } },
          targetRefs: [{ kind: 'Service', name: 'cart' }],
        }),
      ],
      {},
      'allowed',
    ],
    [
      'two conditions of which one fails',
      [
        allow({
          when: [
            { key: 'request.headers[a]', values: ['1'] },
            { key: 'request.headers[b]', values: ['1'] },
          ],
        }),
      ],
      { http: { headers: { a: '1' } } },
      denied,
    ],
    [
      'an unknown key makes a DENY rule void',
      [deny({ when: [{ key: 'request.nonsense', values: ['x'] }] })],
      {},
      'allowed',
    ],
    [
      'the first of several rules by name',
      [authorization('p', { action: 'DENY', rules: [paths('/x'), {}, {}] })],
      {},
      `${denied} shop/p[1]`,
    ],
  ])('%s', (_, documents, request, expected) => {
    expect(outcome(ask(shopWith(documents), request))).toBe(expected);
  });
});

// pilot/pkg/security/authz/model/principal.go, principalAuthenticated: negations hold where there is no identity.
describe('peers without identity', () => {
  it.each<[string, string, string]>([
    ['principals', allow(source({ principals: ['*'] })), denied],
    ['notPrincipals', allow(source({ notPrincipals: ['cluster.local/ns/evil/sa/x'] })), 'allowed'],
    ['notNamespaces', allow(source({ notNamespaces: ['evil'] })), 'allowed'],
    ['DENY namespaces', deny(source({ namespaces: ['evil'] })), 'allowed'],
    ['DENY notPrincipals [*]', deny(source({ notPrincipals: ['*'] })), byP],
    ['connection.sni', allow({ when: [{ key: 'connection.sni', values: ['*'] }] }), denied],
  ])('%s', (_, document, expected) => {
    expect(outcome(ask(shopWith([document]), plaintext))).toBe(expected);
  });
});

// model.go, checkError; listener_inbound.go: a detected port has a chain for HTTP and one for other bytes.
describe('ports that are not HTTP', () => {
  it.each<[string, string, JsonObject, string]>([
    ['ALLOW with HTTP fields is dropped', allow(paths('/*')), tcp, denied],
    ['DENY with only HTTP fields denies all', deny(paths('/admin')), tcp, byP],
    [
      'DENY with HTTP and port keeps the port',
      deny({ to: [{ operation: { paths: ['/a'], ports: ['8080'] } }] }),
      tcp,
      'allowed',
    ],
    ['DENY notRequestPrincipals denies all', deny(source({ notRequestPrincipals: ['*'] })), tcp, byP],
    ['remoteIpBlocks is the peer', allow(source({ remoteIpBlocks: ['10.0.0.10'] })), tcp, 'allowed'],
    ['a detected port, HTTP', allow(paths('/a')), { ...unnamed, ...get('/a') }, 'allowed'],
    ['a detected port, other bytes', allow(paths('/a')), { ...unnamed, http: null }, denied],
    [
      'a detected port, plaintext, odd target',
      allow(paths('/*')),
      { ...unnamed, ...plaintext, ...get('x') },
      denied,
    ],
  ])('%s', (_, document, request, expected) => {
    expect(outcome(ask(shopWith([document]), request))).toBe(expected);
  });
});

// Envoy's RBAC filter (source/extensions/filters/common/rbac/matchers.cc) and header map
describe('values of requests', () => {
  it.each<[string, string, JsonObject, string]>([
    [
      'one line of a repeated header is enough',
      allow({ when: [{ key: 'request.headers[x-role]', values: ['admin'] }] }),
      { http: { headers: { 'x-role': 'guest', 'X-Role': 'admin' } } },
      'allowed',
    ],
    [
      'lines of a header that Envoy keeps in one become one text',
      deny({ when: [{ key: 'request.headers[x-forwarded-port]', values: ['80'] }] }),
      { http: { headers: { 'x-forwarded-port': '80', 'X-Forwarded-Port': '81' } } },
      'allowed',
    ],
    [
      'a comma is part of the value',
      deny({ when: [{ key: 'request.headers[X-Role]', values: ['guest'] }] }),
      { http: { headers: { 'x-role': 'guest,x' } } },
      'allowed',
    ],
    [
      'a present but empty header',
      allow({ when: [{ key: 'request.headers[x-role]', values: ['*'] }] }),
      { http: { headers: { 'x-role': '' } } },
      'allowed',
    ],
    [
      'notValues without the header',
      allow({ when: [{ key: 'request.headers[x-role]', notValues: ['*'] }] }),
      {},
      'allowed',
    ],
    [
      'host with a port',
      deny({ to: [{ operation: { hosts: ['cart.shop'] } }] }),
      { http: { host: 'cart.shop:80' } },
      'allowed',
    ],
    [
      'host in capitals',
      deny({ to: [{ operation: { hosts: ['cart.shop'] } }] }),
      { http: { host: 'CART.shop' } },
      byP,
    ],
    [
      'host of an absolute target',
      deny({ to: [{ operation: { hosts: ['secret.example'], paths: ['/p'] } }] }),
      { http: { path: 'http://secret.example/p', host: 'x' } },
      byP,
    ],
    ['the query is no part of the path', deny(paths('/a')), get('/a?b=c'), byP],
    ['a fragment is no part of the path', deny(paths('/a')), get('/a#b'), byP],
    ['the method has case', allow({ to: [{ operation: { methods: ['get'] } }] }), {}, denied],
    [
      'the last forwarded address is believed',
      allow(source({ remoteIpBlocks: ['192.0.2.7'] })),
      { http: { headers: { 'x-forwarded-for': '10.0.0.1, 192.0.2.7' } } },
      'allowed',
    ],
    [
      'the direct peer is not forwarded',
      allow(source({ ipBlocks: ['192.0.2.7'] })),
      { http: { headers: { 'x-forwarded-for': '192.0.2.7' } } },
      denied,
    ],
    [
      'an unreadable forwarded address',
      allow(source({ remoteIpBlocks: ['10.0.0.10'] })),
      { http: { headers: { 'x-forwarded-for': '10.9.9.9, unknown' } } },
      'allowed',
    ],
    [
      'SNI is compared in lower case',
      allow({ when: [{ key: 'connection.sni', values: ['a.example'] }] }),
      { sni: 'A.Example' },
      'allowed',
    ],
    ['the pod port counts', allow({ to: [{ operation: { ports: ['80'] } }] }), {}, denied],
  ])('%s', (_, document, request, expected) => {
    expect(outcome(ask(shopWith([document]), request))).toBe(expected);
  });
});

// builder.go, isDryRun
describe('dry run', () => {
  const annotated = (value: string, spec: JsonObject): string => {
    const metadata = { name: 'p', namespace: 'shop', annotations: { 'istio.io/dry-run': value } };
    return JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec,
    });
  };
  it.each([
    ['true', 'allowed'],
    ['T', 'allowed'],
    ['false', denied],
    ['yes', denied],
  ])('%s', (value, expected) => {
    expect(outcome(ask(shopWith([annotated(value, {})])))).toBe(expected);
  });
});

// pilot/pkg/security/trustdomain/bundle.go
describe('trust domains', () => {
  const config = meshConfig({
    trustDomain: 'td1',
    trustDomainAliases: ['td2'],
    caCertificates: [{ trustDomains: ['td3'] }],
  });
  const principal = 'cluster.local/ns/shop/sa/web';
  const client = (trustDomain?: string): JsonObject => {
    return { from: { namespace: 'shop', serviceAccount: 'web', ...(trustDomain && { trustDomain }) } };
  };
  it.each<[string, string, JsonObject, string]>([
    ['cluster.local stands for the mesh', allow(source({ principals: [principal] })), client(), 'allowed'],
    ['and for its aliases', allow(source({ principals: [principal] })), client('td2'), 'allowed'],
    [
      'but not for domains of other authorities',
      allow(source({ principals: [principal] })),
      client('td3'),
      denied,
    ],
    ['which namespaces do not ask for', allow(source({ namespaces: ['shop'] })), client('td3'), 'allowed'],
    [
      'a prefix is not expanded',
      deny(source({ principals: ['cluster.local/ns/shop/*'] })),
      client(),
      'allowed',
    ],
    [
      'notTrustDomains of one known domain excludes all',
      allow(source({ notTrustDomains: ['td2'] })),
      client(),
      denied,
    ],
    ['a domain that nobody trusts', allow({}), client('evil'), 'denied transport'],
  ])('%s', (_, document, request, expected) => {
    expect(outcome(ask(shopWith([config, document]), request))).toBe(expected);
  });
});
