import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { gateway, routes, server, to } from '../gateway/edge.js';
import {
  allow,
  ask,
  authorization,
  checker,
  custom,
  decide,
  deny,
  issuer,
  jwt,
  operation,
  paths,
  providers,
  said,
  servers,
  source,
  token,
} from './gate.js';
import type { Knock } from './gate.js';

const web = 'routed web.shop:80';
const refused = 'denied authorization edge/no[0]';
const none = 'denied authorization';

// pilot/pkg/networking/core/listener_builder.go, buildHTTPConnectionManager: CUSTOM, tokens, DENY, ALLOW
describe('order of the filters', () => {
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['without policies', [], {}, web],
    ['DENY by path', [deny(paths('/admin'))], { path: '/admin' }, refused],
    ['another path', [deny(paths('/admin'))], { path: '/' }, web],
    ['a path is normalized first', [deny(paths('/admin'))], { path: '/x/../%61dmin' }, refused],
    ['no ALLOW rule matches', [allow(paths('/open'))], {}, none],
    ['an ALLOW without rules', [authorization('edge/void', {})], {}, none],
    ['DENY wins over ALLOW', [allow({}), deny({})], {}, refused],
    ['a policy of the application’s namespace', [deny({}, 'shop/no')], {}, web],
    [
      'a policy of the root namespace',
      [deny({}, 'istio-system/no')],
      {},
      'denied authorization istio-system/no[0]',
    ],
    ['a bad token before DENY', [jwt(), deny({})], { tokens: [token({}, 'expired')] }, 'denied jwt'],
    [
      'CUSTOM before a bad token',
      [jwt(), custom('rpc'), providers, checker],
      { tokens: [token({}, 'expired')] },
      none,
    ],
    [
      'a bad token after a yes',
      [jwt(), custom('rpc'), providers, checker],
      { tokens: [token({}, 'expired')], headers: { 'x-check': 'yes' } },
      'denied jwt',
    ],
    [
      'DENY after a yes',
      [custom('web'), providers, checker, deny({})],
      { headers: { 'x-check': 'yes' } },
      refused,
    ],
    ['a provider that is not defined', [custom('nobody'), providers], {}, 'denied authorization edge/ask[0]'],
    ['a host that has no route is refused all the same', [deny({})], { host: 'other.example' }, refused],
    ['a host that has no route', [], { host: 'other.example' }, 'not-found 404'],
    [
      'a host without route is not shown to the authorizer',
      [custom('rpc'), providers, checker],
      { host: 'other.example' },
      'not-found 404',
    ],
    [
      'a token for a host without route',
      [jwt()],
      { host: 'other.example', tokens: [token({}, 'wrong-key')] },
      'denied jwt',
    ],
  ])('%s', (_, parts, knock, expected) => {
    expect(ask(parts, knock)).toBe(expected);
  });

  it('answers 401 for a bad token and 403 for one that is for somebody else', () => {
    const parts = [...servers, jwt('edge/jwt', { audiences: ['us'] })];
    expect(decide(parts, { tokens: [token({}, 'expired')] }).status).toBe(401);
    expect(decide(parts, { tokens: [token({}, 'wrong-audience')] }).status).toBe(403);
  });

  it('tells every step with what decided it', () => {
    const parts = [...servers, jwt(), custom('rpc'), providers, checker, deny(paths('/x'))];
    const { chain } = decide(parts, {
      headers: { 'x-check': 'yes' },
      tokens: [token({ sub: 'a' })],
      path: '/x',
    });
    expect(chain.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual([
      'connection passed',
      'custom passed',
      'jwt passed',
      'deny denied',
    ]);
    expect(chain.map(({ at }) => at?.resource.kind)).toEqual([
      'Gateway',
      'AuthorizationPolicy',
      'RequestAuthentication',
      'AuthorizationPolicy',
    ]);
  });
});

// Envoy's ext_authz.cc, getPerRouteFlags: without a route nobody is asked; jwt_authn clears the route of a good token
describe('routes that ask for claims', () => {
  const claimed = (path: string): JsonObject => ({
    match: [{ uri: { prefix: path }, headers: { '@request.auth.claims.group': { exact: 'admin' } } }],
    ...to('web.shop.svc.cluster.local:80'),
  });
  const only = routes('edge/claims', ['shop.example'], [claimed('/')]);
  const admin: Knock = { tokens: [token({ sub: 'a', group: 'admin' })] };
  const closed = { match: [{ uri: { prefix: '/' } }], directResponse: { status: 404 } };
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['the claim opens the route', [jwt(), only], admin, web],
    ['without a token there is none', [jwt(), only], {}, 'not-found 404'],
    ['nor where nobody verifies tokens', [only], admin, 'not-found 404'],
    ['another value', [jwt(), only], { tokens: [token({ group: 'guest' })] }, 'not-found 404'],
    ['a member of a list', [jwt(), only], { tokens: [token({ group: ['x', 'admin'] })] }, web],
    [
      'a forged header is no header',
      [jwt(), only],
      { headers: { '@request.auth.claims.group': 'admin' } },
      'response 400',
    ],
    ['the authorizer is passed by', [jwt(), only, custom('rpc'), providers, checker], admin, web],
    [
      'a route for everybody behind it closes the hole',
      [
        jwt(),
        routes('edge/claims', ['shop.example'], [claimed('/'), closed]),
        custom('rpc'),
        providers,
        checker,
      ],
      admin,
      none,
    ],
    [
      'a provider that does not work denies even so',
      [jwt(), only, custom('nobody'), providers],
      admin,
      'denied authorization edge/ask[0]',
    ],
    ['DENY is asked', [jwt(), only, deny(source({ requestPrincipals: [`${issuer}/a`] }))], admin, refused],
  ])('%s', (_, parts, knock, expected) => {
    expect(said(decide([...servers, ...parts], knock))).toBe(expected);
  });
});

// source/extensions/filters/http/cors, fault and router of Envoy run behind authorization
describe('policies come before what the route does', () => {
  const https = gateway('edge/gw', [server('HTTP', 80, ['*'], { httpsRedirect: true })]);
  const site = (...rules: readonly JsonObject[]): readonly JsonObject[] => [
    ...servers,
    routes('edge/site', ['shop.example'], rules),
  ];
  const cors: JsonObject = {
    corsPolicy: { allowOrigins: [{ exact: 'https://a.example' }] },
    ...to('web.shop.svc.cluster.local:80'),
  };
  const preflight: Knock = {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
  };
  const all = routes('edge/all', ['shop.example'], [to('web.shop.svc.cluster.local:80')]);
  it.each<[string, readonly JsonObject[], Knock, string]>([
    ['a redirect to https', [https, all], {}, 'redirect 301'],
    ['DENY before it', [https, all, deny({})], {}, refused],
    ['the authorizer before it', [https, all, custom('rpc'), providers, checker], {}, none],
    ['DENY before a redirect', [...site({ redirect: { uri: '/new' } }), deny({})], {}, refused],
    ['DENY before an answer', [...site({ directResponse: { status: 200 } }), deny({})], {}, refused],
    ['a preflight that the gateway answers', site(cors), preflight, 'response 200'],
    [
      'a preflight that no ALLOW names',
      [...site(cors), allow(operation({ methods: ['GET'] }))],
      preflight,
      none,
    ],
    [
      'a preflight needs no token',
      [...site(cors), jwt()],
      { ...preflight, tokens: [token({}, 'expired')] },
      'response 200',
    ],
  ])('%s', (_, parts, knock, expected) => {
    expect(said(decide(parts, knock))).toBe(expected);
  });
});
