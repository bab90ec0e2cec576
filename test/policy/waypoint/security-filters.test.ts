import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { securityChains } from '#policy/waypoint/security-filters.js';
import type { SecurityChain, SecurityFilter } from '#policy/waypoint/security-filters.js';
import { waypointsOf } from '#policy/waypoint/waypoint.js';
import { meshConfig, object, service } from '../manifests.js';
import {
  authorization,
  fromAccount,
  gateway,
  istiod,
  shopWith,
  toGateway,
  toPaths,
  toService,
} from './ambient-mesh.js';

function filterText(filter: SecurityFilter): string {
  if (filter.filter === 'jwt_authn') return `jwt ${filter.issuers.join()}`;
  if (filter.filter === 'ext_authz') return `ask ${filter.provider}`;
  const names = (list: typeof filter.policies): string => list.map(({ name }) => name).join();
  const dry = filter.dryRun.length > 0 ? ` (${names(filter.dryRun)})` : '';
  return `${filter.action} ${names(filter.policies)}${dry}`;
}

function nameOf({ of, port, reads }: SecurityChain): string {
  return typeof of === 'string' ? `${of} ${reads}` : `${of.name}:${String(port)} ${reads}`;
}

/** Filters of the chains of waypoint `shop/wp`, each in a line. */
function chains({ mesh }: EffectivePolicies): Readonly<Record<string, string>> {
  return chainsAt(mesh, 'shop/wp');
}

function chainsAt(mesh: Mesh, key: string): Readonly<Record<string, string>> {
  const waypoint = waypointsOf(mesh).get(key);
  const found = waypoint === undefined ? [] : securityChains(mesh, waypoint);
  return Object.fromEntries(found.map((chain) => [nameOf(chain), chain.filters.map(filterText).join('; ')]));
}

const web = fromAccount('cluster.local/ns/shop/sa/web');

// buildWaypointInternal in pilot/pkg/networking/core/listener_waypoint.go
describe('the chains of a waypoint', () => {
  it('one or two for each port of a Service, two for pods', () => {
    expect(Object.keys(chains(shopWith([]))).sort()).toEqual([
      'cart:7000 http',
      'cart:7000 tcp',
      'cart:80 http',
      'cart:9000 tcp',
      'pods http',
      'pods tcp',
    ]);
  });

  it('none for UDP, nor at a Gateway of another class', () => {
    const dns = service('shop/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]);
    expect(Object.keys(chains(shopWith([dns])))).toHaveLength(6);
    const ingress = shopWith([gateway('shop/in', { className: 'istio' })]);
    expect(chainsAt(ingress.mesh, 'shop/in')).toEqual({});
  });

  it('one in front of all, where istiod layers policies', () => {
    const flag = istiod({ ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: 'true' });
    const policies = shopWith([flag, authorization('shop/p', { rules: [web] })]);
    expect(chains(policies)).toMatchObject({ 'tunnel tcp': 'ALLOW p', 'cart:80 http': '' });
  });
});

// build in pilot/pkg/security/authz/builder/builder.go; buildWaypointHTTPFilters in listener_waypoint.go
describe('the filters of a chain', () => {
  const dryRun = { annotations: { 'istio.io/dry-run': 'true' } };
  const rules = [web];

  it('stand in the order AUDIT, DENY, ALLOW', () => {
    const of = (name: string, action: string, more: JsonObject = {}): JsonObject =>
      authorization(`shop/${name}`, { ...toGateway('wp'), action, rules, ...more });
    const found = chains(shopWith([of('a', 'ALLOW'), of('d', 'DENY'), of('l', 'AUDIT')]));
    expect(found['pods tcp']).toBe('LOG l; DENY d; ALLOW a');
  });

  it('name policies of which a rule is left on that chain', () => {
    const allow = authorization('shop/a', { ...toGateway('wp'), rules: [toPaths('/a')] });
    const deny = authorization('shop/d', { ...toGateway('wp'), action: 'DENY', rules: [toPaths('/a')] });
    const found = chains(shopWith([allow, deny]));
    expect(found['cart:80 http']).toBe('DENY d; ALLOW a');
    expect(found['cart:9000 tcp']).toBe('DENY d; ALLOW ');
  });

  it('name policies without rules', () => {
    const found = chains(shopWith([authorization('shop/a', { ...toService('cart'), rules: [] })]));
    expect(found).toMatchObject({ 'cart:9000 tcp': 'ALLOW a', 'pods tcp': '' });
  });

  it('keep dry runs apart', () => {
    const dry = authorization('shop/a', { ...toGateway('wp'), rules }, dryRun);
    expect(chains(shopWith([dry]))['pods http']).toBe('ALLOW  (a)');
  });

  it('ask tokens on HTTP only', () => {
    const jwtRules = [{ issuer: 'https://b.example' }, { issuer: 'https://a.example' }];
    const spec = { ...toGateway('wp'), jwtRules };
    const found = chains(shopWith([object('security.istio.io/v1/RequestAuthentication', 'shop/j', spec)]));
    expect(found['cart:80 http']).toBe('jwt https://a.example,https://b.example');
    expect(found['cart:9000 tcp']).toBe('');
  });

  it('ask an external authorizer first, on TCP only one that speaks gRPC', () => {
    const authz = service('shop/authz', [{ port: 9000 }]);
    const host = { service: 'authz.shop.svc.cluster.local', port: 9000 };
    const providers = (kind: string): JsonObject =>
      meshConfig({ extensionProviders: [{ name: 'x', [kind]: host }] });
    const provider = { name: 'x' };
    const custom = authorization('shop/c', { ...toGateway('wp'), action: 'CUSTOM', provider, rules: [{}] });
    const http = chains(shopWith([authz, custom, providers('envoyExtAuthzHttp')]));
    expect(http).toMatchObject({ 'pods http': 'DENY  (c); ask x', 'pods tcp': '' });
    const grpc = chains(shopWith([authz, custom, providers('envoyExtAuthzGrpc')]));
    expect(grpc).toMatchObject({ 'pods http': 'DENY  (c); ask x', 'pods tcp': 'DENY  (c); ask x' });
    expect(chains(shopWith([custom]))).toMatchObject({ 'pods http': 'DENY c', 'pods tcp': 'DENY c' });
  });
});
