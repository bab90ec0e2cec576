import { describe, expect, it } from 'vitest';
import { envoyObjectProblem } from '#mesh/envoy-api.js';
import { mergeAny, mergeMessage } from '#policy/filter-chain/message/merge-message.js';
import { heldMessage, readMessage } from '#policy/filter-chain/message/read-message.js';

const filter = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter';
const authz = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz';

describe('reading a value as istiod does (golang/protobuf jsonpb/decode.go)', () => {
  it('takes both spellings, and the JSON name where both are written', () => {
    const typed = {
      '@type': authz,
      failure_mode_allow: true,
      failureModeAllow: false,
      withRequestBody: { maxRequestBytes: 7 },
    };
    expect(readMessage({ name: 'x', typedConfig: typed }, filter)).toEqual({
      name: 'x',
      typed_config: {
        '@type': authz,
        failure_mode_allow: false,
        with_request_body: { max_request_bytes: 7 },
      },
    });
  });

  it('drops unknown fields and nulls', () => {
    expect(readMessage({ name: 'x', disabled: null, config: { a: 1 } }, filter)).toEqual({ name: 'x' });
  });

  it('does not mistake what objects inherit for a field', () => {
    const value = JSON.parse('{"name":"x","__proto__":{"disabled":true},"constructor":{}}') as Record<
      string,
      string
    >;
    expect(readMessage(value, filter)).toEqual({ name: 'x' });
    expect(({} as Record<string, unknown>)['disabled']).toBeUndefined();
  });

  it.each([
    [{ name: 'x', typed_config: { '@type': authz } }, true],
    [{ name: 1 }, false],
    [{ name: 'x', disabled: 'true' }, false],
    [{ name: 'x', typed_config: {} }, false],
    [{ name: 'x', typed_config: { '@type': 'type.googleapis.com/vendor.Waf' } }, false],
    [
      { name: 'x', typed_config: { '@type': 'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua' } },
      false,
    ],
    [{ name: 'x', typed_config: { '@type': authz, transport_api_version: 'V9' } }, false],
    [{ name: 'x', nonsense: [] }, true],
  ])('can read %j: %s', (value, readable) => {
    expect(envoyObjectProblem(value, filter) === undefined).toBe(readable);
  });

  it('looks into a TypedStruct', () => {
    const value = { failureModeAllow: true };
    const held = heldMessage({
      '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
      type_url: authz,
      value,
    });
    expect(held).toMatchObject({ typedStruct: true, fields: { failure_mode_allow: true } });
    expect(held?.type).toBe(authz.slice('type.googleapis.com/'.length));
  });
});

describe('merging messages (pkg/proto/merge/merge.go)', () => {
  const host = 'envoy.config.route.v3.VirtualHost';

  it('appends lists, or replaces them where the operation says so', () => {
    const [old, value] = [{ domains: ['a'] }, { domains: ['b'] }];
    expect(mergeMessage(old, value, { type: host, replacesLists: false })).toEqual({ domains: ['a', 'b'] });
    expect(mergeMessage(old, value, { type: host, replacesLists: true })).toEqual({ domains: ['b'] });
  });

  it('replaces the entries of a map by key', () => {
    const old = { typed_per_filter_config: { a: { '@type': 'x' }, b: { '@type': 'y' } } };
    const merged = mergeMessage(
      old,
      { typed_per_filter_config: { b: { '@type': 'z' } } },
      { type: host, replacesLists: false },
    );
    expect(merged).toEqual({ typed_per_filter_config: { a: { '@type': 'x' }, b: { '@type': 'z' } } });
  });

  it('leaves what has its default value, but for one of a choice', () => {
    const perRoute = 'envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
    expect(
      mergeAny({ '@type': authz, failure_mode_allow: true }, { '@type': authz, failure_mode_allow: false }),
    ).toEqual({
      '@type': authz,
      failure_mode_allow: true,
    });
    const merged = mergeMessage(
      { check_settings: {} },
      { disabled: false },
      { type: perRoute, replacesLists: false },
    );
    expect(merged).toEqual({ disabled: false });
  });

  it('merges messages within, and replaces durations', () => {
    const grpc = (fields: Record<string, string>): Record<string, string | Record<string, string>> => ({
      '@type': authz,
      grpc_service: fields,
    });
    const merged = mergeAny(grpc({ timeout: '1s' }), grpc({ timeout: '2s' }));
    expect(merged).toEqual(grpc({ timeout: '2s' }));
  });

  it('knows no merge of different types', () => {
    expect(mergeAny({ '@type': authz }, { '@type': `${authz}PerRoute` })).toBeUndefined();
  });
});
