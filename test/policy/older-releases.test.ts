import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { versionAssumption } from '#policy/istio-version.js';
import { deployment, meshConfig, namespace, object, policiesOf, workload } from './manifests.js';
import { ask, authorization, meshConfig as configMap, outcome, policy, shopWith } from './request/ask.js';

/** An istiod of a release, as JSON text. */
const istiod = (version: string): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: {
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: { containers: [{ name: 'discovery', image: `istio/pilot:${version}` }] },
      },
    },
  });

const checker = (name: string): JsonObject => ({
  extensionProviders: [
    { name, envoyExtAuthzHttp: { service: 'checker.shop.svc.cluster.local', port: 8000 } },
  ],
});

const custom = (name: string, provider: string, dryRun = false): string =>
  JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace: 'shop', annotations: dryRun ? { 'istio.io/dry-run': 'true' } : {} },
    spec: {
      action: 'CUSTOM',
      provider: { name: provider },
      rules: [{ to: [{ operation: { paths: ['/a*'] } }] }],
    },
  });

const allow = (source: JsonObject): string => authorization('allow', { rules: [{ from: [{ source }] }] });
const when = (key: string, value: string, action: string): string =>
  authorization('when', { action, rules: [{ when: [{ key, values: [value] }] }] });
const asAttacker = { from: { namespace: 'dark', serviceAccount: 'web' } };

describe('what a policy means to an older release (first-seen table)', () => {
  const table: readonly [string, string, readonly string[], JsonObject, string][] = [
    // pilot/pkg/security/authz/builder/builder.go, build: shadow rules of CUSTOM are left out before 1.30
    [
      'c.28 CUSTOM in dry run is not asked before 1.30',
      '1.29.3',
      [custom('c', 'opa', true), configMap(checker('opa'))],
      { http: { path: '/a' } },
      'allowed',
    ],
    [
      'c.28 CUSTOM in dry run denies from 1.30',
      '1.30.0',
      [custom('c', 'opa', true), configMap(checker('opa'))],
      { http: { path: '/a' } },
      'denied authorization shop/c[0]',
    ],
    // extauthz.go, validateProviderName came with 1.30
    [
      'c.31 any provider name will do before 1.30',
      '1.29.0',
      [custom('c', 'My_OPA'), configMap(checker('My_OPA'))],
      { http: { path: '/a' } },
      'unknown',
    ],
    [
      'c.31 the name is a DNS label from 1.30',
      '1.30.0',
      [custom('c', 'My_OPA'), configMap(checker('My_OPA'))],
      { http: { path: '/a' } },
      'denied authorization',
    ],
    // pilot/pkg/security/authz/model/model.go, New
    [
      'c.4 serviceAccounts from 1.25',
      '1.25.0',
      [allow({ serviceAccounts: ['web'], ipBlocks: ['10.0.0.0/8'] })],
      asAttacker,
      'denied authorization',
    ],
    [
      'c.4 serviceAccounts are dropped before',
      '1.24.6',
      [allow({ serviceAccounts: ['web'], ipBlocks: ['10.0.0.0/8'] })],
      asAttacker,
      'allowed',
    ],
    [
      'c.4 trustDomains from 1.31',
      '1.31.0',
      [allow({ trustDomains: ['other'], ipBlocks: ['10.0.0.0/8'] })],
      {},
      'denied authorization',
    ],
    [
      'c.4 trustDomains are dropped before',
      '1.30.2',
      [allow({ trustDomains: ['other'], ipBlocks: ['10.0.0.0/8'] })],
      {},
      'allowed',
    ],
    [
      'c.17 source.trustDomain is an unknown key before 1.31: the ALLOW rule goes',
      '1.30.0',
      [when('source.trustDomain', 'cluster.local', 'ALLOW')],
      {},
      'denied authorization',
    ],
    [
      'c.17 and the DENY rule, too',
      '1.30.0',
      [when('source.trustDomain', 'cluster.local', 'DENY')],
      {},
      'allowed',
    ],
    [
      'c.17 it is known from 1.31',
      '1.31.0',
      [when('source.trustDomain', 'cluster.local', 'DENY')],
      {},
      'denied authorization shop/when[0]',
    ],
    [
      'c.17 source.serviceAccount is unknown before 1.25',
      '1.24.0',
      [when('source.serviceAccount', 'web', 'DENY')],
      {},
      'allowed',
    ],
    // pilot/pkg/security/authz/matcher/path.go came with 1.22
    [
      'c.4 path templates from 1.22',
      '1.22.0',
      [authorization('p', { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/a/{*}'] } }] }] })],
      { http: { path: '/a/x' } },
      'denied authorization shop/p[0]',
    ],
    [
      'c.4 their braces are text before',
      '1.21.0',
      [authorization('p', { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/a/{*}'] } }] }] })],
      { http: { path: '/a/x' } },
      'allowed',
    ],
    // crd-all.gen.yaml: targetRefs came with 1.22; without it the policy is the namespace's
    [
      'c.1 targetRefs from 1.22 keep a policy off sidecars',
      '1.22.0',
      [
        authorization('t', {
          action: 'DENY',
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }],
          rules: [{}],
        }),
      ],
      {},
      'allowed',
    ],
    [
      'c.1 targetRefs are dropped before: the policy covers the namespace',
      '1.21.0',
      [
        authorization('t', {
          action: 'DENY',
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }],
          rules: [{}],
        }),
      ],
      {},
      'denied authorization shop/t[0]',
    ],
  ];
  it.each(table)('%s', (_title, version, documents, change, expected) => {
    const policies = shopWith([istiod(version), ...documents], { stored: true });
    expect(outcome(ask(policies, change)).slice(0, expected.length)).toBe(expected);
  });

  it('c.32 several providers need 1.30 for the switch to count', () => {
    const env = [{ name: 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS', value: 'true' }];
    const verdict = (version: string): string => {
      const pilot = JSON.parse(istiod(version)) as { spec: { template: { spec: { containers: object[] } } } };
      pilot.spec.template.spec.containers = [{ name: 'discovery', image: `istio/pilot:${version}`, env }];
      const service = { service: 'checker.shop.svc.cluster.local', port: 8000 };
      const providers = ['a', 'b'].map((name) => ({ name, envoyExtAuthzHttp: service }));
      const documents = [custom('a', 'a'), custom('b', 'b'), configMap({ extensionProviders: providers })];
      const asked = shopWith([JSON.stringify(pilot), ...documents], { stored: true });
      return ask(asked, { http: { path: '/a' } }, { authorizer: () => true }).verdict;
    };
    expect([verdict('1.29.0'), verdict('1.30.0')]).toEqual(['denied', 'allowed']);
  });

  it('d.10 fromCookies is dropped before 1.21: the default places are looked at', () => {
    const keys = JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] });
    const rule = { issuer: 'https://i.example', jwks: keys, fromCookies: ['t'] };
    const documents = [policy('RequestAuthentication', 'jwt', { jwtRules: [rule] })];
    const bearer = { http: { headers: { authorization: 'Bearer not.a-token' } } };
    const verdict = (version: string): string =>
      outcome(ask(shopWith([istiod(version), ...documents], { stored: true }), bearer));
    expect([verdict('1.20.0'), verdict('1.21.0')]).toEqual(['denied jwt', 'allowed']);
  });

  it('i.3 an istiod that does not know an outbound mode leaves the answer open', () => {
    const objects = [
      namespace('shop', { 'istio-injection': 'enabled' }),
      deployment('shop/web'),
      meshConfig({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } }),
    ];
    const answer = (istioVersion: string): unknown => {
      const policies = policiesOf(objects, { istioVersion });
      return policies.outboundTraffic(workload(policies.mesh, 'shop/Deployment/web'));
    };
    expect(answer('1.31')).toMatchObject({ known: true, value: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } });
    expect(answer('1.30')).toMatchObject({ known: false, missing: [{ key: 'istio-version' }] });
  });
});

describe('where the version is from', () => {
  const dropped = [allow({ trustDomains: ['other'], ipBlocks: ['10.0.0.0/8'] })];
  it.each<[string, readonly string[], string | undefined, string, number]>([
    ['the newest where nothing says', [], undefined, 'denied authorization', 1],
    ['as told', [], '1.30', 'allowed', 1],
    ['the input before what was told', [istiod('1.31.0')], '1.30', 'denied authorization', 1],
    ['the input alone', [istiod('1.30.1')], undefined, 'allowed', 0],
  ])('%s', (_title, documents, istioVersion, expected, assumptions) => {
    const options = istioVersion === undefined ? {} : { istioVersion };
    const policies = shopWith([...documents, ...dropped], { stored: true, ...options });
    expect(outcome(ask(policies))).toBe(expected);
    expect(versionAssumption(policies.mesh)).toHaveLength(assumptions);
  });
});

describe('what is still one object for several releases', () => {
  it('a canary control plane of an older release drops what the other one reads', () => {
    const objects = [
      namespace('shop', { 'istio.io/rev': '1-30' }),
      namespace('bank', { 'istio-injection': 'enabled' }),
      deployment('shop/web'),
      deployment('bank/web'),
      ...['istiod:1.31.0', 'istiod-1-30:1.30.0'].map((istio) => {
        const [name = '', version = ''] = istio.split(':');
        const spec = { containers: [{ name: 'discovery', image: `istio/pilot:${version}` }] };
        return deployment(`istio-system/${name}`, { spec });
      }),
      object('security.istio.io/v1/AuthorizationPolicy', 'istio-system/allow', {
        rules: [{ from: [{ source: { trustDomains: ['other'], ipBlocks: ['0.0.0.0/0', '::/0'] } }] }],
      }),
    ];
    const policies = policiesOf(objects, { stored: true });
    const open = ['shop', 'bank'].map((name) => {
      const answer = policies.authorization(workload(policies.mesh, `${name}/Deployment/web`));
      return answer.known && answer.value.allowsEverything !== undefined;
    });
    expect(open).toEqual([true, false]);
  });
});
