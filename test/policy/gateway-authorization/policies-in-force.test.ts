import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { decideGateway } from '#policy/gateway-authorization/decide-gateway.js';
import { edge, town } from '../gateway/edge.js';
import { backend, http, kubeGateway, pod, route } from '../gateway/kube.js';
import { object } from '../manifests.js';
import {
  allow,
  ask,
  authorization,
  deny,
  meshConfig,
  operation,
  paths,
  probeOf,
  said,
  source,
  type Knock,
} from './gate.js';

const web = 'routed web.shop:80';
const byDeny = 'denied authorization edge/no[0]';
const byDefault = 'denied authorization';
const rules = [{}];

const dryRun = (action: string, place = 'edge/trial'): JsonObject =>
  object(
    'security.istio.io/v1/AuthorizationPolicy',
    place,
    { action, rules },
    {
      annotations: { 'istio.io/dry-run': 'true' },
    },
  );

// pilot/pkg/security/authz/builder/builder.go, build
describe('what is written and not in force', () => {
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['an ALLOW in dry run closes nothing', [dryRun('ALLOW')], {}, web],
    ['a DENY in dry run denies nothing', [dryRun('DENY')], {}, web],
    [
      'an ALLOW in dry run opens nothing beside one in force',
      [dryRun('ALLOW'), allow(paths('/open'))],
      { path: '/shut' },
      byDefault,
    ],
    ['a DENY without rules', [authorization('edge/no', { action: 'DENY' })], {}, web],
    ['AUDIT', [authorization('edge/watch', { action: 'AUDIT', rules })], {}, web],
    [
      'AUDIT on a TCP server',
      [authorization('edge/watch', { action: 'AUDIT', rules })],
      { port: 9000, raw: true },
      'tcp raw.shop:7000',
    ],
  ])('%s', (_, parts, knock, expected) => {
    expect(ask(parts, knock)).toBe(expected);
  });
});

// pilot/pkg/model/authorization.go, ListAuthorizationPolicies: the pod's namespace and the root namespace
describe('where a policy stands', () => {
  const nothing = (place: string, spec: JsonObject = {}): JsonObject => authorization(place, spec);
  const door = { selector: { matchLabels: { door: 'front' } } };
  it.each<[string, JsonObject, string]>([
    ['in the root namespace, allowing nothing', nothing('istio-system/none'), byDefault],
    ['in the root namespace, with a selector', nothing('istio-system/none', door), byDefault],
    ['in the pod’s namespace, with an empty selector', nothing('edge/none', { selector: {} }), byDefault],
    ['in the application’s namespace', nothing('shop/none'), web],
    [
      'in the root namespace, denying all',
      authorization('istio-system/no', { action: 'DENY', rules }),
      'denied authorization istio-system/no[0]',
    ],
  ])('%s', (_, policy, expected) => {
    expect(ask([policy])).toBe(expected);
  });
});

// The filters run before the router finds that there is no route: pilot/pkg/networking/core/listener_builder.go
describe('before the route', () => {
  const unknownHost = { host: 'nobody.example' };
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['no policy: not found', [], unknownHost, 'not-found 404'],
    ['a DENY comes before not found', [deny(paths('/'))], unknownHost, byDeny],
    ['an ALLOW list hides what has no route', [allow(paths('/open'))], unknownHost, byDefault],
    [
      'a preflight is denied by an ALLOW of GET',
      [allow(operation({ methods: ['GET'] }))],
      { method: 'OPTIONS', headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' } },
      byDefault,
    ],
  ])('%s', (_, parts, knock, expected) => {
    expect(ask(parts, knock)).toBe(expected);
  });
});

// pilot/pkg/security/authz/matcher/{host,string}.go
describe('hosts and methods', () => {
  const hosts = (...list: readonly string[]): JsonObject => deny(operation({ hosts: [...list] }));
  it.each<[string, JsonObject, Knock, string]>([
    ['a prefix', hosts('shop.*'), { host: 'shop.example' }, byDeny],
    ['a prefix takes the port in', hosts('shop.*'), { host: 'shop.example:80' }, byDeny],
    ['a suffix', hosts('*.example'), { host: 'shop.example' }, byDeny],
    ['a suffix stops at the port', hosts('*.example'), { host: 'shop.example:80' }, web],
    ['case does not count', hosts('shop.example'), { host: 'SHOP.example' }, byDeny],
    ['a method', deny(operation({ methods: ['POST'] })), { method: 'POST' }, byDeny],
    ['another method', deny(operation({ methods: ['POST'] })), { method: 'GET' }, web],
    ['a prefix of methods', deny(operation({ methods: ['P*'] })), { method: 'PATCH' }, byDeny],
  ])('%s', (_, policy, knock, expected) => {
    expect(ask([policy], knock)).toBe(expected);
  });
});

// pilot/pkg/networking/core/listener_builder.go, buildHTTPConnectionManager: path normalization
describe('spellings of a path', () => {
  const mode = (normalization: string): JsonObject => meshConfig({ pathNormalization: { normalization } });
  it.each<[string, string, string]>([
    ['NONE', '/x/../admin', web],
    ['NONE', '/%61dmin', web],
    ['BASE', '/x/../admin', byDeny],
    ['BASE', '/%61dmin', byDeny],
    ['BASE', '//admin', web],
    ['MERGE_SLASHES', '//admin', byDeny],
    ['MERGE_SLASHES', '/%2Fadmin', web],
    ['DECODE_AND_MERGE_SLASHES', '/%2Fadmin', byDeny],
    ['DECODE_AND_MERGE_SLASHES', '/ADMIN', web],
  ])('%s: %s', (normalization, path, expected) => {
    expect(ask([mode(normalization), deny(paths('/admin'))], { path })).toBe(expected);
  });
});

// A gateway's clients at plaintext and SIMPLE servers have no identity: pilot/pkg/security/authz/model/generator.go
describe('identities where there is none', () => {
  it.each<[string, JsonObject, string]>([
    ['a DENY on a namespace never fires', deny(source({ namespaces: ['club'] })), web],
    ['a DENY on what is not a principal takes all', deny(source({ notPrincipals: ['a/b'] })), byDeny],
    ['an ALLOW of a namespace closes the gateway', allow(source({ namespaces: ['*'] })), byDefault],
  ])('%s', (_, policy, expected) => {
    expect(ask([policy])).toBe(expected);
    expect(ask([policy], { sni: 'plain.example' })).toBe(expected);
  });
});

// pilot/pkg/model/policyattachment.go, ShouldAttachPolicy
describe('attachment to a gateway of the Gateway API', () => {
  const kube = (...parts: readonly JsonObject[]): string => {
    const policies = edge(...town, ...pod, kubeGateway([http]), route('shop/r', [backend('web')]), ...parts);
    return said(decideGateway(policies, probeOf({ gateway: 'edge/Deployment/gw-istio', port: 80 })));
  };
  const policy = (reach: JsonObject): JsonObject =>
    authorization('edge/no', { ...reach, action: 'DENY', rules });
  const bySelector = policy({
    selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'gw' } },
  });
  const istiod = (name: string, value: string): JsonObject =>
    object('apps/v1/Deployment', 'istio-system/istiod', {
      selector: { matchLabels: { app: 'istiod' } },
      template: {
        metadata: { labels: { app: 'istiod', istio: 'pilot' } },
        spec: {
          containers: [{ name: 'discovery', image: 'registry.example/pilot:1.31.0', env: [{ name, value }] }],
        },
      },
    });
  const ref = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' };

  it.each<[string, readonly JsonObject[], string]>([
    ['a selector of the pod', [bySelector], byDeny],
    [
      'a selector, with the flag off',
      [bySelector, istiod('ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY', 'false')],
      web,
    ],
    ['the singular targetRef', [policy({ targetRef: ref })], byDeny],
    [
      'a targetRef to an Istio Gateway',
      [policy({ targetRefs: [{ ...ref, group: 'networking.istio.io' }] })],
      web,
    ],
    [
      'a targetRef to the Service of the application',
      [policy({ targetRefs: [{ group: '', kind: 'Service', name: 'web' }] })],
      web,
    ],
  ])('%s', (_, parts, expected) => {
    expect(kube(...parts)).toBe(expected);
  });
});
