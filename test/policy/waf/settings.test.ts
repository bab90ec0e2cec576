import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { typed } from '../filter-chain/bakery.js';
import { agent, agentCluster, bakery, fullCheck, gapOfKind, known, told, waf } from './kiln.js';

type Objects = readonly JsonObject[];
type Row = readonly [string, string, Objects];

const full = [...bakery(), waf()];
const withFilter = (fields: JsonObject): Objects => [...bakery(), waf({ filter: fullCheck(fields) })];

describe('settings of ext_authz (envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto)', () => {
  const table: readonly Row[] = [
    ['complete', 'inspected', full],
    ['open on failure', 'fails-open: fails-open', withFilter({ failure_mode_allow: true })],
    ['no body', 'partly: no-body', withFilter({ with_request_body: null })],
    [
      'the beginning of a body',
      'partly: body-truncated',
      withFilter({ with_request_body: { max_request_bytes: 8192, allow_partial_message: true } }),
    ],
    [
      'a tenth of the requests',
      'partly: disabled',
      withFilter({ filter_enabled: { default_value: { numerator: 10 } } }),
    ],
    [
      'no request',
      'not-inspected: disabled',
      withFilter({ filter_enabled: { default_value: { numerator: 0 } } }),
    ],
    [
      'requests with metadata',
      'partly: requests-left-out',
      withFilter({
        filter_enabled_metadata: {
          filter: 'x',
          path: [{ key: 'y' }],
          value: { string_match: { exact: 'z' } },
        },
      }),
    ],
    ['off', 'not-inspected: disabled', [...bakery(), waf({ filter: { ...fullCheck(), disabled: true } })]],
    [
      'behind the router',
      'not-inspected: wrong-order',
      [...bakery(), waf({ filter: fullCheck(), cluster: agentCluster(), more: [] }), ...[]].map(
        (one) => JSON.parse(JSON.stringify(one).replace('INSERT_BEFORE', 'INSERT_AFTER')) as JsonObject,
      ),
    ],
    [
      'without a type',
      'not-inspected: refused-listener',
      [
        ...bakery(),
        waf({
          filter: {
            name: 'envoy.ext_authz',
            config: { grpc_service: { envoy_grpc: { cluster_name: 'sigsci-agent-grpc' } } },
          },
        }),
      ],
    ],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });

  it('points at the field in the spelling of the manifest', () => {
    const objects = [...bakery(), waf({ filter: fullCheck({ failureModeAllow: true }) })];
    expect(gapOfKind(objects, 'fails-open').at.path.join('.')).toBe(
      'spec.configPatches.0.patch.value.typed_config.failureModeAllow',
    );
    const struct = {
      name: 'waf',
      typed_config: {
        '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
        type_url: 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
        value: {
          grpc_service: { envoy_grpc: { cluster_name: 'sigsci-agent-grpc' } },
          failure_mode_allow: true,
          transport_api_version: 'V3',
        },
      },
    };
    expect(gapOfKind([...bakery(), waf({ filter: struct })], 'fails-open').at.path.join('.')).toBe(
      'spec.configPatches.0.patch.value.typed_config.value.failure_mode_allow',
    );
  });

  it('tells what puts the inspection there', () => {
    const { by, products } = known(full);
    expect(products).toEqual(['signal-sciences']);
    expect(by.map(({ resource, path }) => `${resource.kind} ${path.join('.')}`)).toEqual([
      'EnvoyFilter spec.configPatches.0',
      'Deployment spec.template.spec.containers.1',
    ]);
  });
});

const processor = (fields: JsonObject = {}): JsonObject => ({
  name: 'waf',
  typed_config: typed('http.ext_proc.v3.ExternalProcessor', {
    grpc_service: { envoy_grpc: { cluster_name: 'sigsci-agent-grpc' } },
    processing_mode: { request_body_mode: 'BUFFERED' },
    ...fields,
  }),
});

const takesProc = agent({
  SIGSCI_ENVOY_GRPC_ADDRESS: '127.0.0.1:9999',
  SIGSCI_ENVOY_EXTPROC_ENABLED: 'true',
});
const withProcessor = (fields: JsonObject = {}): Objects => [
  ...bakery({ containers: [takesProc] }),
  waf({ filter: processor(fields) }),
];

describe('settings of ext_proc (envoy/extensions/filters/http/ext_proc/v3/ext_proc.proto)', () => {
  const table: readonly Row[] = [
    ['complete', 'inspected', withProcessor()],
    ['headers only', 'partly: no-body', withProcessor({ processing_mode: {} })],
    [
      'headers, the server may ask for more',
      'inspected',
      withProcessor({ processing_mode: {}, allow_mode_override: true }),
    ],
    [
      'a part of the body',
      'partly: body-truncated',
      withProcessor({ processing_mode: { request_body_mode: 'BUFFERED_PARTIAL' } }),
    ],
    [
      'no headers',
      'partly: requests-left-out',
      withProcessor({ processing_mode: { request_header_mode: 'SKIP', request_body_mode: 'BUFFERED' } }),
    ],
    ['looks on', 'detects-only: detects-only', withProcessor({ observability_mode: true })],
    ['answers ignored', 'detects-only: detects-only', withProcessor({ disable_immediate_response: true })],
    ['open on failure', 'fails-open: fails-open', withProcessor({ failure_mode_allow: true })],
    [
      'an agent that takes ext_authz only',
      'not-inspected: agent-mode-mismatch',
      [...bakery(), waf({ filter: processor() })],
    ],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });
});
