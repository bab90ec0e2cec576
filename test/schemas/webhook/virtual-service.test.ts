import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { isHeaderValue } from '#schemas/webhook/header-values.js';
import { createHostIndex, overlappingHost } from '#schemas/webhook/host-index.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, spec: JsonObject, errors: readonly string[]];

const destination = { host: 'a' };
const route = [{ destination }];
const http = (fields: JsonObject): JsonObject => ({ hosts: ['a'], http: [{ route, ...fields }] });
const only = (fields: JsonObject): JsonObject => ({ hosts: ['a'], http: [fields] });
const match = (fields: JsonObject): JsonObject => http({ match: [fields] });
const tls = (sniHost: string): JsonObject => ({
  hosts: ['*.a.example'],
  gateways: ['foo/g'],
  tls: [{ match: [{ sniHosts: [sniHost] }], route }],
});
const at = 'spec.http.0';

/** Rows by istio/istio pkg/config/validation/validation.go ValidateVirtualService and virtualservice.go. */
const rows: readonly Row[] = [
  ['a route', http({}), []],
  ['nothing to do', { hosts: ['a'] }, ['spec']],
  ['neither route nor redirect', only({}), [`${at}.route`]],
  ['route and redirect', http({ redirect: { uri: '/' } }), [`${at}.route`]],
  ['a root that delegates', only({ delegate: { name: 'b' } }), []],
  ['a delegate with gateways', { gateways: ['foo/g'], http: [{ route }] }, ['spec.gateways']],
  ['every host in the mesh', { hosts: ['*'], http: [{ route }] }, ['spec.hosts.0']],
  ['every host at a gateway', { hosts: ['*'], gateways: ['foo/g'], http: [{ route }] }, []],
  ['hosts that overlap', { hosts: ['a.b.example', '*.b.example'], http: [{ route }] }, ['spec.hosts.0']],
  ['a gateway in the form of old', { hosts: ['a'], gateways: ['g.foo.svc.cluster.local'], http: [{ route }] }, []],
  ['a gateway without name', { hosts: ['a'], gateways: ['foo/'], http: [{ route }] }, ['spec.gateways.0']],
  ['a claim in the mesh', match({ headers: { '@request.auth.claims.a': { exact: 'b' } } }), [`${at}.match.0.headers.@request.auth.claims.a`]],
  ['a header with a blank', match({ headers: { 'a b': { exact: 'c' } } }), [`${at}.match.0.headers.a b`]],
  ['an empty prefix of a header', match({ headers: { a: { prefix: '' } } }), [`${at}.match.0.headers.a.prefix`]],
  ['an empty prefix of a path', match({ uri: { prefix: '' } }), []],
  ['a lookahead', match({ uri: { regex: '(?=a)' } }), [`${at}.match.0.uri.regex`]],
  ['the absence of a header', match({ withoutHeaders: { a: { regex: '*' } } }), []],
  ['weights of 0', http({ route: [{ destination }, { destination }] }), [`${at}.route`]],
  ['a route without destination', http({ route: [{}] }), [`${at}.route.0.destination`]],
  ['every host as destination', http({ route: [{ destination: { host: '*' } }] }), [`${at}.route.0.destination.host`]],
  ['a redirect to nowhere', only({ redirect: {} }), [`${at}.redirect.uri`]],
  ['a redirect code of 200', only({ redirect: { uri: '/', redirectCode: 200 } }), [`${at}.redirect.redirectCode`]],
  ['a status of 100', only({ directResponse: { status: 100 } }), [`${at}.directResponse.status`]],
  ['a rewrite of nothing', http({ rewrite: {} }), [`${at}.rewrite`]],
  ['the host set twice', http({ rewrite: { authority: 'a' }, headers: { request: { set: { host: 'b' } } } }), [`${at}.headers`]],
  ['a pseudo header removed', http({ headers: { request: { remove: [':path'] } } }), [`${at}.headers.request.remove.0`]],
  ['a variable without end', http({ headers: { response: { add: { a: '%B' } } } }), [`${at}.headers.response.add.a`]],
  ['a method that is none', http({ corsPolicy: { allowMethods: ['get'] } }), [`${at}.corsPolicy.allowMethods.0`]],
  ['an age in fractions', http({ corsPolicy: { maxAge: '1500ms' } }), [`${at}.corsPolicy.maxAge`]],
  ['a fault without effect', http({ fault: {} }), [`${at}.fault`]],
  ['a fault below a ten thousandth', http({ fault: { delay: { percentage: { value: 0.00001 }, fixedDelay: '1s' } } }), [`${at}.fault.delay.percentage.value`]],
  ['a status of gRPC', http({ fault: { abort: { grpcStatus: 'NOT_FOUND' } } }), []],
  ['a status that gRPC does not have', http({ fault: { abort: { grpcStatus: 'GONE' } } }), [`${at}.fault.abort.grpcStatus`]],
  ['retries', http({ retries: { attempts: 1, retryOn: '5xx,503,reset' } }), []],
  ['retries without attempts', http({ retries: { retryOn: '5xx' } }), [`${at}.retries`]],
  ['an unknown condition', http({ retries: { attempts: 1, retryOn: '5xx,never' } }), [`${at}.retries.retryOn`]],
  ['an SNI under the host', tls('b.a.example'), []],
  ['an SNI elsewhere', tls('b.example'), ['spec.tls.0.match.0.sniHosts.0']],
  ['a TCP route without destination', { hosts: ['a'], tcp: [{}] }, ['spec.tcp.0.route']],
  ['a subnet that is none', { hosts: ['a'], tcp: [{ match: [{ destinationSubnets: ['x'] }], route }] }, ['spec.tcp.0.match.0.destinationSubnets.0']],
];

describe('the webhook on VirtualService', () => {
  it.each(rows)('%s', async (_, spec, errors) => {
    expect(webhookErrorsOf(await validate(istioObject('networking.istio.io/v1', 'VirtualService', spec)))).toEqual(errors);
  });

  it('is not held up by a million hosts', async () => {
    const hosts = Array.from({ length: 100_000 }, (_, index) => `*.h${String(index)}.example`);
    const start = performance.now();
    await validate(istioObject('networking.istio.io/v1', 'VirtualService', { hosts, http: [{ route }] }));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('hosts', () => {
  it.each([
    [['a', 'b'], -1],
    [['a', 'a'], 1],
    [['*.a', 'b.a'], 1],
    [['*', 'a'], 1],
    [['*.a', '*.b.a'], 1],
    [['*.a', '*.b'], -1],
  ])('%j overlap at %d', (hosts, index) => {
    expect(overlappingHost(hosts)).toBe(index);
  });

  it.each([
    ['a.b', true],
    ['*.b', true],
    ['c', true],
    ['*.c', false],
    ['b', false],
  ])('*.b and c cover %s: %s', (host, covered) => {
    expect(createHostIndex(['*.b', 'c']).covers(host)).toBe(covered);
  });
});

describe('isHeaderValue', () => {
  it.each([
    ['', true],
    ['a', true],
    ['100%%', true],
    ['%HOSTNAME%', true],
    ['%REQ(A)%', true],
    ['%UPSTREAM_METADATA(["a", "b"])%', true],
    ['%', false],
    ['%START_TIME%%', false],
    ['abc%123', false],
    ['a\u0000', false],
    ['a\tb', true],
  ])('%j: %s', (value, valid) => {
    expect(isHeaderValue(value)).toBe(valid);
  });
});
