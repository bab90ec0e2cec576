import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { meshConfig, namespace, object, policiesOf, service } from '../manifests.js';
import {
  ambient,
  ask,
  authorization,
  cartService,
  fromAccount,
  gateway,
  outcome,
  shop,
  shopWith,
  toClass,
  toEntry,
  toGateway,
  toPaths,
  toPod,
  toPort,
  toService,
  use,
} from './ambient-mesh.js';

const web = 'cluster.local/ns/shop/sa/web';
const other = { from: { namespace: 'shop', serviceAccount: 'other' } };
const passes = 'via-waypoint allowed behind allowed';
const denied = 'via-waypoint denied authorization';

// ShouldAttachPolicy in pilot/pkg/model/policyattachment.go
describe('policies that a waypoint asks', () => {
  const allowing = (place: string, refs: JsonObject): JsonObject =>
    authorization(place, { ...refs, rules: [fromAccount(web)] });
  const cases: readonly [string, JsonObject, boolean][] = [
    ['a ref to the Gateway', allowing('shop/p', toGateway('wp')), true],
    ['a ref to another Gateway', allowing('shop/p', toGateway('other')), false],
    ['a ref to the Gateway from another namespace', allowing('bar/p', toGateway('wp')), false],
    ['a ref to the Service', allowing('shop/p', toService('cart')), true],
    [
      'a ref to the Service by the group core',
      allowing('shop/p', { targetRefs: [{ group: 'core', kind: 'Service', name: 'cart' }] }),
      true,
    ],
    [
      'a ref to the Service that names a namespace',
      allowing('shop/p', { targetRefs: [{ group: '', kind: 'Service', name: 'cart', namespace: 'bar' }] }),
      true,
    ],
    [
      'a ref to the Gateway that names another namespace',
      allowing('shop/p', {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp', namespace: 'bar' }],
      }),
      false,
    ],
    ['a ref to another Service', allowing('shop/p', toService('other')), false],
    ['a ref to the Service as an entry', allowing('shop/p', toEntry('cart')), false],
    ['a ref to the class, in the root namespace', allowing('istio-system/p', toClass()), true],
    ['a ref to the class, elsewhere', allowing('shop/p', toClass()), false],
    ['a ref to a class of another name', allowing('istio-system/p', toClass('mine')), false],
    ['the old field with one ref', allowing('shop/p', { targetRef: { ...first(toGateway('wp')) } }), true],
    ['two refs, one of which is meant', allowing('shop/p', both()), true],
  ];

  function first({ targetRefs }: JsonObject): JsonObject {
    return (targetRefs as readonly JsonObject[])[0] ?? {};
  }

  function both(): JsonObject {
    return { targetRefs: [first(toService('none')), first(toService('cart'))] };
  }

  it.each(cases)('%s', (_, policy, isAsked) => {
    expect(ask(shopWith([policy]), other).verdict).toBe(isAsked ? 'denied' : 'allowed');
  });

  it('none without refs: those are for ztunnel', () => {
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'wp' };
    const selector = { selector: { matchLabels: labels } };
    const policies = shopWith([authorization('shop/p', { ...selector, rules: [fromAccount(web)] })]);
    expect(outcome(ask(policies, other))).toBe(passes);
  });

  it('of all refs together: any ALLOW suffices, any DENY decides', () => {
    const policies = shopWith([
      authorization('shop/s', { ...toService('cart'), rules: [fromAccount(web)] }),
      authorization('shop/g', { ...toGateway('wp'), rules: [toPaths('/pub', '/admin')] }),
      authorization('istio-system/d', { ...toClass(), action: 'DENY', rules: [toPaths('/admin')] }),
    ]);
    expect(outcome(ask(policies))).toBe(passes);
    expect(outcome(ask(policies, { ...other, http: { path: '/pub' } }))).toBe(passes);
    expect(outcome(ask(policies, other))).toBe(denied);
    expect(outcome(ask(policies, { http: { path: '/admin' } }))).toBe(`${denied} istio-system/d[0]`);
  });

  it('on traffic to pods only those of the Gateway and its class', () => {
    const labels = { 'istio.io/waypoint-for': 'all' };
    const rest = [...shop, namespace('shop', { ...ambient, ...use('wp') }), cartService()];
    const objects = [...rest, gateway('shop/wp', { labels })];
    const service = policiesOf([...objects, authorization('shop/p', { ...toService('cart'), rules: [] })]);
    expect(outcome(ask(service, toPod(8080)))).toBe(passes);
    const ofGateway = policiesOf([...objects, authorization('shop/p', { ...toGateway('wp'), rules: [] })]);
    expect(outcome(ask(ofGateway, toPod(8080)))).toBe(denied);
  });

  it('of the Service where its waypoint lives in another namespace', () => {
    const objects = [
      ...shop,
      namespace('shop', { ...ambient, ...use('wp', 'infra') }),
      namespace('infra'),
      gateway('infra/wp', { from: { from: 'All' } }),
      cartService(),
    ];
    const policy = (place: string, refs: JsonObject): JsonObject =>
      authorization(place, { ...refs, rules: [] });
    expect(outcome(ask(policiesOf([...objects, policy('shop/p', toService('cart'))])))).toBe(denied);
    expect(outcome(ask(policiesOf([...objects, policy('infra/p', toService('cart'))])))).toBe(passes);
    expect(outcome(ask(policiesOf([...objects, policy('infra/p', toGateway('wp'))])))).toBe(denied);
  });
});

describe('what the fields of a rule mean at a waypoint', () => {
  const source = (fields: JsonObject): JsonObject => ({ from: [{ source: fields }] });
  const when = (key: string, ...values: string[]): JsonObject => ({ when: [{ key, values }] });
  const ports = (...values: string[]): JsonObject => ({ to: [{ operation: { ports: values } }] });
  const forwarded = (value: string): JsonObject => ({ http: { headers: { 'x-forwarded-for': value } } });

  // What listens inside has no address for its peer (envoy://internal_client_address/ of Envoy's internal listeners).
  const cases: readonly [string, JsonObject, JsonObject, boolean][] = [
    ['ipBlocks match nobody', source({ ipBlocks: ['0.0.0.0/0', '::/0'] }), {}, false],
    ['notIpBlocks leave nobody out', source({ notIpBlocks: ['0.0.0.0/0'] }), {}, true],
    ['source.ip matches nobody', when('source.ip', '10.0.0.0/8'), {}, false],
    ['remoteIpBlocks see the client', source({ remoteIpBlocks: ['10.0.0.0/8'] }), {}, true],
    ['… on TCP too', source({ remoteIpBlocks: ['10.0.0.0/8'] }), { ...toPort(9000), http: null }, true],
    [
      '… or whom the client names',
      source({ remoteIpBlocks: ['192.0.2.0/24'] }),
      forwarded('192.0.2.7'),
      true,
    ],
    ['… and then not itself', source({ remoteIpBlocks: ['10.0.0.0/8'] }), forwarded('192.0.2.7'), false],
    ['connection.sni is empty', when('connection.sni', '*'), {}, false],
    ["ports are the Service's", ports('80'), {}, true],
    ["… not the pod's", ports('8080'), {}, false],
    ['a port as destination.port', when('destination.port', '80'), {}, true],
    ['namespaces of the client', source({ namespaces: ['shop'] }), {}, true],
    ['trust domains of the client', source({ trustDomains: ['cluster.local'] }), {}, true],
    ['accounts of the client', source({ serviceAccounts: ['web'] }), {}, true],
    ['accounts of other clients', source({ serviceAccounts: ['other'] }), {}, false],
    [
      'the forwarded certificate is taken away',
      when('request.headers[x-forwarded-client-cert]', '*'),
      {},
      false,
    ],
    ['what comes out of the tunnel is plain', when('request.headers[x-forwarded-proto]', 'http'), {}, true],
  ];
  it.each(cases)('%s', (_, rule, change, isAllowed) => {
    const policies = shopWith([authorization('shop/p', { ...toGateway('wp'), rules: [rule] })]);
    expect(ask(policies, change).verdict).toBe(isAllowed ? 'allowed' : 'denied');
  });

  it('a DENY by ipBlocks never fires', () => {
    const rules = [source({ ipBlocks: ['0.0.0.0/0'] })];
    const policies = shopWith([authorization('shop/p', { ...toGateway('wp'), action: 'DENY', rules })]);
    expect(outcome(ask(policies))).toBe(passes);
  });

  it('destination.ip is the address of the Service', () => {
    const spec = {
      clusterIP: '10.96.0.7',
      selector: { app: 'cart' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    };
    const rest = [...shop, namespace('shop', { ...ambient, ...use('wp') }), gateway('shop/wp')];
    const policy = (ip: string): JsonObject =>
      authorization('shop/p', { ...toGateway('wp'), rules: [when('destination.ip', ip)] });
    const decided = (ip: string): string =>
      ask(policiesOf([...rest, object('v1/Service', 'shop/cart', spec), policy(ip)])).verdict;
    expect(decided('10.96.0.0/16')).toBe('allowed');
    expect(decided('10.97.0.0/16')).toBe('denied');
    expect(ask(policiesOf([...rest, cartService(), policy('10.96.0.0/16')])).verdict).toBe('unknown');
  });

  it('the port on traffic to pods is theirs', () => {
    const labels = { 'istio.io/waypoint-for': 'all' };
    const rest = [...shop, namespace('shop', { ...ambient, ...use('wp') }), cartService()];
    const policy = authorization('shop/p', { ...toGateway('wp'), rules: [ports('8080')] });
    const policies = policiesOf([...rest, gateway('shop/wp', { labels }), policy]);
    expect(ask(policies, toPod(8080)).verdict).toBe('allowed');
    expect(ask(policies, toPort(80)).verdict).toBe('denied');
  });

  it('a DENY of HTTP fields denies all TCP', () => {
    const policy = authorization('shop/p', {
      ...toGateway('wp'),
      action: 'DENY',
      rules: [toPaths('/admin')],
    });
    const bytes = { ...toPort(9000), http: null };
    expect(outcome(ask(shopWith([policy]), bytes))).toBe(`${denied} shop/p[0]`);
  });

  it('paths are normalized as the mesh says', () => {
    const policy = authorization('shop/p', {
      ...toGateway('wp'),
      action: 'DENY',
      rules: [toPaths('/admin')],
    });
    const decided = (normalization: string): string =>
      ask(shopWith([policy, meshConfig({ pathNormalization: { normalization } })]), {
        http: { path: '//admin' },
      }).verdict;
    expect(decided('BASE')).toBe('allowed');
    expect(decided('MERGE_SLASHES')).toBe('denied');
  });
});

// buildWaypointHTTPFilters in listener_waypoint.go
describe('tokens and external authorizers', () => {
  const jwks = '{"keys":[{"kty":"RSA","kid":"one","n":"AQ","e":"AQAB"}]}';
  const issuer = 'https://issuer.example';
  const tokens = (place: string, refs: JsonObject): JsonObject =>
    object('security.istio.io/v1/RequestAuthentication', place, { ...refs, jwtRules: [{ issuer, jwks }] });
  const expired = { token: { issuer, problem: 'expired' } };

  it.each<[string, JsonObject, boolean]>([
    ['the Gateway', tokens('shop/j', toGateway('wp')), true],
    ['the Service', tokens('shop/j', toService('cart')), true],
    ['the class, in the root namespace', tokens('istio-system/j', toClass()), true],
    ['the class, elsewhere', tokens('shop/j', toClass()), false],
    ['pods', tokens('shop/j', { selector: { matchLabels: { app: 'cart' } } }), false],
  ])('RequestAuthentication for %s', (_, policy, isAsked) => {
    const expected = isAsked ? 'via-waypoint denied jwt' : passes;
    expect(outcome(ask(shopWith([policy]), expired))).toBe(expected);
    expect(outcome(ask(shopWith([policy]), { ...toPort(9000), ...expired }))).toBe(passes);
  });

  const provider = {
    name: 'authz',
    envoyExtAuthzGrpc: { service: 'authz.shop.svc.cluster.local', port: 9000 },
  };
  const custom = (refs: JsonObject, metadata: JsonObject = {}): JsonObject =>
    authorization(
      'shop/c',
      { ...refs, action: 'CUSTOM', provider: { name: 'authz' }, rules: [{}] },
      metadata,
    );
  const authz = [meshConfig({ extensionProviders: [provider] }), service('shop/authz', [{ port: 9000 }])];

  it('the authorizer is told no identity', () => {
    const seen: (string | undefined)[] = [];
    const authorizer = ({ identity }: { identity: string | undefined }): boolean => {
      seen.push(identity);
      return identity !== undefined;
    };
    const policies = shopWith([...authz, custom(toGateway('wp'))]);
    expect(outcome(ask(policies, { ...toPort(9000), http: null }, { authorizer }))).toBe(denied);
    expect(outcome(ask(policies, {}, { authorizer }))).toBe(denied);
    expect(seen).toEqual([undefined, undefined]);
  });

  it('in dry run it denies without asking, without refs it does nothing', () => {
    const dryRun = { annotations: { 'istio.io/dry-run': 'true' } };
    const authorizer = (): boolean => true;
    const dry = shopWith([...authz, custom(toGateway('wp'), dryRun)]);
    expect(outcome(ask(dry, {}, { authorizer }))).toBe(`${denied} shop/c[0]`);
    expect(outcome(ask(shopWith([...authz, custom({})]), {}, { authorizer }))).toBe(passes);
  });

  it('a provider that nobody defines denies', () => {
    const decision = ask(shopWith([custom(toGateway('wp'))]), {}, { authorizer: () => true });
    expect(decision).toMatchObject({ verdict: 'denied', stage: 'authorization' });
  });
});
