import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ruleHost } from '#policy/client-tls/host-in-registry.js';
import { conflictingRules, shadowedRules } from '#policy/client-tls/rule-conflicts.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, object, service } from '../manifests.js';

const simple: JsonObject = { tls: { mode: 'SIMPLE' } };
const pool: JsonObject = { connectionPool: { tcp: { maxConnections: 1 } } };

const rule = (place: string, spec: JsonObject): JsonObject =>
  object('networking.istio.io/v1/DestinationRule', place, spec);

function ask(objects: readonly JsonObject[], place: string) {
  const mesh = meshOf(asText(objects));
  const [namespace = '', name = ''] = place.split('/');
  const found = mesh.find('networking.istio.io', 'DestinationRule', namespace, name);
  if (found === undefined) throw new Error('no rule');
  return { mesh, found };
}

// pilot/pkg/model/destination_rule.go, mergeDestinationRule
describe('rules of one host and namespace', () => {
  const host = 'a.example.com';
  it.each<[string, JsonObject, JsonObject, number]>([
    ['TLS and other limits', { host, trafficPolicy: simple }, { host, trafficPolicy: pool }, 1],
    ['TLS and subsets only', { host, trafficPolicy: simple }, { host, subsets: [{ name: 'x' }] }, 0],
    [
      'no TLS, whatever is said of ports',
      { host, trafficPolicy: pool },
      { host, trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, ...pool }] } },
      0,
    ],
    [
      'TLS, and a port without it',
      { host, trafficPolicy: simple },
      { host, trafficPolicy: { ...simple, portLevelSettings: [{ port: { number: 80 }, ...pool }] } },
      1,
    ],
    ['the same TLS', { host, trafficPolicy: simple }, { host, trafficPolicy: { ...simple, ...pool } }, 0],
    [
      'subsets only, exported to others',
      { host, trafficPolicy: simple },
      { host, subsets: [{ name: 'x' }], exportTo: ['.'] },
      1,
    ],
    [
      'a rule for selected workloads',
      { host, trafficPolicy: simple },
      { host, trafficPolicy: pool, workloadSelector: { matchLabels: { a: 'b' } } },
      0,
    ],
  ])('%s', (_, one, other, count) => {
    const { mesh, found } = ask([rule('shop/a', one), rule('shop/b', other)], 'shop/a');
    expect(conflictingRules(mesh, found)).toHaveLength(count);
  });
});

// destinationRule in pilot/pkg/model/push_context.go: the client's namespace is looked at first, and alone.
describe('a wildcard in the namespace of clients', () => {
  const exact = rule('pay/exact', { host: 'a.example.com', trafficPolicy: simple });
  it.each<[string, readonly JsonObject[], number]>([
    ['hides', [exact], 1],
    ['hides none for itself', [rule('pay/exact', { host: 'a.example.com', trafficPolicy: pool })], 0],
    ['gives way to an exact rule beside it', [exact, rule('shop/exact', { host: 'a.example.com' })], 0],
    [
      'hides none that its namespace can not see',
      [rule('pay/exact', { host: 'a.example.com', trafficPolicy: simple, exportTo: ['.'] })],
      0,
    ],
    [
      'hides none of another domain',
      [rule('pay/exact', { host: 'a.example.org', trafficPolicy: simple })],
      0,
    ],
  ])('%s', (_, others, count) => {
    const wildcard = rule('shop/wide', { host: '*.example.com', trafficPolicy: pool });
    const { mesh, found } = ask([wildcard, ...others], 'shop/wide');
    expect(shadowedRules(mesh, found)).toHaveLength(count);
  });
});

// ResolveShortnameToFQDN in pilot/pkg/model/config.go
it.each([
  ['reviews', 'found'],
  ['reviews.shop', 'shortened'],
  ['reviews.shop.svc', 'shortened'],
  ['reviews.shop.svc.cluster.local', 'found'],
  ['nothing', 'absent'],
  ['*.shop.svc.cluster.local', 'wildcard'],
  ['a.example.com', 'found'],
  ['b.a.example.net', 'found'],
  ['example.net', 'absent'],
  ['outside', 'alias'],
  ['inside', 'found'],
])('host %s is %s', (host, state) => {
  const { mesh, found } = ask(
    [
      service('shop/reviews', [{ name: 'http', port: 80 }]),
      object('v1/Service', 'shop/outside', { type: 'ExternalName', externalName: 'a.example.com' }),
      object('v1/Service', 'shop/inside', {
        type: 'ExternalName',
        externalName: 'reviews.shop.svc.cluster.local',
      }),
      object('networking.istio.io/v1/ServiceEntry', 'shop/e', {
        hosts: ['a.example.com', '*.example.net'],
        ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      }),
      rule('shop/rule', { host }),
    ],
    'shop/rule',
  );
  expect(ruleHost(mesh, found).state).toBe(state);
});
