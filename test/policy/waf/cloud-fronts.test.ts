import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { object } from '../manifests.js';
import { told, toDoor } from './before-the-door.js';
import { ingress } from './wall.js';

describe('AWS load balancers', () => {
  const arn = 'alb.ingress.kubernetes.io/wafv2-acl-arn';
  const acl = 'arn:aws:wafv2:eu-west-1:1:regional/webacl/a/b';
  it('have one web ACL for all Ingresses of a group', () => {
    const group = { 'alb.ingress.kubernetes.io/group.name': 'shared' };
    const other = ingress('shop/other', { ...group, [arn]: acl }, { service: 'web', port: 80, host: 'x' });
    const own = (annotations: JsonObject): JsonObject => ingress('edge/alb', annotations, toDoor);
    expect(told(own(group), other)).toBe('inspected');
    expect(told(own({ 'alb.ingress.kubernetes.io/group.name': 'apart' }), other)).toBe('not-inspected');
    expect(told(own({}), other)).toBe('not-inspected');
  });
  it('take no web ACL of CloudFront', () => {
    const global = 'arn:aws:wafv2:us-east-1:1:global/webacl/a/b';
    expect(told(ingress('edge/alb', { [arn]: global }, toDoor))).toBe('not-inspected: inert-form');
  });

  const api = 'gateway.networking.k8s.io/v1';
  const route = object(`${api}/HTTPRoute`, 'edge/cloud', {
    parentRefs: [{ name: 'cloud' }],
    rules: [{ backendRefs: [{ name: 'door', port: 80 }] }],
  });
  const configuration = object('gateway.k8s.aws/v1beta1/LoadBalancerConfiguration', 'edge/walled', {
    wafV2: { webACL: acl },
  });
  const parametersRef = { group: 'gateway.k8s.aws', kind: 'LoadBalancerConfiguration', name: 'walled' };
  const gatewayClass = (kind: string, spec: JsonObject = {}): JsonObject => ({
    apiVersion: api,
    kind: 'GatewayClass',
    metadata: { name: 'aws' },
    spec: { controllerName: `gateway.k8s.aws/${kind}`, ...spec },
  });
  const cloud = (spec: JsonObject = {}): JsonObject =>
    object(`${api}/Gateway`, 'edge/cloud', { gatewayClassName: 'aws', ...spec });
  it.each<[string, readonly JsonObject[], string]>([
    ['of the Gateway', [gatewayClass('alb'), cloud({ infrastructure: { parametersRef } })], 'inspected'],
    [
      'of its class',
      [gatewayClass('alb', { parametersRef: { ...parametersRef, namespace: 'edge' } }), cloud()],
      'inspected',
    ],
    [
      'of a balancer of connections',
      [gatewayClass('nlb'), cloud({ infrastructure: { parametersRef } })],
      'not-inspected',
    ],
    ['of nothing', [gatewayClass('alb'), cloud()], 'not-inspected'],
  ])('by the parameters %s', (_case, parts, expected) => {
    expect(told(route, configuration, ...parts)).toBe(expected);
  });
});

describe('Azure Application Gateway for Containers: a policy for some listeners', () => {
  const api = 'gateway.networking.k8s.io/v1';
  const policy = (sectionNames: readonly string[]): JsonObject =>
    object('alb.networking.azure.io/v1/WebApplicationFirewallPolicy', 'edge/waf', {
      targetRef: { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'cloud', sectionNames },
      webApplicationFirewall: { id: '/x' },
    });
  const cloud = object(`${api}/Gateway`, 'edge/cloud', { gatewayClassName: 'azure-alb-external' });
  const route = (parent: JsonObject): JsonObject =>
    object(`${api}/HTTPRoute`, 'edge/cloud', {
      parentRefs: [{ name: 'cloud', ...parent }],
      rules: [{ backendRefs: [{ name: 'door', port: 80 }] }],
    });
  it.each([
    [[], {}, 'inspected'],
    [['https'], { sectionName: 'https' }, 'inspected'],
    [['https'], { sectionName: 'http' }, 'not-inspected'],
    [['https'], {}, 'unknown(listener)'],
  ])('%j, route %j: %s', (sections, parent, expected) => {
    expect(told(cloud, route(parent), policy(sections))).toBe(expected);
  });
});
