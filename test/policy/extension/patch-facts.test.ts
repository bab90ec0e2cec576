import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import {
  foreignAnchor,
  formerAnchor,
  isPassedOver,
  openAdmin,
  patchesOf,
  unanchoredMerge,
  weakenedTls,
} from '#policy/extension/patch-facts.js';
import { wasmModules } from '#policy/extension/wasm-modules.js';
import { object, policiesOf } from '../manifests.js';

function read(patch: JsonObject, spec: JsonObject = {}) {
  const filter = object('networking.istio.io/v1alpha3/EnvoyFilter', 'shop/f', {
    configPatches: [patch],
    ...spec,
  });
  const found = policiesOf([filter]).mesh.ofKind('networking.istio.io', 'EnvoyFilter')[0];
  if (found === undefined) throw new Error('no EnvoyFilter');
  const [only] = patchesOf(found);
  if (only === undefined) throw new Error('no patch');
  return { filter: found, patch: only };
}

const manager = 'envoy.filters.network.http_connection_manager';
const anchored = (network: string, http: string, operation: string, value: JsonObject = {}): JsonObject => ({
  applyTo: 'HTTP_FILTER',
  match: { listener: { filterChain: { filter: { name: network, subFilter: { name: http } } } } },
  patch: { operation, value: { name: 'x', ...value } },
});

describe('patches of an EnvoyFilter', () => {
  it.each([
    ['ROUTE_CONFIGURATION', 'ADD', true],
    ['ROUTE_CONFIGURATION', 'MERGE', false],
    // istioctl analyze says otherwise (IST0154); patchHTTPRoute in rc_patch.go removes.
    ['HTTP_ROUTE', 'REMOVE', false],
    ['HTTP_ROUTE', 'ADD', false],
    ['CLUSTER', 'REPLACE', true],
    ['HTTP_FILTER', 'REPLACE', false],
  ])('%s with %s is passed over: %s', (applyTo, operation, expected) => {
    expect(isPassedOver(read({ applyTo, patch: { operation, value: {} } }).patch)).toBe(expected);
  });

  it.each([
    ['envoy.http_connection_manager', 'envoy.filters.http.router', 'INSERT_BEFORE', manager],
    [manager, 'envoy.router', 'INSERT_BEFORE', 'envoy.filters.http.router'],
    [manager, 'mixer', 'INSERT_BEFORE', ''],
    [manager, 'envoy.router', 'INSERT_FIRST', undefined],
    [manager, 'envoy.filters.http.router', 'INSERT_BEFORE', undefined],
  ])('the anchor %s, %s of %s is called today: %s', (network, http, operation, today) => {
    expect(formerAnchor(read(anchored(network, http, operation)).patch)?.today).toBe(today);
  });

  it.each([
    ['envoy.filters.http.local_ratelimit', {}, 'envoy.filters.http.local_ratelimit'],
    ['envoy.filters.http.local_ratelimit', { priority: 10 }, undefined],
    ['envoy.filters.http.router', {}, undefined],
    ['x', {}, undefined],
  ] as const)('an anchor %s with %j depends on another object: %s', (http, spec, expected) => {
    const { filter, patch } = read(anchored(manager, http, 'INSERT_AFTER'), spec);
    expect(foreignAnchor(filter, patch)).toBe(expected);
  });

  it.each([
    [anchored(manager, '', 'MERGE', { typed_config: {} }), 'filters'],
    [anchored(manager, 'envoy.filters.http.router', 'MERGE', { typed_config: {} }), undefined],
    [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { name: 'x' } } }, 'clusters'],
    [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { connect_timeout: '1s' } } }, undefined],
    [
      {
        applyTo: 'CLUSTER',
        match: { cluster: { name: 'x' } },
        patch: { operation: 'MERGE', value: { name: 'x' } },
      },
      undefined,
    ],
  ] as const)('a MERGE without anchor undoes others: %j', (patch, expected) => {
    expect(unanchoredMerge(read(patch).patch)).toBe(expected);
  });

  it.each([
    [{ trust_chain_verification: 'ACCEPT_UNTRUSTED' }, ['untrusted']],
    [{ list: [{ trustChainVerification: 'ACCEPT_UNTRUSTED' }] }, ['untrusted']],
    // Merging a default changes nothing.
    [{ require_client_certificate: false }, []],
    [{ tls_minimum_protocol_version: 'TLSv1_1' }, ['old-version']],
  ] as const)('%j weakens TLS: %j', (value, kinds) => {
    const { patch } = read({ applyTo: 'FILTER_CHAIN', patch: { operation: 'MERGE', value } });
    expect(weakenedTls(patch).map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    ['0.0.0.0', true],
    ['127.0.0.1', false],
  ])('an admin interface at %s is open: %s', (address, expected) => {
    const value = { admin: { address: { socket_address: { address, port_value: 15000 } } } };
    const { patch } = read({ applyTo: 'BOOTSTRAP', patch: { operation: 'MERGE', value } });
    expect(openAdmin(patch) !== undefined).toBe(expected);
  });
});

describe('Wasm modules', () => {
  const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  it.each([
    [{ url: 'oci://r.example/m:1' }, [false, false]],
    [{ url: `oci://r.example/m@sha256:${digest}` }, [true, false]],
    [{ url: 'http://r.example/m.wasm', sha256: digest }, [true, true]],
    [{ url: 'file:///m.wasm' }, [true, false]],
    [{ url: 'r.example/m' }, [false, false]],
  ] as const)('%j', (spec, expected) => {
    const plugin = object('extensions.istio.io/v1alpha1/WasmPlugin', 'shop/p', spec);
    const found = policiesOf([plugin]).mesh.ofKind('extensions.istio.io', 'WasmPlugin')[0];
    const modules = found === undefined ? [] : wasmModules(found);
    expect(modules.map(({ pinned, plaintext }) => [pinned, plaintext])).toEqual([expected]);
  });
});
