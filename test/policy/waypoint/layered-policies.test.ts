import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import {
  ask,
  authorization,
  istiod,
  outcome,
  shopWith,
  toClass,
  toGateway,
  toPaths,
  toService,
} from './ambient-mesh.js';

const other = { from: { namespace: 'shop', serviceAccount: 'other' } };
const passes = 'via-waypoint allowed behind allowed';
const denied = 'via-waypoint denied authorization';

// NewWaypointTerminationBuilder in pilot/pkg/networking/plugin/authz/authorization.go
describe('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES', () => {
  const flag = istiod({ ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: 'true' });
  const both = ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/shop/sa/wp'];
  const callers = { from: [{ source: { principals: both } }] };

  it('enforces policies without refs in front, on the client', () => {
    const policy = authorization('shop/p', { rules: [callers] });
    expect(outcome(ask(shopWith([flag, policy])))).toBe(passes);
    expect(outcome(ask(shopWith([flag, policy]), other))).toBe(denied);
    expect(outcome(ask(shopWith([policy]), other))).toBe(passes);
  });

  it("selects by the labels of the waypoint's own pods", () => {
    const selecting = (labels: JsonObject): JsonObject =>
      authorization('shop/p', { selector: { matchLabels: labels }, rules: [callers] });
    const onWaypoint = selecting({ 'gateway.networking.k8s.io/gateway-name': 'wp' });
    expect(outcome(ask(shopWith([flag, onWaypoint]), other))).toBe(denied);
    expect(outcome(ask(shopWith([flag, selecting({ app: 'cart' })]), other))).toBe(passes);
  });

  it('enforces refs to the Gateway a second time, as on TCP', () => {
    const allow = authorization('shop/p', { ...toGateway('wp'), rules: [toPaths('/')] });
    expect(outcome(ask(shopWith([allow])))).toBe(passes);
    expect(outcome(ask(shopWith([flag, allow])))).toBe(denied);
    const deny = authorization('shop/p', { ...toGateway('wp'), action: 'DENY', rules: [toPaths('/admin')] });
    expect(outcome(ask(shopWith([flag, deny])))).toBe(`${denied} shop/p[0]`);
  });

  it.each<[string, JsonObject]>([
    ['the Service', authorization('shop/p', { ...toService('cart'), rules: [toPaths('/')] })],
    ['the class', authorization('istio-system/p', { ...toClass(), rules: [toPaths('/')] })],
  ])('does not double refs to %s', (_, policy) => {
    expect(outcome(ask(shopWith([flag, policy])))).toBe(passes);
  });

  it('sees the address of the client and the port of the tunnel', () => {
    const rule = (fields: JsonObject): JsonObject => ({ action: 'DENY', rules: [fields] });
    const blocks = authorization('shop/p', rule({ from: [{ source: { ipBlocks: ['10.0.0.10'] } }] }));
    expect(outcome(ask(shopWith([flag, blocks])))).toBe(`${denied} shop/p[0]`);
    const ports = authorization('shop/p', rule({ to: [{ operation: { ports: ['80'] } }] }));
    expect(outcome(ask(shopWith([flag, ports])))).toBe(passes);
  });
});
