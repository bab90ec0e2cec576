import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, object, peerAuthentication, policiesOf } from '../manifests.js';
import {
  ambient,
  ask,
  authorization,
  cartService,
  fromAccount,
  gateway,
  istiod,
  outcome,
  shop,
  shopWith,
  toPaths,
  toPod,
  use,
} from './ambient-mesh.js';

const web = 'cluster.local/ns/shop/sa/web';
const waypoint = 'cluster.local/ns/shop/sa/wp';
const outside = { from: { plaintext: true } };

/** The shop with a namespace that asks for a waypoint. */
const open = [...shop, namespace('shop', { ...ambient, ...use('wp') }), cartService()];

describe('behind the waypoint', () => {
  const l4 = (principal: string): JsonObject => authorization('shop/l4', { rules: [fromAccount(principal)] });

  it('ztunnel sees the account of the waypoint, not that of the client', () => {
    const client = ask(shopWith([l4(web)]));
    expect(outcome(client)).toBe('via-waypoint allowed behind denied');
    expect(client.arrives).toBe('denied');
    const passed = ask(shopWith([l4(waypoint)]));
    expect(passed.arrives).toBe('allowed');
    expect(passed.behind?.by?.policy).toBe('shop/l4');
    expect(outcome(ask(shopWith([l4(waypoint)]), { ...toPod(8080) }))).toBe('direct denied l4');
  });

  it('ztunnel sees the port of the pod', () => {
    const ports = (port: string): JsonObject =>
      authorization('shop/port', { rules: [{ to: [{ operation: { ports: [port] } }] }] });
    expect(ask(shopWith([ports('8080')])).arrives).toBe('allowed');
    expect(ask(shopWith([ports('80')])).arrives).toBe('denied');
  });

  it('a policy of HTTP fields without refs lets nobody through, not even the waypoint', () => {
    const policies = shopWith([authorization('shop/http', { rules: [toPaths('/a')] })]);
    expect(outcome(ask(policies, { http: { path: '/a' } }))).toBe('via-waypoint allowed behind denied');
  });

  it('STRICT refuses who goes around the waypoint without identity, and not the waypoint', () => {
    const policies = shopWith([peerAuthentication('shop/strict', { mtls: { mode: 'STRICT' } })]);
    expect(ask(policies).arrives).toBe('allowed');
    expect(outcome(ask(policies, outside))).toBe(
      'direct denied l4 istio-system/istio_converted_static_strict',
    );
  });

  it('the account may be written on the Gateway', () => {
    const annotations = { 'gateway.istio.io/service-account': 'special' };
    const objects = [...open, gateway('shop/wp', { annotations })];
    const special = 'cluster.local/ns/shop/sa/special';
    expect(ask(policiesOf([...objects, l4(special)])).arrives).toBe('allowed');
    expect(ask(policiesOf([...objects, l4(waypoint)])).arrives).toBe('denied');
  });

  it('asks the address of the waypoint, as given', () => {
    const rules = [{ from: [{ source: { ipBlocks: ['10.9.0.0/16'] } }] }];
    const policies = shopWith([authorization('shop/block', { rules })]);
    expect(ask(policies).arrives).toBe('unknown');
    expect(ask(policies, {}, { waypointIp: () => '10.9.0.7' }).arrives).toBe('allowed');
    expect(ask(policies, {}, { waypointIp: () => '10.8.0.7' }).arrives).toBe('denied');
  });

  it('nothing, where no ztunnel stands before the pod', () => {
    const objects = [...shop, namespace('shop', use('wp')), gateway('shop/wp'), cartService()];
    expect(ask(policiesOf(objects)).behind).toBeUndefined();
  });

  it('unknown, where routes of the waypoint send elsewhere', () => {
    const spec = { hosts: ['cart'], http: [{ route: [{ destination: { host: 'other' } }] }] };
    const policies = shopWith([object('networking.istio.io/v1/VirtualService', 'shop/route', spec)]);
    expect(ask(policies)).toMatchObject({ verdict: 'allowed', arrives: 'unknown' });
  });

  it('unknown, where pods of one Service do not agree', () => {
    const spec = { selector: { matchLabels: { app: 'cart', track: 'canary' } }, rules: [fromAccount(web)] };
    const canary = deployment('shop/canary', { labels: { app: 'cart', track: 'canary' } });
    const policies = shopWith([canary, authorization('shop/canary', spec)]);
    expect(ask(policies)).toMatchObject({ verdict: 'allowed', arrives: 'unknown' });
  });
});

// implicitWaypointPolicies in pilot/pkg/serviceregistry/ambient/workloads.go
describe('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', () => {
  const flag = istiod({ PILOT_AUTO_ALLOW_WAYPOINT_POLICY: 'true' });

  it('closes the way around the waypoint', () => {
    const policies = shopWith([flag]);
    const through = ask(policies);
    expect(outcome(through)).toBe('via-waypoint allowed behind allowed');
    expect(through.behind?.by?.policy).toBe('shop/istio_allow_waypoint_shop_wp');
    expect(outcome(ask(policies, toPod(8080)))).toBe('direct denied l4');
    expect(outcome(ask(policies, outside))).toBe('direct denied l4');
  });

  it('says nothing of workloads without a waypoint', () => {
    const policies = policiesOf([...shop, namespace('shop', ambient), cartService(), flag]);
    expect(outcome(ask(policies, outside))).toBe('direct allowed');
  });
});
