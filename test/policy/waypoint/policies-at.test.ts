import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#documents/json.js';
import {
  allowsAtWaypoint,
  deniesAllBut,
  isForWaypoints,
  referredServices,
  usesWaypoints,
} from '#policy/waypoint/policies-at.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, namespace, object, service } from '../manifests.js';

const gateway = (name: string, gatewayClassName: string): JsonObject =>
  object('gateway.networking.k8s.io/v1/Gateway', `shop/${name}`, {
    gatewayClassName,
    listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
  });

const policyWith = (spec: JsonObject, place = 'shop/policy'): JsonObject =>
  object('security.istio.io/v1/AuthorizationPolicy', place, spec);

const ref = (kind: string, name: string, group = ''): JsonObject => ({ group, kind, name });
const toGateway = (name: string): JsonObject => ref('Gateway', name, 'gateway.networking.k8s.io');

function ask(spec: JsonObject, others: readonly JsonObject[] = [], options: MeshOfOptions = {}) {
  const mesh = meshOf(asText([policyWith(spec), ...others]), options);
  const [policy] = mesh.ofKind('security.istio.io', 'AuthorizationPolicy');
  if (policy === undefined) throw new Error('no policy');
  return { mesh, policy };
}

// WorkloadPolicyMatcher.ShouldAttachPolicy in pilot/pkg/model/policyattachment.go
describe('what a policy is for', () => {
  it.each<[string, JsonValue, boolean | undefined]>([
    ['no refs', [], false],
    ['a Service', [ref('Service', 'web')], true],
    ['a waypoint', [toGateway('waypoint')], true],
    ['an ingress gateway', [toGateway('edge')], false],
    ['both kinds of Gateway', [toGateway('waypoint'), toGateway('edge')], false],
  ])('%s', (_, targetRefs, expected) => {
    const others = [gateway('waypoint', 'istio-waypoint'), gateway('edge', 'istio')];
    const { mesh, policy } = ask({ targetRefs }, others);
    expect(isForWaypoints(mesh, policy)).toBe(expected);
  });

  it('is not known where the Gateway is not in the input', () => {
    const spec = { targetRefs: [toGateway('other')] };
    const partial = ask(spec, [], { scope: 'partial' });
    expect(isForWaypoints(partial.mesh, partial.policy)).toBeUndefined();
    const complete = ask(spec);
    expect(isForWaypoints(complete.mesh, complete.policy)).toBe(false);
  });

  it('finds the Services of its own namespace only', () => {
    const spec = { targetRefs: [ref('Service', 'web'), ref('Service', 'elsewhere')] };
    const ports = [{ name: 'http', port: 80 }];
    const { mesh, policy } = ask(spec, [service('shop/web', ports), service('bank/elsewhere', ports)]);
    expect(referredServices(mesh, policy).map(({ name }) => name)).toEqual(['web']);
  });
});

describe('a DENY that leaves certain callers alone', () => {
  it.each<[string, JsonObject, boolean]>([
    ['all but one account', { from: [{ source: { notPrincipals: ['a'] } }] }, true],
    [
      'for some paths',
      { from: [{ source: { notPrincipals: ['a'] } }], to: [{ operation: { paths: ['/x'] } }] },
      false,
    ],
    ['one account', { from: [{ source: { principals: ['a'] } }] }, false],
    ['some addresses', { from: [{ source: { notIpBlocks: ['10.0.0.0/8'] } }] }, false],
  ])('%s', (_, rule, expected) => {
    expect(deniesAllBut(ask({ action: 'DENY', rules: [rule] }).policy)).toBe(expected);
  });
});

describe('an ALLOW policy at a waypoint', () => {
  it.each<[string, JsonObject, string, boolean]>([
    ['of the Gateway', { targetRefs: [toGateway('waypoint')] }, 'shop/p', true],
    [
      'of the class, in the root namespace',
      { targetRefs: [ref('GatewayClass', 'istio-waypoint', 'gateway.networking.k8s.io')] },
      'istio-system/p',
      true,
    ],
    ['without refs', {}, 'istio-system/p', false],
    ['of another action', { targetRefs: [toGateway('waypoint')], action: 'AUDIT' }, 'shop/p', false],
  ])('%s', (_, spec, place, expected) => {
    const mesh = meshOf(asText([gateway('waypoint', 'istio-waypoint'), policyWith(spec, place)]));
    const [found] = mesh.ofKind('gateway.networking.k8s.io', 'Gateway');
    expect(found && allowsAtWaypoint(mesh, found)).toBe(expected);
  });
});

it.each<[string, readonly JsonObject[], boolean]>([
  ['nothing', [namespace('shop')], false],
  ['a label of a namespace', [namespace('shop', { 'istio.io/use-waypoint': 'w' })], true],
  ['a waypoint', [gateway('w', 'istio-waypoint')], true],
  ['a gateway of another class', [gateway('w', 'istio')], false],
])('%s speaks of waypoints: %j', (_, objects, expected) => {
  expect(usesWaypoints(meshOf(asText(objects)))).toBe(expected);
});
