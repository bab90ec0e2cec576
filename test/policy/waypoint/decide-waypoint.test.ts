import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, namespace, object, policiesOf, service } from '../manifests.js';
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
  shopWithWaypoint,
  toGateway,
  toPaths,
  toPod,
  toPort,
  toService,
  use,
} from './ambient-mesh.js';

const web = 'cluster.local/ns/shop/sa/web';
const other = { from: { namespace: 'shop', serviceAccount: 'other' } };
const outside = { from: { plaintext: true } };
const onlyWeb = authorization('shop/only-web', { ...toGateway('wp'), rules: [fromAccount(web)] });
const allTraffic = { 'istio.io/waypoint-for': 'all' };

/** The shop with a waypoint for all traffic. */
const open = [...shop, namespace('shop', { ...ambient, ...use('wp') }), cartService()];

// build_request in ztunnel's src/proxy/outbound.rs; findServiceWaypoint in pilot/pkg/xds/endpoints/endpoint_builder.go
describe('who passes the waypoint', () => {
  const policies = shopWith([onlyWeb]);
  const cases: readonly [string, JsonObject, string][] = [
    ['an account of the mesh', {}, 'via-waypoint allowed behind allowed'],
    ['one that no rule names', other, 'via-waypoint denied authorization'],
    ['somebody outside the mesh', outside, 'direct allowed'],
    ['a sidecar', { through: 'sidecar', ...other }, 'direct allowed'],
    ['a gateway', { through: 'gateway', ...other }, 'direct allowed'],
    ['whoever dials the pod', { ...toPod(8080), ...other }, 'direct allowed'],
  ];
  it.each(cases)('%s', (_, change, expected) => {
    expect(outcome(ask(policies, change))).toBe(expected);
  });

  it('gateways, where the Service says so and istiod has them do it', () => {
    const labels = { ...use('wp'), 'istio.io/ingress-use-waypoint': 'true' };
    const objects = [...shop, namespace('shop', ambient), gateway('shop/wp'), cartService(labels), onlyWeb];
    const through = { through: 'gateway', ...other };
    expect(ask(policiesOf(objects), through)).toMatchObject({ path: 'via-waypoint', waypoint: 'shop/wp' });
    const off = istiod({ ENABLE_INGRESS_WAYPOINT_ROUTING: 'false' });
    expect(ask(policiesOf([...objects, off]), through).path).toBe('direct');
    expect(ask(policiesOf(objects), { ...through, ...toPod(8080) }).path).toBe('direct');
  });

  it('connections to pods, where the waypoint is for them', () => {
    const decided = policiesOf([...open, gateway('shop/wp', { labels: allTraffic }), onlyWeb]);
    expect(outcome(ask(decided, { ...toPod(8080), ...other }))).toBe('via-waypoint denied authorization');
  });

  it('nobody, where the waypoint that is asked for is refused: policies on it are not asked', () => {
    const missing = policiesOf([...open, onlyWeb]);
    const decision = ask(missing, other);
    expect(outcome(decision)).toBe('direct allowed');
    expect(decision.chain[0]?.note).toBe(
      'waypoint shop/wp is asked for and not used: it does not exist or has no address',
    );
  });
});

// buildWaypointInternal in pilot/pkg/networking/core/listener_waypoint.go
describe('filter chains', () => {
  const cases: readonly [string, JsonObject, string][] = [
    ['a port that the Service does not have', toPort(81), 'via-waypoint denied no-chain'],
    ["the pod's port, dialled at the Service", toPort(8080), 'via-waypoint denied no-chain'],
    ['bytes on a TCP port', { ...toPort(9000), http: null }, 'via-waypoint allowed behind allowed'],
    ['bytes on an HTTP port', { http: null }, 'via-waypoint denied transport'],
    ['bytes on a detected port', { ...toPort(7000), http: null }, 'via-waypoint allowed behind allowed'],
  ];
  it.each(cases)('%s', (_, change, expected) => {
    expect(outcome(ask(shopWith([]), change))).toBe(expected);
  });

  const http = authorization('shop/p', { ...toGateway('wp'), rules: [toPaths('/a')] });
  const a = { http: { path: '/a' } };
  const reads: readonly [string, JsonObject, string][] = [
    ['an HTTP port reads HTTP', a, 'via-waypoint allowed behind allowed'],
    ['a TCP port does not', { ...toPort(9000), ...a }, 'via-waypoint denied authorization'],
    ['a detected port reads what is HTTP', { ...toPort(7000), ...a }, 'via-waypoint allowed behind allowed'],
    ['and not what is none', { ...toPort(7000), http: null }, 'via-waypoint denied authorization'],
  ];
  it.each(reads)('%s', (_, change, expected) => {
    expect(outcome(ask(shopWith([http]), change))).toBe(expected);
  });

  it('traffic to pods is always detected, whatever the Service says of the port', () => {
    const decided = policiesOf([...open, gateway('shop/wp', { labels: allTraffic }), http]);
    expect(outcome(ask(decided, { ...toPod(9001), ...a }))).toBe('via-waypoint allowed behind allowed');
    expect(ask(decided, { ...toPod(9001), http: null }).verdict).toBe('denied');
  });
});

// buildCommonConnectTLSContext in listener_waypoint.go
describe('the end of the tunnel', () => {
  const from = (trustDomain: string): JsonObject => ({
    from: { namespace: 'shop', serviceAccount: 'web', trustDomain },
  });

  it('takes certificates of trust domains of the mesh', () => {
    const config = { trustDomain: 'here.example', trustDomainAliases: ['old.example'] };
    const mesh = JSON.stringify(config);
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh },
    };
    const policies = shopWith([configMap]);
    expect(ask(policies, from('here.example')).verdict).toBe('allowed');
    expect(ask(policies, from('old.example')).verdict).toBe('allowed');
    expect(outcome(ask(policies, from('other.example')))).toBe('via-waypoint denied transport');
  });

  it('takes any where istiod is told not to check', () => {
    const policies = shopWith([istiod({ PILOT_SKIP_VALIDATE_TRUST_DOMAIN: 'true' })]);
    expect(ask(policies, from('other.example')).verdict).toBe('allowed');
  });

  it('is not there at a Gateway of another class: what that does is not decided', () => {
    const policies = policiesOf([...open, gateway('shop/wp', { className: 'istio' })]);
    expect(ask(policies)).toMatchObject({ path: 'via-waypoint', verdict: 'unknown' });
  });
});

describe('other targets', () => {
  it('a ServiceEntry that leads outside', () => {
    const spec = {
      hosts: ['bank.example'],
      addresses: ['240.0.0.9'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: '192.0.2.1' }],
    };
    const entry = object('networking.istio.io/v1/ServiceEntry', 'shop/bank', spec);
    const refs = { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'bank' }] };
    const policy = authorization('shop/bank', { ...refs, rules: [fromAccount(web)] });
    const policies = shopWith([entry, policy]);
    const to = { to: { service: 'shop/bank.example', port: 80 } };
    expect(outcome(ask(policies, to))).toBe('via-waypoint allowed');
    expect(outcome(ask(policies, { ...to, ...other }))).toBe('via-waypoint denied authorization');
    expect(outcome(ask(policies, { to: { service: 'shop/bank.example', port: 81 } }))).toBe(
      'via-waypoint denied no-chain',
    );
    expect(outcome(ask(policies, { ...to, ...outside }))).toBe('direct allowed');
  });

  it('TLS to any name under a wildcard has no chain, unless istiod is told otherwise', () => {
    const entry = object('networking.istio.io/v1/ServiceEntry', 'shop/any', {
      hosts: ['*.example'],
      ports: [
        { number: 443, name: 'tls', protocol: 'TLS' },
        { number: 80, name: 'http', protocol: 'HTTP' },
      ],
      resolution: 'DYNAMIC_DNS',
    });
    const asked = (port: number, env: Readonly<Record<string, string>> = {}): string =>
      outcome(
        ask(shopWith([entry, istiod(env)]), {
          to: { service: 'shop/*.example', port },
          ...(port === 443 ? { http: null } : {}),
        }),
      );
    expect(asked(443)).toBe('via-waypoint denied no-chain');
    expect(asked(443, { ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: 'true' })).toBe('via-waypoint allowed');
    expect(asked(80)).toBe('via-waypoint allowed');
  });

  it('what discoverySelectors leave out is none', () => {
    const selectors = [{ matchExpressions: [{ key: 'hidden', operator: 'DoesNotExist' }] }];
    const asked = (labels: Readonly<Record<string, string>>): string => {
      const space = namespace('bank', { ...ambient, ...labels });
      const bank = service('bank/till', [{ name: 'http', port: 80 }]);
      const policies = shopWith([space, bank, meshConfig({ discoverySelectors: selectors })]);
      return ask(policies, { to: { service: 'bank/till', port: 80 } })
        .missing.map(({ key }) => key)
        .join();
    };
    expect(asked({})).toBe('');
    expect(asked({ hidden: 'yes' })).toBe('service');
  });

  it('a Service without an address: its pods are dialled', () => {
    const headless = object('v1/Service', 'shop/cart', {
      clusterIP: 'None',
      selector: { app: 'cart' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
    const rest = [...shop, namespace('shop', { ...ambient, ...use('wp') }), headless, onlyWeb];
    expect(outcome(ask(policiesOf([...rest, gateway('shop/wp')]), other))).toBe('direct allowed');
    const forAll = gateway('shop/wp', { labels: allTraffic });
    expect(outcome(ask(policiesOf([...rest, forAll]), other))).toBe('via-waypoint denied authorization');
  });

  it('a pod with a sidecar, past the waypoint: the sidecar decides', () => {
    const policies = policiesOf([
      namespace('istio-system'),
      namespace('shop', { 'istio-injection': 'enabled' }),
      deployment('shop/cart'),
      cartService(),
      authorization('shop/paths', { rules: [toPaths('/a')] }),
    ]);
    expect(outcome(ask(policies, { http: { path: '/a' } }))).toBe('direct allowed');
    expect(outcome(ask(policies))).toBe('direct denied authorization');
  });

  it('what the input does not hold', () => {
    const policies = shopWith([]);
    const nowhere = [
      { service: 'shop/none', port: 80 },
      { workload: 'shop/Deployment/none', port: 80 },
    ];
    for (const to of nowhere)
      expect(ask(policies, { to })).toMatchObject({ path: 'unknown', verdict: 'unknown' });
  });
});

describe('files of a repository', () => {
  it('a policy elsewhere may turn away what these let in', () => {
    const policies = shopWith([onlyWeb], { scope: 'partial' });
    expect(ask(policies)).toMatchObject({ path: 'via-waypoint', verdict: 'unknown' });
  });

  it('a DENY rule is certain', () => {
    const deny = authorization('shop/deny', {
      ...toService('cart'),
      action: 'DENY',
      rules: [toPaths('/admin')],
    });
    const policies = shopWith([deny], { scope: 'partial' });
    expect(outcome(ask(policies, { http: { path: '/admin' } }))).toBe(
      'via-waypoint denied authorization shop/deny[0]',
    );
  });

  it('a namespace that is not there leaves the path open', () => {
    const objects = shopWithWaypoint.filter(({ kind }) => kind !== 'Namespace');
    const decision = ask(policiesOf(objects, { scope: 'partial' }));
    expect(decision).toMatchObject({ path: 'unknown', verdict: 'unknown' });
    expect(decision.missing.map(({ key }) => key)).toContain('namespace-labels');
  });
});

describe('readAmbientRequest', () => {
  it.each<[string, JsonObject]>([
    ['no target', { to: { port: 80 } }],
    ['no port', { to: { service: 'shop/cart' } }],
    ['a proxy that is none', { through: 'bus' }],
    ['nobody', { from: {} }],
  ])('refuses %s', (_, change) => {
    expect(() => ask(shopWith([]), change)).toThrow();
  });
});

it('named target ports lead to the port that each pod declares', () => {
  const ports = [{ name: 'http', port: 80, targetPort: 'web' }];
  const pod = deployment('shop/cart', { ports: [{ name: 'web', containerPort: 8088 }] });
  const rules = [{ to: [{ operation: { ports: ['8088'] } }] }];
  const policies = policiesOf([
    namespace('istio-system'),
    namespace('shop', { ...ambient, ...use('wp') }),
    gateway('shop/wp'),
    pod,
    service('shop/cart', ports),
    authorization('shop/port', { rules }),
  ]);
  expect(ask(policies).arrives).toBe('allowed');
});
