import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ListenerRefusal } from '#policy/filter-chain/filter-chain.js';
import {
  at,
  check,
  cluster,
  decide,
  envoyFilter,
  httpChain,
  insert,
  lua,
  manager,
  patch,
  proxy,
  router,
  typed,
} from './bakery.js';

function refusal(...patches: readonly JsonObject[]): ListenerRefusal | undefined {
  return httpChain(proxy(decide(envoyFilter('bakery/f', patches)))).refused;
}

const struct = (type: string, value: JsonObject): JsonObject => ({
  name: 'guard',
  typed_config: {
    '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
    type_url: `type.googleapis.com/${type}`,
    value,
  },
});

const service = { grpc_service: { envoy_grpc: { cluster_name: 'inspector' } } };
const authz = 'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz';

const proc = (fields: JsonObject): JsonObject => ({
  name: 'guard',
  typed_config: typed('http.ext_proc.v3.ExternalProcessor', fields),
});

const wasm = (code: JsonObject): JsonObject => ({
  name: 'guard',
  typed_config: typed('http.wasm.v3.Wasm', { config: { vm_config: { code } } }),
});

const refused: readonly (readonly [string, JsonObject, ListenerRefusal['reason']])[] = [
  ['an untyped configuration', { name: 'envoy.ext_authz', config: service }, 'no-type'],
  ['a name alone', { name: 'envoy.filters.http.lua' }, 'no-type'],
  ['no name', { typed_config: check('x')['typed_config'] ?? null }, 'no-name'],
  ['the v2 transport', check('guard', { transport_api_version: 'V2' }), 'v2-api'],
  ['a body of nothing', check('guard', { with_request_body: { max_request_bytes: 0 } }), 'invalid-value'],
  ['a service without cluster', check('guard', { grpc_service: { envoy_grpc: {} } }), 'invalid-value'],
  ['a service of no kind', check('guard', { grpc_service: { timeout: '1s' } }), 'invalid-value'],
  [
    'an HTTP service without timeout',
    check('guard', { grpc_service: null, http_service: { server_uri: { uri: 'http://x', cluster: 'x' } } }),
    'invalid-value',
  ],
  ['ext_proc without service', proc({}), 'no-service'],
  ['ext_proc with a nameless cluster', proc({ grpc_service: { envoy_grpc: {} } }), 'invalid-value'],
  [
    'a Go filter, which only other builds have',
    { name: 'go', typed_config: typed('http.golang.v3alpha.Config') },
    'unknown-type',
  ],
  [
    'a network filter among HTTP filters',
    { name: 'net', typed_config: typed('network.ext_authz.v3.ExtAuthz') },
    'unknown-type',
  ],
  [
    'settings of a route as a filter',
    { name: 'x', typed_config: typed('http.ext_authz.v3.ExtAuthzPerRoute') },
    'unknown-type',
  ],
  ['a typo in a TypedStruct', struct(authz, { ...service, failure_mode_alow: true }), 'unknown-field'],
  [
    'a wrong value in a TypedStruct',
    struct(authz, { ...service, failure_mode_allow: 'yes' }),
    'invalid-value',
  ],
  ['a v2 type in a TypedStruct', struct('envoy.config.filter.http.ext_authz.v2.ExtAuthz', service), 'v2-api'],
  ['Lua that is none', lua('guard', 'function envoy_on_request(h'), 'lua-syntax'],
  ['a Lua module that is not there', lua('guard', 'local s = require "lua.session"'), 'lua-module'],
  ['both forms of Lua', lua2(), 'invalid-value'],
  [
    'a remote module without checksum',
    wasm({ remote: { http_uri: { uri: 'x', cluster: 'y', timeout: '1s' } } }),
    'invalid-value',
  ],
  [
    'a rate limit without the prefix of its statistics',
    { name: 'limit', typed_config: typed('http.local_ratelimit.v3.LocalRateLimit') },
    'invalid-value',
  ],
  ['a time limit above an hour', proc({ ...service, message_timeout: '4000s' }), 'invalid-value'],
  [
    'a status that is none, in a part of a part',
    {
      name: 'fault',
      typed_config: typed('http.fault.v3.HTTPFault', { abort: { http_status: 99, percentage: {} } }),
    },
    'invalid-value',
  ],
  [
    'an empty name in a list',
    check('guard', { allowed_headers: { patterns: [{ prefix: '' }] } }),
    'invalid-value',
  ],
  ['discovery without source', { name: 'guard', config_discovery: { type_urls: ['x'] } }, 'invalid-value'],
  ['a second router', { name: 'router', typed_config: typed('http.router.v3.Router') }, 'router-not-last'],
];

function lua2(): JsonObject {
  const fields = { inline_code: 'x = 1', default_source_code: { inline_string: 'y = 1' } };
  return { name: 'guard', typed_config: typed('http.lua.v3.Lua', fields) };
}

describe('listeners that Envoy refuses for a filter', () => {
  it.each(refused)('%s', (_, value, reason) => {
    expect(refusal(insert(value))?.reason).toBe(reason);
  });

  it('names the patch to blame', () => {
    const found = refusal(insert(check('good')), insert({ name: 'bad' }));
    expect(found?.at?.path).toEqual(['spec', 'configPatches', 1]);
  });

  it('blames the patch that changed a filter', () => {
    const change = patch(
      'HTTP_FILTER',
      'MERGE',
      check('guard', { transport_api_version: 'V2' }),
      at('guard'),
    );
    expect(refusal(insert(check('guard')), change)?.at?.path).toEqual(['spec', 'configPatches', 1]);
  });

  it('is less sure of what other builds and images have', () => {
    expect(refusal(insert(lua('guard', 'require("waf")')))?.certain).toBe(false);
    expect(refusal(insert({ name: 'go', typed_config: typed('http.golang.v3alpha.Config') }))?.certain).toBe(
      false,
    );
    expect(refusal(insert({ name: 'bare' }))?.certain).toBe(true);
  });
});

const taken: readonly (readonly [string, JsonObject])[] = [
  ['a check', check('guard')],
  ['no version of the transport', check('guard', { transport_api_version: null })],
  [
    'no service, at which the proxy aborts later',
    { name: 'guard', typed_config: typed('http.ext_authz.v3.ExtAuthz') },
  ],
  [
    'a cluster that does not exist',
    check('guard', { grpc_service: { envoy_grpc: { cluster_name: 'gone' } } }),
  ],
  ['a TypedStruct', struct(authz, service)],
  ['a time limit of an hour', proc({ ...service, message_timeout: '3600s' })],
  [
    'a status that may be left out',
    { name: 'fault', typed_config: typed('http.fault.v3.HTTPFault', { abort: { http_status: 503 } }) },
  ],
  ['an unknown field, which istiod drops', check('guard', { failure_mode_alow: true })],
  ['an optional filter of no type', { name: 'x', is_optional: true }],
  ['Lua that requires inside of a function', lua('guard', 'function envoy_on_request(h) require("waf") end')],
  ['Lua that tries to require', lua('guard', 'local ok, waf = pcall(require, "waf")')],
  ['a library of LuaJIT', lua('guard', 'local b = require("bit")')],
  [
    'a discovered configuration that never comes',
    {
      name: 'guard',
      config_discovery: { config_source: { ads: {} }, type_urls: [`type.googleapis.com/${authz}`] },
    },
  ],
];

describe('listeners that Envoy takes', () => {
  it.each(taken)('%s', (_, value) => {
    expect(refusal(insert(value))).toBeUndefined();
  });

  it('is so without any patch, and with a cluster of a bad address', () => {
    expect(refusal()).toBeUndefined();
    expect(
      refusal(patch('CLUSTER', 'ADD', cluster('x', 'waf.example', 80, { type: 'STATIC' }))),
    ).toBeUndefined();
  });
});

describe('the order of filters (Envoy source/common/http/filter_chain_helper.cc)', () => {
  it('has the router last', () => {
    expect(refusal(patch('HTTP_FILTER', 'ADD', check('guard'), at(router)))?.reason).toBe('router-not-last');
    expect(refusal(patch('HTTP_FILTER', 'INSERT_AFTER', check('guard'), at(undefined)))?.reason).toBe(
      'router-not-last',
    );
  });

  it('has a router', () => {
    expect(refusal(patch('HTTP_FILTER', 'REMOVE', undefined, at(router)))?.reason).toBe('no-router');
  });

  const before = { context: 'SIDECAR_INBOUND', listener: { filterChain: { filter: { name: manager } } } };
  const tcp = (fields: JsonObject): JsonObject => ({
    name: 'tcp',
    typed_config: typed('network.tcp_proxy.v3.TcpProxy', fields),
  });

  it('has what ends a chain last among network filters', () => {
    const value = tcp({ stat_prefix: 'x', cluster: 'y' });
    expect(refusal(patch('NETWORK_FILTER', 'INSERT_BEFORE', value, before))?.reason).toBe(
      'terminal-filter-not-last',
    );
    expect(refusal(patch('NETWORK_FILTER', 'INSERT_BEFORE', tcp({ cluster: 'y' }), before))?.reason).toBe(
      'invalid-value',
    );
  });

  it('takes one match once', () => {
    const chain = (match: JsonObject): JsonObject => ({
      name: 'twin',
      filter_chain_match: match,
      filters: [tcp({ stat_prefix: 'x', cluster: 'y' })],
    });
    const add = (match: JsonObject): JsonObject =>
      patch('FILTER_CHAIN', 'ADD', chain(match), { context: 'SIDECAR_INBOUND' });
    expect(refusal(add({ destination_port: 8080, transport_protocol: 'raw_buffer' }))?.reason).toBe(
      'same-match',
    );
    expect(refusal(add({ destination_port: 8081 }))).toBeUndefined();
  });
});

describe('settings of routes that stand in the listener', () => {
  const setting = (value: JsonObject): JsonObject =>
    patch(
      'VIRTUAL_HOST',
      'MERGE',
      { typed_per_filter_config: { guard: value } },
      { context: 'SIDECAR_INBOUND' },
    );

  it.each([
    ['an empty wrapper', { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig' }, true],
    ['ext_proc disabled: false', typed('http.ext_proc.v3.ExtProcPerRoute', { disabled: false }), true],
    ['Lua disabled: false', typed('http.lua.v3.LuaPerRoute', { disabled: false }), true],
    ['ext_authz disabled: false', typed('http.ext_authz.v3.ExtAuthzPerRoute', { disabled: false }), false],
    ['nothing for ext_authz', typed('http.ext_authz.v3.ExtAuthzPerRoute'), true],
    ['nothing for Lua, whose choice is free', typed('http.lua.v3.LuaPerRoute'), false],
    ['a nameless Lua script', typed('http.lua.v3.LuaPerRoute', { name: '' }), true],
    ['a buffer of nothing', typed('http.buffer.v3.BufferPerRoute', { buffer: {} }), true],
    ['no choice for the buffer', typed('http.buffer.v3.BufferPerRoute'), true],
  ])('%s', (_, value, isRefused) => {
    expect(refusal(insert(check('guard')), setting(value)) !== undefined).toBe(isRefused);
  });
});
