import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ProxyFilterChains } from '#policy/filter-chain/filter-chain.js';
import {
  added,
  at,
  check,
  decide,
  envoyFilter,
  filterNamed,
  httpChain,
  insert,
  lua,
  onOven,
} from './bakery.js';
import { manager, oven, patch, proxy, router, typed } from './bakery.js';

const guard = insert(check('guard', { failure_mode_allow: true }));

function merge(
  value: JsonObject | undefined,
  subFilter: string | null = 'guard',
  ...rest: readonly JsonObject[]
): JsonObject {
  const [chain, listener] = rest;
  return patch('HTTP_FILTER', 'MERGE', value, at(subFilter ?? undefined, chain, listener));
}

function after(...patches: readonly JsonObject[]): ProxyFilterChains {
  return proxy(decide(envoyFilter('bakery/f', [guard, ...patches])));
}

describe('MERGE of HTTP filters (mergeHTTPFilter in listener_patch.go)', () => {
  it('takes name and configuration only', () => {
    const found = after(merge({ name: 'guard', disabled: true }));
    expect(filterNamed(httpChain(found), 'guard').disabled).toBe(false);
  });

  it('renames, which detaches the filter from what names it', () => {
    expect(added(httpChain(after(merge({ name: 'other' }))))).toEqual(['other']);
  });

  it('merges field by field and leaves defaults alone', () => {
    const body = { with_request_body: { max_request_bytes: 10 } };
    const found = after(merge(check('guard', { failure_mode_allow: false, ...body })));
    expect(filterNamed(httpChain(found), 'guard').settings).toMatchObject({
      failOpen: true,
      body: { maxRequestBytes: 10, allowPartialMessage: false, packAsBytes: false },
    });
  });

  it('replaces one of a choice by the other', () => {
    const uri = { uri: 'http://x', cluster: 'web', timeout: '1s' };
    const value = {
      name: 'guard',
      typed_config: typed('http.ext_authz.v3.ExtAuthz', { http_service: { server_uri: uri } }),
    };
    const filter = filterNamed(httpChain(after(merge(value))), 'guard');
    expect([filter.settings, filter.cluster]).toEqual([
      expect.objectContaining({ transport: 'http' }),
      'web',
    ]);
  });

  it('runs after all inserts, whatever the priority', () => {
    const tuned = envoyFilter(
      'bakery/a',
      [merge(check('guard', { stat_prefix: 'x', status_on_error: { code: 'Forbidden' } }))],
      {
        priority: -10,
      },
    );
    const policies = decide(tuned, envoyFilter('bakery/b', [guard], { priority: 10 }));
    expect(filterNamed(httpChain(proxy(policies)), 'guard').changedBy).toHaveLength(1);
  });

  it('leaves a filter alone whose configuration is discovered', () => {
    const discovered = { name: 'guard', config_discovery: { config_source: { ads: {} }, type_urls: [] } };
    const policies = decide(envoyFilter('bakery/f', [insert(discovered), merge({ name: 'other' })]));
    expect(added(httpChain(proxy(policies)))).toEqual(['guard']);
  });

  it('tells which patches changed a filter of istiod', () => {
    const cors = merge({ name: 'cors-of-ours' }, 'envoy.filters.http.cors');
    expect(filterNamed(httpChain(after(cors)), 'cors-of-ours')).toMatchObject({
      stock: false,
      addedBy: undefined,
    });
  });
});

describe('a panic of the patching (merge.Merge in pkg/proto/merge/merge.go; ApplyListenerPatches)', () => {
  const mismatch = merge(lua('x'), 'envoy.filters.http.cors');

  it('loses the patches of all objects for the listener', () => {
    const policies = decide(envoyFilter('istio-system/waf', [guard]), envoyFilter('bakery/odd', [mismatch]));
    const found = proxy(policies);
    expect(added(httpChain(found))).toEqual([]);
    expect(found.panics).toEqual([expect.objectContaining({ in: 'listener' })]);
    expect(found.patches.map(({ outcome }) => outcome)).toEqual(['lost', 'lost']);
    expect(added(httpChain(proxy(policies, 'depot/Deployment/cart')))).toEqual(['guard']);
  });

  it('does no harm where nothing meets the patch', () => {
    const elsewhere = { ...mismatch, match: { ...at('envoy.filters.http.cors'), context: 'GATEWAY' } };
    expect(onOven(envoyFilter('bakery/f', [guard, elsewhere]))).toEqual(['guard']);
  });

  it('keeps what was patched before in chains of lower ports', () => {
    const port = merge(lua('x'), 'envoy.filters.http.cors', {}, { portNumber: 8080 });
    const found = proxy(decide(envoyFilter('bakery/f', [guard, port])), oven);
    expect(added(httpChain(found))).toEqual([]);
    expect(added(httpChain(found, null))).toEqual(['guard']);
  });

  it('comes of a MERGE that names no HTTP filter, too', () => {
    expect(after(merge(check('guard'), null)).panics).toHaveLength(1);
  });

  it('comes of a patch without value when it meets its place', () => {
    const found = after(patch('HTTP_FILTER', 'INSERT_BEFORE', undefined, at(router)));
    expect([added(httpChain(found)), found.panics.length]).toEqual([[], 1]);
    const misses = after(patch('HTTP_FILTER', 'INSERT_BEFORE', undefined, at('envoy.filters.http.absent')));
    expect([added(httpChain(misses)), misses.panics.length]).toEqual([['guard'], 0]);
  });

  it('of outbound listeners leaves inbound ones as they are', () => {
    const outbound = {
      ...mismatch,
      match: { ...at('envoy.filters.http.cors'), context: 'SIDECAR_OUTBOUND' },
    };
    const found = proxy(decide(envoyFilter('bakery/f', [guard, outbound])));
    expect([added(httpChain(found)), found.panics.length]).toEqual([['guard'], 1]);
  });
});

describe('patches of network filters, chains and listeners', () => {
  const listener = (filterChain: JsonObject): JsonObject => ({
    context: 'SIDECAR_INBOUND',
    listener: { filterChain },
  });

  it('puts a filter before the connection manager', () => {
    const value = { name: 'net', typed_config: typed('network.ext_authz.v3.ExtAuthz', { stat_prefix: 'x' }) };
    const found = after(
      patch('NETWORK_FILTER', 'INSERT_BEFORE', value, listener({ filter: { name: manager } })),
    );
    const names = httpChain(found).networkFilters.map(({ name }) => name);
    expect(names).toEqual(['istio.metadata_exchange', 'net', manager]);
  });

  it('takes HTTP away with the connection manager', () => {
    const found = after(
      patch('NETWORK_FILTER', 'REMOVE', undefined, listener({ filter: { name: manager } })),
    );
    expect(found.chains.filter(({ protocol }) => protocol === 'http')).toEqual([]);
  });

  it('appends HTTP filters that are merged into the connection manager behind the router', () => {
    const config = typed('network.http_connection_manager.v3.HttpConnectionManager', {
      http_filters: [check('late')],
    });
    const value = { name: manager, typed_config: config };
    const found = after(patch('NETWORK_FILTER', 'MERGE', value, listener({ filter: { name: manager } })));
    const chain = httpChain(found);
    expect(chain.httpFilters.at(-1)?.name).toBe('late');
    expect(chain.refused?.reason).toBe('router-not-last');
  });

  it('removes a chain', () => {
    const match = listener({ name: '0.0.0.0_8080', transportProtocol: 'raw_buffer' });
    const own = after(patch('FILTER_CHAIN', 'REMOVE', undefined, match)).chains.filter(
      ({ port }) => port === 8080,
    );
    expect(own.map(({ tls }) => tls)).toEqual(['istio-mutual']);
  });

  const tcp = {
    name: 'tcp',
    typed_config: typed('network.tcp_proxy.v3.TcpProxy', { stat_prefix: 'x', cluster: 'y' }),
  };

  it('adds a chain, which no other patch sees', () => {
    const value = { name: 'bypass', filter_chain_match: { destination_port: 8081 }, filters: [tcp] };
    const found = after(patch('FILTER_CHAIN', 'ADD', value, { context: 'SIDECAR_INBOUND' }));
    const chain = found.chains.find(({ name }) => name === 'bypass');
    expect(chain).toMatchObject({ port: 8081, protocol: 'tcp', listener: 'inbound', refused: undefined });
  });

  it('adds a listener where a context says so, else for outbound only', () => {
    const address = { socket_address: { address: '0.0.0.0', port_value: 7777 } };
    const value = { name: 'door', address, filter_chains: [{ filters: [tcp] }] };
    const doors = (match?: JsonObject): readonly unknown[] => {
      const found = after(patch('LISTENER', 'ADD', value, match));
      return [found.chains.filter(({ listener: kind }) => kind === 'added').length, found.outbound.length];
    };
    expect(doors({ context: 'SIDECAR_INBOUND' })).toEqual([1, 0]);
    expect(doors()).toEqual([0, 1]);
    expect(doors({ context: 'GATEWAY' })).toEqual([0, 0]);
  });

  it('removes a listener', () => {
    const match = { context: 'SIDECAR_INBOUND', listener: { name: 'virtualInbound' } };
    expect(after(patch('LISTENER', 'REMOVE', undefined, match)).chains).toEqual([]);
  });
});
