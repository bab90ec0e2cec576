import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#documents/json.js';
import { readMeshConfig, readMeshNetworks, readProxyConfig } from '#schemas/meshconfig/read-mesh-config.js';

describe('readMeshConfig', () => {
  it('takes JSON names and proto names', () => {
    const { config, errors, unknownFields } = readMeshConfig({
      root_namespace: 'mesh',
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      extension_providers: [{ name: 'a', envoy_ext_authz_http: { service: 's', port: '80' } }],
    });
    expect([...errors, ...unknownFields]).toEqual([]);
    expect(config).toEqual({
      rootNamespace: 'mesh',
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      extensionProviders: [{ name: 'a', envoyExtAuthzHttp: { service: 's', port: 80 } }],
    });
  });

  it('lets the JSON name win over the proto name', () => {
    expect(readMeshConfig({ root_namespace: 'a', rootNamespace: 'b' }).config).toEqual({ rootNamespace: 'b' });
  });

  it('loses default_config, which Istio merges by its JSON name (ApplyMeshConfig)', () => {
    const { config, unknownFields } = readMeshConfig({ default_config: { concurrency: 2 } });
    expect(config).toEqual({});
    expect(unknownFields.map(({ suggestion }) => suggestion)).toEqual(['defaultConfig']);
  });

  it('passes over unknown fields, naming what was meant', () => {
    const { config, errors, unknownFields } = readMeshConfig({ enableAutoMTLS: true, trustDomain: 'a' });
    expect(config).toEqual({ trustDomain: 'a' });
    expect(errors).toEqual([]);
    expect(unknownFields[0]).toMatchObject({ path: ['enableAutoMTLS'], suggestion: 'enableAutoMtls' });
  });

  it.each<[string, JsonValue, readonly (string | number)[]]>([
    ['a wrong type', { enableAutoMtls: 'true' }, ['enableAutoMtls']],
    ['an unknown enum', { outboundTrafficPolicy: { mode: 'DENY_ANY' } }, ['outboundTrafficPolicy', 'mode']],
    ['a duration without unit', { connectTimeout: '10' }, ['connectTimeout']],
    ['a mapping for a list', { trustDomainAliases: {} }, ['trustDomainAliases']],
    ['a port that is no number', { proxyListenPort: 'x' }, ['proxyListenPort']],
    ['a nested wrong type', { defaultConfig: { proxyMetadata: { A: true } } }, ['defaultConfig', 'proxyMetadata', 'A']],
    ['a text', 'mesh', []],
  ])('refuses the whole config for %s', (_, value, path) => {
    expect(readMeshConfig(value).errors.map((error) => error.path)).toEqual([path]);
  });

  it('takes null for no config and no value', () => {
    expect(readMeshConfig(null)).toEqual({ config: {}, errors: [], unknownFields: [] });
    expect(readMeshConfig({ trustDomain: null }).config).toEqual({});
  });

  it('answers whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readMeshConfig(value as JsonValue).config).toBeTypeOf('object');
      }),
    );
  });
});

describe('the other messages', () => {
  it('reads a proxy config', () => {
    expect(readProxyConfig({ holdApplicationUntilProxyStarts: true }).errors).toEqual([]);
    expect(readProxyConfig({ concurrency: 'two' }).errors).toHaveLength(1);
  });

  it('reads mesh networks', () => {
    const networks = { n1: { endpoints: [{ fromRegistry: 'a' }], gateways: [{ address: '1.1.1.1', port: 443 }] } };
    expect(readMeshNetworks({ networks })).toMatchObject({ config: { networks }, errors: [], unknownFields: [] });
  });
});
