import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import {
  added,
  at,
  check,
  decide,
  envoyFilter,
  httpChain,
  insert,
  lua,
  manager,
  onOven,
  oven,
  patch,
  proxy,
  router,
} from './bakery.js';

const waf = check('guard');

function names(operation: string, subFilter: string | undefined): readonly string[] {
  const patches = [patch('HTTP_FILTER', operation, waf, at(subFilter))];
  return httpChain(proxy(decide(envoyFilter('bakery/f', patches)))).httpFilters.map(({ name }) => name);
}

describe('the order of stock filters (pilot/pkg/networking/core/listener_builder.go)', () => {
  it('ends with the router', () => {
    expect(httpChain(proxy(decide())).httpFilters.map(({ name, stock }) => [name, stock])).toEqual([
      ['istio.metadata_exchange', true],
      ['envoy.filters.http.grpc_stats', true],
      ['envoy.filters.http.fault', true],
      ['envoy.filters.http.cors', true],
      ['istio.stats', true],
      [router, true],
    ]);
  });
});

describe('operations on HTTP filters (pilot/pkg/networking/core/envoyfilter/listener_patch.go, patchHTTPFilters)', () => {
  it.each([
    ['INSERT_BEFORE', router, 5],
    ['INSERT_BEFORE', 'envoy.filters.http.fault', 2],
    ['INSERT_BEFORE', undefined, 0],
    ['INSERT_AFTER', 'envoy.filters.http.fault', 3],
    ['INSERT_AFTER', undefined, 6],
    ['INSERT_FIRST', router, 0],
    ['INSERT_FIRST', 'envoy.filters.http.absent', 0],
    ['ADD', 'envoy.filters.http.fault', 6],
    ['REPLACE', 'envoy.filters.http.cors', 3],
  ])('%s with %s puts it at place %i', (operation, subFilter, place) => {
    expect(names(operation, subFilter).indexOf('guard')).toBe(place);
  });

  it.each([
    ['INSERT_BEFORE', 'envoy.filters.http.jwt_authn'],
    ['INSERT_AFTER', 'envoy.router'],
    ['REPLACE', undefined],
    ['REPLACE', 'envoy.filters.http.absent'],
    ['REMOVE', undefined],
    ['MERGE', 'guard'],
    ['MERGE_AND_REPLACE_LIST', 'envoy.filters.http.cors'],
  ])('%s with %s does nothing', (operation, subFilter) => {
    expect(names(operation, subFilter)).not.toContain('guard');
    expect(names(operation, subFilter)).toHaveLength(6);
  });

  it('removes every filter of the name', () => {
    const patches = [insert(waf), insert(waf), patch('HTTP_FILTER', 'REMOVE', undefined, at('guard'))];
    expect(onOven(envoyFilter('bakery/f', patches))).toEqual([]);
  });

  it('takes the first of several filters of a name for the place', () => {
    const patches = [insert(lua('a')), insert(lua('b')), insert(lua('a')), insert(waf, at('a'))];
    expect(onOven(envoyFilter('bakery/f', patches))).toEqual(['guard', 'a', 'b', 'a']);
  });

  it('does nothing without an operation or with the former name of the connection manager', () => {
    const old = {
      context: 'SIDECAR_INBOUND',
      listener: { filterChain: { filter: { name: 'envoy.http_connection_manager' } } },
    };
    expect(
      onOven(envoyFilter('bakery/f', [{ applyTo: 'HTTP_FILTER', match: at(router), patch: { value: waf } }])),
    ).toEqual([]);
    expect(onOven(envoyFilter('bakery/f', [insert(waf, old)]))).toEqual([]);
  });
});

interface Situation {
  readonly says: string;
  readonly chain?: JsonObject;
  readonly listener?: JsonObject;
  /** Ports and callers whose chains get the filter. */
  readonly reaches: readonly string[];
}

const all = ['other istio-mutual', 'other none', '8080 istio-mutual', '8080 none'];

const situations: readonly Situation[] = [
  { says: 'no limit', reaches: all },
  { says: 'the pod port', listener: { portNumber: 8080 }, reaches: ['8080 istio-mutual', '8080 none'] },
  { says: 'the Service port', listener: { portNumber: 80 }, reaches: [] },
  { says: 'the port that is listened on', listener: { portNumber: 15_006 }, reaches: [] },
  { says: 'the listener', listener: { name: 'virtualInbound' }, reaches: all },
  { says: 'another listener', listener: { name: '0.0.0.0_8080' }, reaches: [] },
  {
    says: 'a destination port',
    chain: { destinationPort: 8080 },
    reaches: ['8080 istio-mutual', '8080 none'],
  },
  {
    says: 'the name of a port',
    chain: { name: '0.0.0.0_8080' },
    reaches: ['8080 istio-mutual', '8080 none'],
  },
  {
    says: 'the rest',
    chain: { name: 'virtualInbound-catchall-http' },
    reaches: ['other istio-mutual', 'other none'],
  },
  { says: 'TLS', chain: { transportProtocol: 'tls' }, reaches: ['other istio-mutual', '8080 istio-mutual'] },
  { says: 'plaintext', chain: { transportProtocol: 'raw_buffer' }, reaches: ['other none', '8080 none'] },
  {
    says: 'protocols that a chain lists all of',
    chain: { applicationProtocols: 'istio-http/1.1,istio-h2' },
    reaches: ['other istio-mutual', '8080 istio-mutual'],
  },
  {
    says: 'protocols with a blank',
    chain: { applicationProtocols: 'istio-http/1.1, istio-h2' },
    reaches: [],
  },
  { says: 'a protocol of no chain', chain: { applicationProtocols: 'h2' }, reaches: [] },
  { says: 'a server name', chain: { sni: 'oven.example' }, reaches: [] },
];

describe('the match of inbound chains (filterChainMatch in listener_patch.go)', () => {
  it.each(situations)('$says', ({ chain, listener, reaches }) => {
    const policies = decide(envoyFilter('bakery/f', [insert(waf, at(router, chain, listener))]));
    const found = proxy(policies)
      .chains.filter((each) => added(each).length > 0)
      .map(({ port, tls }) => `${String(port ?? 'other')} ${tls}`);
    expect([...found].sort()).toEqual([...reaches].sort());
  });

  it('leaves TCP ports without HTTP filters, also those of HTTPS', () => {
    const tcp = (name: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'raw', namespace: 'bakery' },
      spec: { selector: { app: 'oven' }, ports: [{ name, port: 9000 }] },
    });
    for (const name of ['tcp-raw', 'https', 'mysql']) {
      const { chains } = proxy(decide(tcp(name), envoyFilter('bakery/f', [insert(waf)])));
      const own = chains.filter(({ port }) => port === 9000);
      expect(own.map(({ protocol }) => protocol)).toEqual(['tcp', 'tcp', 'tcp']);
      expect(own.flatMap(added)).toEqual([]);
    }
  });
});

describe('contexts and outbound listeners', () => {
  const anywhere = { listener: { filterChain: { filter: { name: manager, subFilter: { name: router } } } } };

  it.each([
    [{ ...anywhere, context: 'ANY' }, true, true],
    [anywhere, true, true],
    [undefined, true, true],
    [{ ...anywhere, context: 'SIDECAR_INBOUND' }, true, false],
    [{ ...anywhere, context: 'SIDECAR_OUTBOUND' }, false, true],
    [{ ...anywhere, context: 'GATEWAY' }, false, false],
    [{ ...anywhere, context: 'WAYPOINT' }, false, false],
  ])('%j', (match, inbound, outbound) => {
    const found = proxy(
      decide(envoyFilter('bakery/f', [patch('HTTP_FILTER', 'INSERT_BEFORE', waf, match)])),
      oven,
    );
    expect(added(httpChain(found)).length > 0).toBe(inbound);
    expect(found.outbound.length > 0).toBe(outbound);
  });
});
