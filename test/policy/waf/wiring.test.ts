import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { cluster, patch } from '../filter-chain/bakery.js';
import { deployment, service } from '../manifests.js';
import { agent, agentCluster, bakery, fullCheck, gapOfKind, known, told, waf } from './kiln.js';

type Objects = readonly JsonObject[];

const configMap = (data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'agent', namespace: 'bakery' },
  data,
});

const fromConfigMap = agent(
  {},
  {
    env: [
      {
        name: 'SIGSCI_ENVOY_GRPC_ADDRESS',
        valueFrom: { configMapKeyRef: { name: 'agent', key: 'address' } },
      },
    ],
  },
);

const google = (uri: string): JsonObject =>
  fullCheck({ grpc_service: { google_grpc: { target_uri: uri, stat_prefix: 'sigsci' }, timeout: '0.2s' } });

const remoteAgent = (
  port: JsonObject = { name: 'grpc', port: 8000, targetPort: 8000 },
  env = '0.0.0.0:8000',
): Objects => [
  deployment('bakery/sigsci', { spec: { containers: [agent({ SIGSCI_ENVOY_GRPC_ADDRESS: env })] } }),
  service('bakery/sigsci', [port]),
];

describe('the way from a filter to the agent (Envoy: config/core/v3/grpc_service.proto)', () => {
  const complete: readonly (readonly [string, Objects])[] = [
    ['a cluster of the filter’s own', [...bakery(), waf()]],
    ['localhost for 127.0.0.1', [...bakery(), waf({ cluster: agentCluster(9999, {}, 'localhost') })]],
    ...['localhost:9999', '0.0.0.0:9999', ':9999', '[::]:9999'].map((address): readonly [string, Objects] => [
      `an agent on ${address}`,
      [...bakery({ containers: [agent({ SIGSCI_ENVOY_GRPC_ADDRESS: address })] }), waf()],
    ]),
    ['google_grpc', [...bakery(), waf({ filter: google('127.0.0.1:9999'), cluster: undefined })]],
    [
      'google_grpc by DNS',
      [...bakery(), waf({ filter: google('dns:///localhost:9999'), cluster: undefined })],
    ],
    [
      'camelCase',
      [
        ...bakery(),
        waf({
          filter: {
            name: 'waf',
            typedConfig: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
              grpcService: { envoyGrpc: { clusterName: 'sigsci-agent-grpc' } },
              transportApiVersion: 'V3',
              withRequestBody: { maxRequestBytes: 8192 },
            },
          },
        }),
      ],
    ],
    [
      'an address from a ConfigMap',
      [...bakery({ containers: [fromConfigMap] }), configMap({ address: '127.0.0.1:9999' }), waf()],
    ],
    [
      'an address from agent.conf',
      [
        ...bakery({
          containers: [agent({}, { volumeMounts: [{ name: 'conf', mountPath: '/etc/sigsci' }] })],
          spec: { volumes: [{ name: 'conf', configMap: { name: 'agent' } }] },
        }),
        configMap({ 'agent.conf': 'accesskeyid = "x"\nenvoy-grpc-address = "127.0.0.1:9999"\n' }),
        waf(),
      ],
    ],
    [
      'an agent of its own behind a Service',
      [...bakery({ containers: [] }), ...remoteAgent(), waf({ cluster: agentCluster(8000, {}, 'sigsci') })],
    ],
    [
      'istiod’s cluster of a Service',
      [
        ...bakery({ containers: [] }),
        ...remoteAgent(),
        waf({
          filter: fullCheck({
            grpc_service: { envoy_grpc: { cluster_name: 'outbound|8000||sigsci.bakery.svc.cluster.local' } },
          }),
          cluster: undefined,
        }),
      ],
    ],
    [
      'a cluster whose name says nothing',
      [
        ...bakery(),
        waf({
          filter: fullCheck({ grpc_service: { envoy_grpc: { cluster_name: 'inspector' } } }),
          cluster: cluster('inspector', '127.0.0.1', 9999, { http2_protocol_options: {} }),
        }),
      ],
    ],
  ];
  it.each(complete)('is proven for %s', (_, objects) => {
    expect(told(objects)).toBe('inspected');
  });

  const broken: readonly (readonly [string, string, Objects])[] = [
    ['no agent', 'filter-without-agent', [...bakery({ containers: [] }), waf()]],
    ['no filter', 'agent-without-filter', bakery()],
    [
      'an agent without a mode',
      'agent-without-mode',
      [...bakery({ containers: [agent({ SIGSCI_ACCESSKEYID: 'x' })] }), waf()],
    ],
    [
      'an agent without a mode and no filter',
      'agent-without-mode',
      bakery({ containers: [agent({ SIGSCI_ACCESSKEYID: 'x' })] }),
    ],
    [
      'an agent in another mode',
      'agent-mode-mismatch',
      [...bakery({ containers: [agent({ SIGSCI_RPC_ADDRESS: '0.0.0.0:9999' })] }), waf()],
    ],
    ['another port', 'address-mismatch', [...bakery(), waf({ cluster: agentCluster(9998) })]],
    [
      'an agent on loopback behind a Service',
      'address-mismatch',
      [
        ...bakery({ containers: [] }),
        ...remoteAgent(undefined, '127.0.0.1:8000'),
        waf({ cluster: agentCluster(8000, {}, 'sigsci') }),
      ],
    ],
    ['no cluster', 'cluster-missing', [...bakery(), waf({ cluster: undefined })]],
    [
      'a cluster for gateways only',
      'cluster-missing',
      [
        ...bakery(),
        waf({ cluster: undefined, more: [patch('CLUSTER', 'ADD', agentCluster(), { context: 'GATEWAY' })] }),
      ],
    ],
    [
      'a cluster that Envoy refuses',
      'cluster-missing',
      [...bakery(), waf({ cluster: agentCluster(9999, { type: 'STATIC' }, 'localhost') })],
    ],
    [
      'a cluster over HTTP/1',
      'cluster-without-http2',
      [...bakery(), waf({ cluster: cluster('sigsci-agent-grpc') })],
    ],
    [
      'a Service whose port the agent does not have',
      'address-mismatch',
      [...bakery({ containers: [] }), ...remoteAgent(), waf({ cluster: agentCluster(8001, {}, 'sigsci') })],
    ],
  ];
  it.each(broken)('%s: %s', (_, kind, objects) => {
    expect(told(objects).split(': ')[1]?.split(' ')).toContain(kind);
    expect(known(objects).verdict).toBe('not-inspected');
  });

  it('is unknown where the input does not hold what tells', () => {
    const address = [...bakery({ containers: [fromConfigMap] }), waf()];
    expect(told(address, { scope: 'partial' })).toBe('unknown(configmap)');
    const elsewhere = [...bakery({ containers: [] }), waf({ cluster: agentCluster(8000, {}, 'sigsci') })];
    expect(told(elsewhere, { scope: 'partial' })).toBe('unknown(service)');
    const noCluster = [...bakery(), waf({ cluster: undefined })];
    expect(told(noCluster, { scope: 'partial' })).toBe('unknown(cluster)');
    expect(told(bakery(), { scope: 'partial' })).toBe('unknown(envoy-filter)');
  });

  it('tells what is wrong though the namespace’s labels are not in the input', () => {
    const pods = bakery().slice(2);
    const wrong = [...pods, waf({ cluster: agentCluster(9998) })];
    expect(told(wrong, { scope: 'partial' })).toBe('unknown(namespace-labels): address-mismatch');
    expect(told([...pods, waf()], { scope: 'partial' })).toBe('unknown(namespace-labels)');
  });

  it('points at the field to mend', () => {
    const missing = gapOfKind([...bakery(), waf({ cluster: undefined })], 'cluster-missing');
    expect(missing.at.path.join('.')).toBe(
      'spec.configPatches.0.patch.value.typed_config.grpc_service.envoy_grpc.cluster_name',
    );
    expect(missing.data).toMatchObject({
      cluster: 'sigsci-agent-grpc',
      onFailure: 'closed',
      object: 'EnvoyFilter bakery/waf',
    });
    const port = gapOfKind([...bakery(), waf({ cluster: agentCluster(9998) })], 'address-mismatch');
    expect(port.at.path.join('.')).toBe('spec.configPatches.1');
    expect(port.data).toMatchObject({ address: '127.0.0.1:9998', listens: '127.0.0.1:9999' });
  });
});
