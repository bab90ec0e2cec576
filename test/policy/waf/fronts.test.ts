import { describe, expect, it } from 'vitest';
import { objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';
import { isReadKind } from '#schemas/kinds.js';
import { door, gateway, routes, server, town } from '../gateway/edge.js';
import { object } from '../manifests.js';
import { ingress, openDoor, outside, policy, routesOf, told, web } from './wall.js';

const plainShop = [
  ...town,
  ...door(),
  gateway('edge/gw', [server('HTTP', 80, ['shop.example'])]),
  routes('shop/one', ['shop.example'], [web]),
];

function verdictOf(parts: readonly JsonObject[]): string {
  const [first] = routesOf(parts).filter(({ gateway: pods }) => pods !== undefined);
  return first === undefined ? 'no route' : told(first);
}

function gapsOfFirst(parts: readonly JsonObject[]): readonly JsonObject[] {
  const [first] = routesOf(parts).filter(({ gateway: pods }) => pods !== undefined);
  if (first?.inspection.known !== true) return [];
  return first.inspection.value.gaps.map(({ kind, data }) => ({ kind, ...data }));
}

describe('kinds of the products', () => {
  it('are all read, so that their objects are seen', () => {
    const kinds = WAF_PRODUCTS.flatMap(({ fronts = [] }) => fronts.flatMap((mark) => mark.kinds ?? []));
    const unread = kinds.filter((kind) => {
      const slash = kind.lastIndexOf('/');
      return !isReadKind(kind.slice(0, slash), kind.slice(slash + 1));
    });
    expect(kinds.length).toBeGreaterThan(20);
    expect(unread).toEqual([]);
  });
});

describe('fronts', () => {
  const fronted = ingress('edge/wall', policy, { service: 'door', port: 80 });
  it('that every way to the gateway passes inspect it', () => {
    expect(verdictOf([...plainShop, fronted])).toBe('shop.example:8080 -> web inspected');
    const off = ingress('edge/wall', { 'wall.example/policy': 'none' }, { service: 'door', port: 80 });
    expect(verdictOf([...plainShop, off])).toBe('shop.example:8080 -> web not-inspected');
  });
  it('that only find do not block', () => {
    const logging = { ...policy, 'wall.example/mode': 'log' };
    const found = ingress('edge/wall', logging, { service: 'door', port: 80 });
    expect(verdictOf([...plainShop, found])).toBe('shop.example:8080 -> web detects-only');
    expect(gapsOfFirst([...plainShop, found])).toMatchObject([{ kind: 'detects-only' }]);
  });
  it('are bypassed by another open Service or Ingress to the same port, not by one for other hosts', () => {
    const parts = [...plainShop, fronted];
    expect(verdictOf([...parts, outside])).toBe('shop.example:8080 -> web partly');
    expect(gapsOfFirst([...parts, outside])).toMatchObject([
      { kind: 'front-bypassed', bypass: 'Service edge/outside (LoadBalancer)' },
    ]);
    expect(verdictOf([...parts, openDoor('LoadBalancer', [[443, 8443]])])).toBe(
      'shop.example:8080 -> web inspected',
    );
    const bare = (host: string): JsonObject => ingress('edge/bare', {}, { service: 'door', port: 80, host });
    expect(verdictOf([...parts, bare('shop.example')])).toBe('shop.example:8080 -> web partly');
    expect(verdictOf([...parts, bare('club.example')])).toBe('shop.example:8080 -> web inspected');
  });
  it("are not bypassed by the node ports of the Ingress's own backend", () => {
    const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
    const nodes = object('v1/Service', 'edge/nodes', { type: 'NodePort', selector: { app: 'door' }, ports });
    const before = ingress('edge/wall', policy, { service: 'nodes', port: 80 });
    expect(verdictOf([...plainShop, nodes, before])).toBe('shop.example:8080 -> web inspected');
    expect(verdictOf([...plainShop, nodes, fronted])).toBe('shop.example:8080 -> web partly');
  });
  it('that a Service refers to hold for the ports that it names', () => {
    const config = object('cloud.google.com/v1/BackendConfig', 'edge/armor', {
      securityPolicy: { name: 'armor' },
    });
    const idle = object('cloud.google.com/v1/BackendConfig', 'edge/idle', { timeoutSec: 30 });
    const backend = (ports: JsonObject): JsonObject =>
      object(
        'v1/Service',
        'edge/back',
        { selector: { app: 'door' }, ports: [{ name: 'web', port: 80, targetPort: 8080 }] },
        { annotations: { 'cloud.google.com/backend-config': JSON.stringify(ports) } },
      );
    const before = ingress('edge/gce', {}, { service: 'back', port: 80 });
    const parts = [...plainShop, config, idle, before];
    const verdict = (ports: JsonObject): string => verdictOf([...parts, backend(ports)]);
    expect(verdict({ default: 'armor' })).toBe('shop.example:8080 -> web inspected');
    expect(verdict({ ports: { web: 'armor' } })).toBe('shop.example:8080 -> web inspected');
    expect(verdict({ ports: { 80: 'armor' } })).toBe('shop.example:8080 -> web inspected');
    expect(verdict({ ports: { 443: 'armor' } })).toBe('shop.example:8080 -> web not-inspected');
    expect(verdict({ default: 'idle' })).toBe('shop.example:8080 -> web not-inspected');
  });
  it('by policies for a Gateway of another controller, its route, or the Service behind it', () => {
    const api = 'gateway.networking.k8s.io/v1';
    const before = [
      object(`${api}/Gateway`, 'edge/cloud', { gatewayClassName: 'gke-l7-global-external-managed' }),
      object(`${api}/HTTPRoute`, 'edge/cloud', {
        parentRefs: [{ name: 'cloud' }],
        rules: [{ backendRefs: [{ name: 'door', port: 80 }] }],
      }),
    ];
    const policyFor = (targetRef: JsonObject): JsonObject =>
      object('networking.gke.io/v1/GCPBackendPolicy', 'edge/armor', {
        default: { securityPolicy: 'armor' },
        targetRef,
      });
    const parts = [...plainShop, ...before];
    expect(verdictOf(parts)).toBe('shop.example:8080 -> web not-inspected');
    const found = (kind: string, name: string): string =>
      verdictOf([
        ...parts,
        policyFor({ group: kind === 'Service' ? '' : 'gateway.networking.k8s.io', kind, name }),
      ]);
    expect(found('Service', 'door')).toBe('shop.example:8080 -> web inspected');
    expect(found('Gateway', 'cloud')).toBe('shop.example:8080 -> web inspected');
    expect(found('HTTPRoute', 'cloud')).toBe('shop.example:8080 -> web inspected');
    expect(found('Service', 'other')).toBe('shop.example:8080 -> web not-inspected');
  });
  it('by policies whose target is the Gateway of the mesh itself', () => {
    const policyFor = (name: string): JsonObject =>
      object('networking.gke.io/v1/GCPBackendPolicy', 'edge/armor', {
        default: { securityPolicy: 'armor' },
        targetRef: { group: 'networking.istio.io', kind: 'Gateway', name },
      });
    expect(verdictOf([...plainShop, outside, policyFor('gw')])).toBe('shop.example:8080 -> web inspected');
    expect(verdictOf([...plainShop, outside, policyFor('no')])).toBe(
      'shop.example:8080 -> web not-inspected',
    );
  });
  it('by the parameters of an Ingress class', () => {
    const byClass = (name: string): JsonObject => {
      const front = ingress('edge/alb', {}, { service: 'door', port: 80 });
      return { ...front, spec: { ...objectAt(front, 'spec'), ingressClassName: name } };
    };
    const alb = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'alb' },
      spec: { parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'walled' } },
    };
    const walled = {
      apiVersion: 'elbv2.k8s.aws/v1beta1',
      kind: 'IngressClassParams',
      metadata: { name: 'walled' },
      spec: { wafv2AclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0' },
    };
    const parts = [...plainShop, alb, walled];
    expect(verdictOf([...parts, byClass('alb')])).toBe('shop.example:8080 -> web inspected');
    expect(verdictOf([...parts, byClass('nginx')])).toBe('shop.example:8080 -> web not-inspected');
  });
});
