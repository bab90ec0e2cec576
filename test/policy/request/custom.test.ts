import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { AuthorizerQuestion } from '#policy/request/request-decision.js';
import { ask, authorization, meshConfig, outcome, policy, shopWith } from './ask.js';

const service = 'checker.shop.svc.cluster.local';
const http = { envoyExtAuthzHttp: { service, port: 8000, includeRequestHeadersInCheck: ['x-check'] } };
const grpc = { envoyExtAuthzGrpc: { service, port: 9000 } };
const providers = (...list: readonly JsonObject[]): string => meshConfig({ extensionProviders: [...list] });
const custom = (provider: string, name = 'c', path = '/p'): string =>
  authorization(name, {
    action: 'CUSTOM',
    provider: { name: provider },
    rules: [{ to: [{ operation: { paths: [path] } }] }],
  });

const tcp = { to: { namespace: 'shop', workload: 'Deployment/cart', port: 9000 }, http: null };
const yes = { http: { path: '/p', headers: { 'x-check': 'yes' } } };
const no = { http: { path: '/p', headers: { 'x-check': 'no' } } };
const denied = 'denied authorization';
/** A check that cannot work is a rule of its own, which denies what the policy's rule matches. */
const deniedByRule = 'denied authorization shop/c[0]';

/** Says yes to requests that show it the header, and to TCP connections of the web account. */
const authorizer = ({ headers, identity }: AuthorizerQuestion): boolean =>
  headers === undefined ? identity?.endsWith('/sa/web') === true : headers.get('x-check')?.[0] === 'yes';

const verdict = (documents: readonly string[], request: JsonObject): string =>
  outcome(ask(shopWith(documents), request, { authorizer }));

// pilot/pkg/security/authz/builder/builder.go and extauthz.go
describe('external authorization', () => {
  const usable = providers({ name: 'ext', ...http });
  it.each<[string, readonly string[], JsonObject, string]>([
    ['yes', [usable, custom('ext')], yes, 'allowed'],
    ['no', [usable, custom('ext')], no, denied],
    ['a request that no rule matches', [usable, custom('ext')], { http: { path: '/x' } }, 'allowed'],
    [
      'a header that it is not shown',
      [providers({ name: 'ext', envoyExtAuthzHttp: { service, port: 8000 } }), custom('ext')],
      yes,
      denied,
    ],
    [
      'a header shown by prefix',
      [
        providers({
          name: 'ext',
          envoyExtAuthzHttp: { service, port: 8000, includeRequestHeadersInCheck: ['X-*'] },
        }),
        custom('ext'),
      ],
      yes,
      'allowed',
    ],
    [
      'a header that the provider adds',
      [
        providers({
          name: 'ext',
          envoyExtAuthzHttp: { service, port: 8000, includeAdditionalHeadersInCheck: { 'X-Check': 'yes' } },
        }),
        custom('ext'),
      ],
      no,
      'allowed',
    ],
    ['an HTTP provider on TCP', [usable, custom('ext')], tcp, 'allowed'],
    [
      'a gRPC provider on TCP, with its HTTP conditions gone',
      [providers({ name: 'ext', ...grpc }), custom('ext')],
      { ...tcp, from: { plaintext: true } },
      denied,
    ],
    [
      'a gRPC provider sees all headers',
      [providers({ name: 'ext', ...grpc }), custom('ext')],
      yes,
      'allowed',
    ],
    [
      'a yes does not overrule DENY',
      [usable, custom('ext'), authorization('d', { action: 'DENY', rules: [{}] })],
      yes,
      `${denied} shop/d[0]`,
    ],
    ['a yes does not stand for ALLOW', [usable, custom('ext'), authorization('a', {})], yes, denied],
    ['no such provider', [providers(), custom('ext')], yes, deniedByRule],
    ['no such provider on TCP', [providers(), custom('ext')], tcp, deniedByRule],
    [
      'a provider of another kind',
      [providers({ name: 'ext', zipkin: { service, port: 8000 } }), custom('ext')],
      yes,
      deniedByRule,
    ],
    ['a name that is no DNS label', [providers({ name: 'Ext', ...http }), custom('Ext')], yes, deniedByRule],
    [
      'a service that does not exist',
      [providers({ name: 'ext', envoyExtAuthzHttp: { service: 'gone', port: 8000 } }), custom('ext')],
      yes,
      deniedByRule,
    ],
    [
      'a service with its namespace',
      [
        providers({ name: 'ext', envoyExtAuthzGrpc: { service: `shop/${service}`, port: 9000 } }),
        custom('ext'),
      ],
      yes,
      'allowed',
    ],
    // validateExtensionProviderService in pkg/config/validation/agent/extensionprovider.go
    [
      'a service with more than its namespace in front',
      [
        providers({ name: 'ext', envoyExtAuthzHttp: { service: `a/shop/${service}`, port: 8000 } }),
        custom('ext'),
      ],
      yes,
      deniedByRule,
    ],
    [
      'a path prefix that no URL has',
      [
        providers({ name: 'ext', envoyExtAuthzHttp: { service, port: 8000, pathPrefix: '/%zz' } }),
        custom('ext'),
      ],
      yes,
      deniedByRule,
    ],
    [
      'a port out of range',
      [providers({ name: 'ext', envoyExtAuthzHttp: { service, port: 0 } }), custom('ext')],
      yes,
      deniedByRule,
    ],
    [
      'a lone star among headers',
      [
        providers({
          name: 'ext',
          envoyExtAuthzHttp: { service, port: 8000, headersToUpstreamOnAllow: ['*'] },
        }),
        custom('ext'),
      ],
      yes,
      deniedByRule,
    ],
    [
      'a status that does not exist',
      [
        providers({ name: 'ext', envoyExtAuthzHttp: { service, port: 8000, statusOnError: '299' } }),
        custom('ext'),
      ],
      yes,
      deniedByRule,
    ],
    [
      'of two definitions the last counts',
      [providers({ name: 'ext', ...grpc }, { name: 'ext', ...http }), custom('ext')],
      { ...tcp, from: { plaintext: true } },
      'allowed',
    ],
    [
      'no rules',
      [usable, authorization('c', { action: 'CUSTOM', provider: { name: 'ext' } })],
      no,
      'allowed',
    ],
  ])('%s', (_, documents, request, expected) => {
    expect(verdict(documents, request)).toBe(expected);
  });

  it('comes before tokens', () => {
    const rules = { jwtRules: [{ issuer: 'https://a.example', jwks: '{"keys":[{"kid":"a"}]}' }] };
    const documents = [usable, custom('ext'), policy('RequestAuthentication', 'r', rules)];
    const token = { issuer: 'https://a.example', problem: 'expired' };
    expect(verdict(documents, { ...no, token })).toBe(denied);
    expect(verdict(documents, { ...yes, token })).toBe('denied jwt');
  });

  it('in dry run denies without asking', () => {
    const metadata = { name: 'c', namespace: 'shop', annotations: { 'istio.io/dry-run': 'true' } };
    const spec = { action: 'CUSTOM', provider: { name: 'ext' }, rules: [{}] };
    const document = JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec,
    });
    expect(verdict([usable, document], yes)).toBe(`${denied} shop/c[0]`);
  });

  it('whose answer nobody gives leaves the request unknown, unless it is denied anyway', () => {
    expect(ask(shopWith([usable, custom('ext')]), yes)).toMatchObject({
      verdict: 'unknown',
      missing: [{ key: 'external-authorizer' }],
    });
    expect(ask(shopWith([usable, custom('ext'), authorization('a', {})]), yes).verdict).toBe('denied');
  });
});

describe('two providers on one workload', () => {
  const both = providers({ name: 'one', ...http }, { name: 'one-2', ...grpc });
  const rules = [custom('one', 'a', '/p'), custom('one-2', 'b', '/q')];
  const istiod = (value: string): string => {
    const env = [{ name: 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS', value }];
    const containers = [{ name: 'discovery', image: 'istio/pilot:1.31.0', env }];
    const metadata = { name: 'istiod', namespace: 'istio-system', labels: { app: 'istiod' } };
    const spec = {
      selector: {},
      template: { metadata: { labels: { app: 'istiod' } }, spec: { containers } },
    };
    return JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
  };

  it('deny what they match, and leave the rest alone', () => {
    expect(verdict([both, ...rules], yes)).toBe('denied authorization shop/a[0]');
    expect(verdict([both, ...rules], { http: { path: '/q', headers: { 'x-check': 'yes' } } })).toBe(
      'denied authorization shop/b[0]',
    );
    expect(verdict([both, ...rules], { http: { path: '/x' } })).toBe('allowed');
  });

  it('guard their own rules where several are allowed', () => {
    const documents = [istiod('true'), both, ...rules];
    expect(verdict(documents, yes)).toBe('allowed');
    expect(verdict(documents, no)).toBe(denied);
    expect(verdict(documents, { http: { path: '/x' } })).toBe('allowed');
  });
});
