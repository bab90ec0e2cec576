import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { at, cluster, envoyFilter, insert, patch, router } from '../filter-chain/bakery.js';
import { object } from '../manifests.js';
import { agent, bakery, fullCheck, gapOfKind, known, told, waf } from './kiln.js';

type Objects = readonly JsonObject[];

describe('look-alikes never count', () => {
  const opa = { name: 'opa', image: 'openpolicyagent/opa:latest-istio', ports: [{ containerPort: 9191 }] };
  const asks = (name: string): JsonObject =>
    fullCheck({ grpc_service: { envoy_grpc: { cluster_name: name } } });
  const alike: readonly (readonly [string, Objects])[] = [
    [
      'OPA',
      [
        ...bakery({ containers: [opa] }),
        waf({
          filter: asks('opa'),
          cluster: cluster('opa', '127.0.0.1', 9191, { http2_protocol_options: {} }),
        }),
      ],
    ],
    [
      'a script that sets headers',
      [
        ...bakery({ containers: [] }),
        envoyFilter('bakery/owaspfilter', [
          insert({
            name: 'owaspfilter',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
              inline_code: 'function envoy_on_response(h) h:headers():add("x", "y") end',
            },
          }),
        ]),
      ],
    ],
  ];
  it.each(alike)('%s', (_, objects) => {
    expect(known(objects)).toMatchObject({ verdict: 'not-inspected', products: [], gaps: [] });
  });

  it('but beside one an agent is still not called', () => {
    const objects = [
      ...bakery({ containers: [opa, agent()] }),
      waf({
        filter: asks('opa'),
        cluster: cluster('opa', '127.0.0.1', 9191, { http2_protocol_options: {} }),
      }),
    ];
    expect(told(objects)).toBe('not-inspected: agent-without-filter');
  });
});

describe('an idle EnvoyFilter is the cause, not the agent', () => {
  const idle: readonly (readonly [string, string, JsonObject])[] = [
    [
      'a former anchor',
      'inert-form',
      waf({
        match: {
          ...at(router),
          listener: { filterChain: { filter: { name: 'envoy.http_connection_manager' } } },
        },
      }),
    ],
    ['outbound only', 'wrong-context', waf({ match: { ...at(router), context: 'SIDECAR_OUTBOUND' } })],
    ['gateways only', 'wrong-context', waf({ match: { ...at(router), context: 'GATEWAY' } })],
    ['an anchor that is not there', 'wrong-context', waf({ match: at('envoy.filters.http.absent') })],
    ['another port', 'wrong-context', waf({ match: at(router, {}, { portNumber: 9090 }) })],
    [
      'another release',
      'inert-form',
      waf({ match: { ...at(router), proxy: { proxyVersion: '^1\\.19.*' } } }),
    ],
  ];
  it.each(idle)('%s: %s', (_, kind, filter) => {
    expect(told([...bakery(), filter])).toBe(`not-inspected: ${kind}`);
  });

  it('a filter that another object removes', () => {
    const removal = envoyFilter(
      'bakery/off',
      [patch('HTTP_FILTER', 'REMOVE', undefined, at('envoy.filters.http.ext_authz'))],
      { priority: 10 },
    );
    const gap = gapOfKind([...bakery(), waf(), removal], 'disabled');
    expect(gap.data['how']).toBe('EnvoyFilter bakery/off removes its filter');
    expect(gap.at.resource.name).toBe('off');
  });

  it('a filter that istiod loses to the panic of another object', () => {
    const header = { '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua' };
    const merge = patch('HTTP_FILTER', 'MERGE', { name: router, typed_config: header }, at(router));
    const panicking = envoyFilter('bakery/tune', [merge], { priority: -10 });
    const gap = gapOfKind([...bakery(), waf(), panicking], 'disabled');
    expect(gap.at.resource.name).toBe('tune');
  });

  it('an object that selects nothing is told as idle', () => {
    const objects = [
      ...bakery({ containers: [] }),
      object('networking.istio.io/v1alpha3/EnvoyFilter', 'bakery/waf', {
        workloadSelector: { labels: { app: 'absent' } },
        configPatches: [insert(fullCheck())],
      }),
    ];
    expect(told(objects)).toBe('not-inspected');
  });
});
