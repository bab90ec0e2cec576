import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { decideGateway } from '#policy/gateway-authorization/decide-gateway.js';
import { decideRequest } from '#policy/decide-request.js';
import { object } from '../manifests.js';
import { door, edge, routes, to, town } from '../gateway/edge.js';
import { backend, http, kubeGateway, pod, route } from '../gateway/kube.js';
import { authorization, decide, deny, meshConfig, open, paths, probeOf, said, servers } from './gate.js';

const web = 'routed web.shop:80';
const refused = 'denied authorization edge/no[0]';
const everything = { action: 'DENY', rules: [{}] };

// pilot/pkg/model/policyattachment.go, ShouldAttachPolicy
describe('which policies reach a gateway', () => {
  const kube = (...parts: readonly JsonObject[]): string => {
    const site = [kubeGateway([http]), route('shop/r', [backend('web')])];
    const policies = edge(...town, ...pod, ...site, ...parts);
    return said(decideGateway(policies, probeOf({ gateway: 'edge/Deployment/gw-istio', port: 80 })));
  };
  const ref = (name: string, kind = 'Gateway'): JsonObject => ({
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind, name }],
  });
  const on = (place: string, reach: JsonObject): JsonObject =>
    authorization(place, { ...reach, ...everything });
  it.each<[string, readonly JsonObject[], string]>([
    ['a targetRef', [on('edge/no', ref('gw'))], refused],
    ['the name of the Deployment is none', [on('edge/no', ref('gw-istio'))], web],
    ['a GatewayClass is none', [on('edge/no', ref('istio', 'GatewayClass'))], web],
    ['the root namespace', [on('istio-system/no', ref('gw'))], web],
    ['the route’s namespace', [on('shop/no', ref('gw'))], web],
    ['no selector', [on('edge/no', {})], refused],
    ['its port is the listener’s', [deny({ to: [{ operation: { ports: ['80'] } }] })], refused],
  ])('Gateway API: %s', (_, parts, expected) => {
    expect(kube(...parts)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ['a selector of the pod', on('edge/no', { selector: { matchLabels: { door: 'front' } } }), refused],
    ['another selector', on('edge/no', { selector: { matchLabels: { door: 'back' } } }), web],
    [
      'from the application’s namespace',
      on('shop/no', { selector: { matchLabels: { door: 'front' } } }),
      web,
    ],
    [
      'a targetRef to an Istio Gateway',
      on('edge/no', { targetRefs: [{ group: 'networking.istio.io', kind: 'Gateway', name: 'gw' }] }),
      web,
    ],
  ])('Istio Gateway: %s', (_, policy, expected) => {
    expect(said(decide([...servers, open, policy]))).toBe(expected);
  });
});

// TranslateRoute in pilot/pkg/networking/core/route/route.go; connection_settings.go for profile EDGE
describe('what the destination sees', () => {
  const sent = (rewrite: JsonObject, match = { prefix: '/api' }): readonly (string | undefined)[] => {
    const rule = { match: [{ uri: match }], rewrite, ...to('web.shop.svc.cluster.local:80') };
    const { upstreamPath, upstreamHost } = decide([...servers, routes('edge/r', ['shop.example'], [rule])], {
      path: '/api/%61/../b',
    });
    return [upstreamPath, upstreamHost];
  };
  it.each<[JsonObject, readonly string[]]>([
    [{}, ['/api/b', 'shop.example']],
    [{ uri: '/v2' }, ['/v2/b', 'shop.example']],
    [{ authority: 'inner.example' }, ['/api/b', 'inner.example']],
    [{ uriRegexRewrite: { match: '^/api/(.*)$', rewrite: '/$x/\\1' } }, ['/$x/b', 'shop.example']],
  ])('%j', (rewrite, expected) => {
    expect(sent(rewrite)).toEqual(expected);
  });

  it('merges slashes for policies under profile EDGE', () => {
    const edgeProfile = meshConfig({ defaultConfig: { connectionSettings: { profile: 'EDGE' } } });
    const parts = [...servers, open, deny(paths('/admin'))];
    expect(said(decide(parts, { path: '//admin' }))).toBe(web);
    expect(said(decide([...parts, edgeProfile], { path: '//admin' }))).toBe(refused);
    // connectionSettings came with 1.31; istiod drops what it does not know.
    const istiod = (version: string): JsonObject =>
      object('apps/v1/Deployment', 'istio-system/istiod', {
        template: {
          metadata: { labels: { app: 'istiod' } },
          spec: { containers: [{ name: 'discovery', image: `registry.example/pilot:${version}` }] },
        },
      });
    const older = [...parts, edgeProfile, istiod('1.30.2')];
    expect(said(decide(older, { path: '//admin' }))).toBe(web);
    expect(said(decide([...parts, edgeProfile, istiod('1.31.0')], { path: '//admin' }))).toBe(refused);
  });
});

describe('laws', () => {
  const parts = [
    ...town,
    ...door(),
    ...servers,
    open,
    deny(paths('/admin')),
    deny(paths('/x'), 'edge/other'),
  ];
  it('does not depend on the order of documents', () => {
    const answers = (documents: readonly JsonObject[]): readonly string[] => {
      const policies = edge(...documents);
      return ['/admin', '/x', '/'].map((path) => said(decideGateway(policies, probeOf({ path }))));
    };
    const expected = answers(parts);
    const shuffled = fc.shuffledSubarray(parts, { minLength: parts.length });
    fc.assert(
      fc.property(shuffled, (documents) => {
        expect(answers(documents)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('does not depend on policies of namespaces that have no part in it', () => {
    const other = object('security.istio.io/v1/AuthorizationPolicy', 'club/no', everything);
    expect(said(decideGateway(edge(...parts, other), probeOf({})))).toBe(web);
  });

  it('does not know a gateway that is not in the input', () => {
    const { outcome, missing } = decide(servers, { gateway: 'edge/Deployment/window' });
    expect([outcome, missing[0]?.key]).toEqual(['unknown', 'workload']);
  });

  it('answers the questions that any workload is asked', () => {
    const request = {
      id: undefined,
      from: { kind: 'plaintext' },
      ip: '192.0.2.1',
      to: { namespace: 'edge', workload: 'Deployment/door', port: 8080 },
      sni: undefined,
      tokens: [],
    } as const;
    const ask = (path: string, host = 'shop.example'): readonly (string | undefined)[] => {
      const get = { method: 'GET', host, path, headers: {} };
      const { verdict, stage, by } = decideRequest(edge(...parts), { ...request, http: get });
      return [verdict, stage, by?.policy];
    };
    expect(ask('/')).toEqual(['allowed', undefined, undefined]);
    expect(ask('/admin')).toEqual(['denied', 'authorization', 'edge/no']);
    expect(ask('/', 'other.example')).toEqual(['denied', 'transport', undefined]);
  });
});
