import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, object, service } from '../manifests.js';
import { agent, bakery, decisions, gapOfKind, known, told } from './kiln.js';

type Objects = readonly JsonObject[];
type Row = readonly [string, string, Objects];

describe('CUSTOM policies (pilot/pkg/security/authz/builder/extauthz.go)', () => {
  const provider = (fields: JsonObject = {}): JsonObject =>
    meshConfig({
      extensionProviders: [
        {
          name: 'waf',
          envoyExtAuthzGrpc: {
            service: 'sigsci.bakery.svc.cluster.local',
            port: 8000,
            includeRequestBodyInCheck: { maxRequestBytes: 8192 },
            ...fields,
          },
        },
      ],
    });
  const engine = [
    deployment('bakery/sigsci', {
      spec: { containers: [agent({ SIGSCI_ENVOY_GRPC_ADDRESS: '0.0.0.0:8000' })] },
    }),
    service('bakery/sigsci', [{ name: 'grpc', port: 8000, targetPort: 8000 }]),
  ];
  const policy = (custom: readonly JsonObject[]): JsonObject =>
    object('security.istio.io/v1/AuthorizationPolicy', 'bakery/check', {
      selector: { matchLabels: { app: 'oven' } },
      action: 'CUSTOM',
      provider: { name: 'waf' },
      rules: custom,
    });
  const base = [...bakery({ containers: [] }), ...engine];
  const table: readonly Row[] = [
    ['every request', 'inspected', [...base, provider(), policy([{}])]],
    ['every path', 'inspected', [...base, provider(), policy([{ to: [{ operation: { paths: ['*'] } }] }])]],
    [
      'some paths',
      'partly: requests-left-out',
      [...base, provider(), policy([{ to: [{ operation: { paths: ['/admin/*'] } }] }])],
    ],
    [
      'all but some paths',
      'partly: requests-left-out',
      [...base, provider(), policy([{ to: [{ operation: { notPaths: ['/healthz'] } }] }])],
    ],
    ['open on failure', 'fails-open: fails-open', [...base, provider({ failOpen: true }), policy([{}])]],
    ['no body', 'partly: no-body', [...base, provider({ includeRequestBodyInCheck: null }), policy([{}])]],
    ['no policy', 'not-inspected', [...base, provider()]],
    ['a wrong port', 'not-inspected: cluster-missing', [...base, provider({ port: 8001 }), policy([{}])]],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });

  const other = {
    name: 'other',
    envoyExtAuthzGrpc: { service: 'sigsci.bakery.svc.cluster.local', port: 8000 },
  };
  const second = object('security.istio.io/v1/AuthorizationPolicy', 'bakery/second', {
    selector: { matchLabels: { app: 'oven' } },
    action: 'CUSTOM',
    provider: { name: 'other' },
    rules: [{}],
  });
  const own = {
    name: 'waf',
    envoyExtAuthzGrpc: {
      service: 'sigsci.bakery.svc.cluster.local',
      port: 8000,
      includeRequestBodyInCheck: { maxRequestBytes: 8192 },
    },
  };

  it('of two providers deny instead of asking, unless istiod is told otherwise', () => {
    const both = meshConfig({ extensionProviders: [own, other] });
    expect(told([...base, both, policy([{}]), second])).toBe('not-inspected: disabled');
  });

  it('in dry-run mode ask nobody', () => {
    const tried = {
      ...policy([{}]),
      metadata: { name: 'check', namespace: 'bakery', annotations: { 'istio.io/dry-run': 'true' } },
    };
    const gap = gapOfKind([...base, provider(), tried], 'dry-run');
    expect(gap.at.path).toEqual(['metadata', 'annotations', 'istio.io/dry-run']);
    expect(known([...base, provider(), tried]).verdict).toBe('not-inspected');
  });

  it('tells what is left out, and the provider’s fields', () => {
    const paths = gapOfKind(
      [...base, provider(), policy([{ to: [{ operation: { notPaths: ['/healthz', '/ready'] } }] }])],
      'requests-left-out',
    );
    expect(paths.data['what']).toBe('requests with paths /healthz, /ready');
    expect(paths.at.path.join('.')).toBe('spec.rules.0.to.0.operation.notPaths');
    expect(
      gapOfKind([...base, provider({ failOpen: true }), policy([{}])], 'fails-open').at.resource.kind,
    ).toBe('ConfigMap');
  });

  it('tells a provider that no policy uses', () => {
    const idle = decisions([...base, provider()]).waf.idle();
    expect(idle.map(({ gap }) => [gap.kind, gap.data['provider']])).toEqual([
      ['provider-without-policy', 'waf'],
    ]);
    expect(decisions([...base, provider(), policy([{}])]).waf.idle()).toEqual([]);
  });
});
