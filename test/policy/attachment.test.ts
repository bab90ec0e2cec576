import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { attaches } from '#policy/attachment.js';
import type { PolicyTarget } from '#policy/attachment.js';
import { meshOf } from '../mesh/mesh-of.js';

const groups: Readonly<Record<string, string>> = {
  Telemetry: 'telemetry.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
  ProxyConfig: 'networking.istio.io/v1beta1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  TrafficExtension: 'extensions.istio.io/v1alpha1',
};

function attached(
  kind: string,
  place: string,
  spec: JsonObject,
  { target, env }: { target: PolicyTarget; env?: JsonObject },
): boolean {
  const [namespace = '', name = ''] = place.split('/');
  const apiVersion = groups[kind] ?? 'security.istio.io/v1';
  const policy = { apiVersion, kind, metadata: { name, namespace }, spec };
  const container = { name: 'discovery', image: 'pilot:1.31.0', env: env === undefined ? [] : [env] };
  const template = { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } };
  const metadata = { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } };
  const istiod = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: {}, template } };
  const mesh = meshOf([policy, istiod].map((each) => JSON.stringify(each)).join('\n---\n'));
  const [resource] = mesh.ofKind(apiVersion.slice(0, apiVersion.indexOf('/')), kind);
  if (resource === undefined) throw new Error('no policy');
  return attaches(mesh, resource, target);
}

const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';
const pod: PolicyTarget = { namespace: 'shop', labels: { app: 'cart', tier: 'back' } };
const classic: PolicyTarget = { namespace: 'shop', labels: { istio: 'ingressgateway', app: 'cart' } };
const gateway: PolicyTarget = { namespace: 'shop', labels: { [gatewayLabel]: 'front', app: 'cart' } };
const services = [{ kind: 'Service', name: 'api', namespace: 'bank' } as const];
const waypoint: PolicyTarget = {
  namespace: 'shop',
  labels: { [gatewayLabel]: 'front' },
  waypoint: true,
  services,
};

const byLabel = (labels: JsonObject): JsonObject => ({ selector: { matchLabels: labels } });
const refs = (kind: string, name: string, more: JsonObject = {}): JsonObject => {
  const group = kind.startsWith('Gateway')
    ? 'gateway.networking.k8s.io'
    : kind === 'Service'
      ? ''
      : 'networking.istio.io';
  return { targetRefs: [{ group, kind, name, ...more }] };
};

// pilot/pkg/model/policyattachment.go, ShouldAttachPolicy
describe.each(['AuthorizationPolicy', 'RequestAuthentication', 'WasmPlugin', 'TrafficExtension'])(
  '%s',
  (kind) => {
    it.each<[string, string, JsonObject, PolicyTarget, boolean]>([
      ['no selector, own namespace', 'shop/p', {}, pod, true],
      ['no selector, another namespace', 'bank/p', {}, pod, false],
      ['no selector, root namespace', 'istio-system/p', {}, pod, true],
      ['empty selector', 'shop/p', { selector: {} }, pod, true],
      ['a part of the labels', 'shop/p', byLabel({ app: 'cart' }), pod, true],
      ['more than the labels', 'shop/p', byLabel({ app: 'cart', version: 'v1' }), pod, false],
      ['selector in the root namespace', 'istio-system/p', byLabel({ app: 'cart' }), pod, true],
      ['refs at a sidecar', 'shop/p', refs('Service', 'cart'), pod, false],
      [
        'refs beside a selector',
        'shop/p',
        { ...byLabel({ app: 'cart' }), ...refs('Service', 'cart') },
        pod,
        false,
      ],
      ['refs at a classic gateway', 'shop/p', refs('Gateway', 'front'), classic, false],
      ['selector at a classic gateway', 'shop/p', byLabel({ app: 'cart' }), classic, true],
      ['selector at a gateway of the Gateway API', 'shop/p', byLabel({ app: 'cart' }), gateway, true],
      ['ref to the gateway', 'shop/p', refs('Gateway', 'front'), gateway, true],
      [
        'single ref to the gateway',
        'shop/p',
        { targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front' } },
        gateway,
        true,
      ],
      ['ref to another gateway', 'shop/p', refs('Gateway', 'back'), gateway, false],
      ['ref from the root namespace', 'istio-system/p', refs('Gateway', 'front'), gateway, false],
      [
        'ref with its own namespace',
        'shop/p',
        refs('Gateway', 'front', { namespace: 'shop' }),
        gateway,
        true,
      ],
      [
        'ref with another namespace',
        'shop/p',
        refs('Gateway', 'front', { namespace: 'bank' }),
        gateway,
        false,
      ],
      [
        'ref in the wrong group',
        'shop/p',
        { targetRefs: [{ kind: 'Gateway', name: 'front' }] },
        gateway,
        false,
      ],
      ['no selector at a waypoint', 'shop/p', {}, waypoint, false],
      ['mesh-wide at a waypoint', 'istio-system/p', {}, waypoint, false],
      ['ref to the waypoint', 'shop/p', refs('Gateway', 'front'), waypoint, true],
      ['ref to a served service', 'bank/p', refs('Service', 'api'), waypoint, true],
      [
        'ref to a served service by its full group',
        'bank/p',
        { targetRefs: [{ group: 'core', kind: 'Service', name: 'api' }] },
        waypoint,
        true,
      ],
      ['ref to a service from another namespace', 'shop/p', refs('Service', 'api'), waypoint, false],
      ['ref to an entry of that name', 'bank/p', refs('ServiceEntry', 'api'), waypoint, false],
      [
        'ref to the class, root namespace',
        'istio-system/p',
        refs('GatewayClass', 'istio-waypoint'),
        waypoint,
        true,
      ],
      [
        'ref to the class, other namespace',
        'shop/p',
        refs('GatewayClass', 'istio-waypoint'),
        waypoint,
        false,
      ],
      ['ref to another class', 'istio-system/p', refs('GatewayClass', 'mine'), waypoint, false],
      [
        'ref to the class at a gateway',
        'istio-system/p',
        refs('GatewayClass', 'istio-waypoint'),
        gateway,
        false,
      ],
    ])('%s', (_, place, spec, target, expected) => {
      expect(attached(kind, place, spec, { target })).toBe(expected);
    });

    it('leaves gateways of the Gateway API alone when selectors are switched off', () => {
      const env = { name: 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY', value: 'false' };
      expect(attached(kind, 'shop/p', {}, { target: gateway, env })).toBe(false);
      expect(attached(kind, 'shop/p', refs('Gateway', 'front'), { target: gateway, env })).toBe(true);
      expect(attached(kind, 'shop/p', {}, { target: pod, env })).toBe(true);
    });
  },
);

describe('other kinds', () => {
  const inRoot: PolicyTarget = { namespace: 'istio-system', labels: { app: 'cart' } };
  it.each<[string, string, string, JsonObject, PolicyTarget, boolean]>([
    // pilot/pkg/security/authn/policy_applier.go, ComposePeerAuthentication
    [
      'selector in the root namespace',
      'PeerAuthentication',
      'istio-system/p',
      byLabel({ app: 'cart' }),
      pod,
      false,
    ],
    [
      'selector in the root namespace, pod there',
      'PeerAuthentication',
      'istio-system/p',
      byLabel({ app: 'cart' }),
      inRoot,
      false,
    ],
    [
      'empty selector in the root namespace',
      'PeerAuthentication',
      'istio-system/p',
      { selector: {} },
      pod,
      true,
    ],
    ['selector', 'PeerAuthentication', 'shop/p', byLabel({ app: 'cart' }), pod, true],
    // pilot/pkg/model/telemetry.go, applicableTelemetries
    ['selector in the root namespace', 'Telemetry', 'istio-system/p', byLabel({ app: 'cart' }), pod, false],
    [
      'selector in the root namespace, pod there',
      'Telemetry',
      'istio-system/p',
      byLabel({ app: 'cart' }),
      inRoot,
      true,
    ],
    ['no selector in the root namespace', 'Telemetry', 'istio-system/p', {}, pod, true],
    ['no selector at a waypoint', 'Telemetry', 'shop/p', {}, waypoint, true],
    // pilot/pkg/model/push_context.go, EnvoyFilters and doGetSidecarScope
    [
      'matchLabels, which the kind does not know',
      'EnvoyFilter',
      'shop/p',
      byLabel({ app: 'web' }),
      pod,
      true,
    ],
    ['labels', 'EnvoyFilter', 'istio-system/p', { workloadSelector: { labels: { app: 'web' } } }, pod, false],
    ['labels', 'EnvoyFilter', 'istio-system/p', { workloadSelector: { labels: { app: 'cart' } } }, pod, true],
    ['no selector at a waypoint', 'EnvoyFilter', 'shop/p', {}, waypoint, false],
    ['labels', 'Sidecar', 'shop/p', { workloadSelector: { labels: { app: 'cart' } } }, pod, true],
    [
      'labels in the root namespace',
      'Sidecar',
      'istio-system/p',
      { workloadSelector: { labels: { app: 'cart' } } },
      pod,
      false,
    ],
    ['no selector in the root namespace', 'Sidecar', 'istio-system/p', {}, pod, true],
    ['a gateway of the Gateway API', 'Sidecar', 'shop/p', {}, gateway, false],
    // pilot/pkg/model/proxy_config.go
    ['no selector', 'ProxyConfig', 'istio-system/p', {}, pod, true],
    ['an empty selector', 'ProxyConfig', 'shop/p', { selector: {} }, pod, false],
    ['selector in the root namespace', 'ProxyConfig', 'istio-system/p', byLabel({ app: 'cart' }), pod, false],
    ['selector', 'ProxyConfig', 'shop/p', byLabel({ app: 'cart' }), pod, true],
  ])('%s: %s %s', (_, kind, place, spec, target, expected) => {
    expect(attached(kind, place, spec, { target })).toBe(expected);
  });
});
