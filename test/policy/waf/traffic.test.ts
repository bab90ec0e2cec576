import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { at, patch, router } from '../filter-chain/bakery.js';
import { peerAuthentication } from '../manifests.js';
import { bakery, gapOfKind, told, waf } from './kiln.js';

type Objects = readonly JsonObject[];
type Row = readonly [string, string, Objects];

describe('ports, callers and routes', () => {
  const two = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'http-admin', port: 81, targetPort: 9090 },
  ];
  const strict = peerAuthentication('bakery/strict', { mtls: { mode: 'STRICT' } });
  const override = (config: JsonObject, virtualHost?: string): JsonObject =>
    patch(
      'VIRTUAL_HOST',
      'MERGE',
      { typed_per_filter_config: { 'envoy.filters.http.ext_authz': config } },
      {
        context: 'SIDECAR_INBOUND',
        ...(virtualHost === undefined ? {} : { routeConfiguration: { vhost: { name: virtualHost } } }),
      },
    );
  const off = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
    disabled: true,
  };
  const bodyless = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
    check_settings: { disable_request_body_buffering: true },
  };
  const table: readonly Row[] = [
    ['both ports', 'inspected', [...bakery({ ports: two }), waf()]],
    [
      'one port',
      'partly: ports-left-out',
      [...bakery({ ports: two }), waf({ match: at(router, {}, { portNumber: 8080 }) })],
    ],
    [
      'a port that is read as bytes',
      'partly: ports-left-out',
      [...bakery({ ports: [two[0] ?? {}, { name: 'tcp-web', port: 81, targetPort: 9090 }] }), waf()],
    ],
    [
      'a port that holds no requests',
      'inspected',
      [...bakery({ ports: [two[0] ?? {}, { name: 'redis', port: 6379 }] }), waf()],
    ],
    ['a port that is sniffed', 'inspected', [...bakery({ ports: [{ port: 80, targetPort: 8080 }] }), waf()]],
    [
      'a port that is not captured',
      'partly: ports-left-out',
      [
        ...bakery({ ports: two, annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '9090' } }),
        waf(),
      ],
    ],
    [
      'callers with mutual TLS',
      'partly: callers-left-out',
      [...bakery(), waf({ match: at(router, { transportProtocol: 'tls' }) })],
    ],
    [
      'callers with mutual TLS, where there are no others',
      'inspected',
      [...bakery(), strict, waf({ match: at(router, { transportProtocol: 'tls' }) })],
    ],
    [
      'routes that switch it off',
      'not-inspected: disabled-on-route',
      [...bakery(), waf({ more: [override(off)] })],
    ],
    [
      'some routes that switch it off',
      'partly: disabled-on-route',
      [...bakery({ ports: two }), waf({ more: [override(off, 'inbound|http|81')] })],
    ],
    ['routes without a body', 'partly: no-body', [...bakery(), waf({ more: [override(bodyless)] })]],
    [
      'a setting of another kind',
      'inspected',
      [
        ...bakery(),
        waf({
          more: [
            override({
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.LuaPerRoute',
              disabled: true,
            }),
          ],
        }),
      ],
    ],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });

  it('names them', () => {
    const ports = gapOfKind(
      [...bakery({ ports: two }), waf({ match: at(router, {}, { portNumber: 8080 }) })],
      'ports-left-out',
    );
    expect([ports.data['ports'], ports.at.path.at(-1)]).toEqual(['9090', 'portNumber']);
    const callers = gapOfKind(
      [...bakery(), waf({ match: at(router, { transportProtocol: 'tls' }) })],
      'callers-left-out',
    );
    expect([callers.data['callers'], callers.at.path.at(-1)]).toEqual([
      'callers without mutual TLS',
      'transportProtocol',
    ]);
  });
});
