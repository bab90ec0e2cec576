import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, spec: JsonObject, errors: readonly string[]];

const source = (fields: JsonObject): JsonObject => ({ rules: [{ from: [{ source: fields }] }] });
const operation = (fields: JsonObject): JsonObject => ({ rules: [{ to: [{ operation: fields }] }] });
const when = (condition: JsonObject): JsonObject => ({ rules: [{ when: [condition] }] });

/** Rows by istio/istio pkg/config/validation/validation.go ValidateAuthorizationPolicy and pkg/config/security. */
const authorizationPolicies: readonly Row[] = [
  ['no rules', {}, []],
  ['a rule that matches everything', { rules: [{}] }, []],
  ['DENY without rules', { action: 'DENY' }, ['spec.rules']],
  ['DENY with an empty list of rules', { action: 'DENY', rules: [] }, ['spec.rules']],
  ['AUDIT without rules', { action: 'AUDIT' }, []],
  ['CUSTOM without rules', { action: 'CUSTOM', provider: { name: 'a' } }, ['spec.rules']],
  ['CUSTOM without provider', { action: 'CUSTOM', rules: [{}] }, ['spec.provider.name']],
  ['a provider without CUSTOM', { provider: { name: 'a' } }, ['spec.provider']],
  ['an empty from', { rules: [{ from: [] }] }, []],
  ['a from without source', { rules: [{ from: [{}] }] }, ['spec.rules.0.from.0.source']],
  ['an empty source', source({}), ['spec.rules.0.from.0.source']],
  ['an empty principal', source({ principals: ['a', ''] }), ['spec.rules.0.from.0.source.principals.1']],
  ['a principal with a middle wildcard', source({ principals: ['a*b'] }), []],
  ['an address', source({ ipBlocks: ['10.0.0.1', '10.1.2.3/8', '::1'] }), []],
  ['a host as an address', source({ ipBlocks: ['a.example'] }), ['spec.rules.0.from.0.source.ipBlocks.0']],
  ['a trust domain wildcard', source({ trustDomains: ['*', 'a*', '*a'] }), []],
  ['a middle wildcard in a trust domain', source({ trustDomains: ['a*b'] }), ['spec.rules.0.from.0.source.trustDomains.0']],
  ['a service account', source({ serviceAccounts: ['a', 'ns/a'] }), []],
  ['a service account with wildcard', source({ serviceAccounts: ['ns/*'] }), ['spec.rules.0.from.0.source.serviceAccounts.0']],
  ['a service account of three parts', source({ serviceAccounts: ['a/b/c'] }), ['spec.rules.0.from.0.source.serviceAccounts.0']],
  ['service accounts with principals', source({ serviceAccounts: ['a'], principals: ['b'] }), ['spec.rules.0.from.0.source']],
  ['a to without operation', { rules: [{ to: [{}] }] }, ['spec.rules.0.to.0.operation']],
  ['an empty operation', operation({}), ['spec.rules.0.to.0.operation']],
  ['ports', operation({ ports: ['0', '080', '65535'] }), []],
  ['a port name', operation({ ports: ['http'] }), ['spec.rules.0.to.0.operation.ports.0']],
  ['a port above 65535', operation({ ports: ['65536'] }), ['spec.rules.0.to.0.operation.ports.0']],
  ['path templates', operation({ paths: ['/a/{*}/b', '/a/{**}', '/a*', 'a'] }), []],
  ['a template after {**}', operation({ paths: ['/{**}/{*}'] }), ['spec.rules.0.to.0.operation.paths.0']],
  ['a named template', operation({ paths: ['/{id}'] }), ['spec.rules.0.to.0.operation.paths.0']],
  ['a wildcard in a template', operation({ paths: ['/{*}/a*'] }), ['spec.rules.0.to.0.operation.paths.0']],
  ['a condition without key', when({ values: ['a'] }), ['spec.rules.0.when.0.key']],
  ['a condition without values', when({ key: 'source.ip' }), ['spec.rules.0.when.0']],
  ['a header condition', when({ key: 'request.headers[a]', values: ['b'] }), []],
  [
    'a header condition without name',
    when({ key: 'request.headers[]', values: ['b'] }),
    ['spec.rules.0.when.0.key', 'spec.rules.0.when.0.key'],
  ],
  [
    'an attribute that Istio does not have',
    when({ key: 'request.path', values: ['b'] }),
    ['spec.rules.0.when.0.key', 'spec.rules.0.when.0.key'],
  ],
  ['a port condition', when({ key: 'destination.port', notValues: ['x'] }), ['spec.rules.0.when.0.notValues.0']],
  ['CUSTOM with an identity', { action: 'CUSTOM', provider: { name: 'a' }, ...source({ principals: ['a'] }) }, ['spec.rules.0.from.0.source.principals']],
  ['CUSTOM with a claim', { action: 'CUSTOM', provider: { name: 'a' }, ...when({ key: 'request.auth.claims[a]', values: ['b'] }) }, ['spec.rules.0.when.0.key']],
  ['a Service as target', { targetRefs: [{ kind: 'Service', name: 'a' }] }, []],
  ['a Gateway without group as target', { targetRefs: [{ kind: 'Gateway', name: 'a' }] }, ['spec.targetRefs.0.kind']],
  ['an action by number', { action: 1, rules: [{}] }, []],
  ['a number where a string belongs', source({ principals: [1] }), ['spec.rules.0.from.0.source.principals.0']],
];

/** Rows by ValidatePeerAuthentication. */
const peerAuthentications: readonly Row[] = [
  ['nothing', {}, []],
  ['a port', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { '80': { mode: 'DISABLE' } } }, []],
  ['a port of the whole namespace', { portLevelMtls: { '80': {} } }, ['spec.portLevelMtls']],
  ['no port in the list', { portLevelMtls: {} }, ['spec.portLevelMtls']],
  ['port 0', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { '0': {} } }, ['spec.portLevelMtls.0']],
  ['a port with a leading zero', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { '080': {} } }, ['spec.portLevelMtls.080']],
  ['a wildcard in the selector', { selector: { matchLabels: { app: '*' } } }, ['spec.selector.matchLabels.app']],
  ['an unknown mode', { mtls: { mode: 'Strict' } }, ['spec.mtls.mode']],
];

const key = '{"kty":"RSA","n":"AQAB","e":"AQAB"}';
const jwt = (fields: JsonObject): JsonObject => ({ jwtRules: [{ issuer: 'a', ...fields }] });

/** Rows by ValidateRequestAuthentication and the JWK library that Istio uses. */
const requestAuthentications: readonly Row[] = [
  ['an issuer', jwt({}), []],
  ['neither issuer nor jwksUri', { jwtRules: [{}] }, ['spec.jwtRules.0']],
  ['jwksUri without issuer', { jwtRules: [{ jwksUri: 'https://a' }] }, []],
  ['jwksUri over ftp', jwt({ jwksUri: 'ftp://a' }), ['spec.jwtRules.0.jwksUri']],
  ['a key', jwt({ jwks: key }), []],
  ['a key set', jwt({ jwks: `{"keys":[${key}]}` }), []],
  ['an empty key set', jwt({ jwks: '{"keys":[]}' }), []],
  ['no JSON', jwt({ jwks: 'x' }), ['spec.jwtRules.0.jwks']],
  ['a key without type', jwt({ jwks: '{}' }), ['spec.jwtRules.0.jwks']],
  ['a key without modulus', jwt({ jwks: '{"kty":"RSA","e":"AQAB"}' }), ['spec.jwtRules.0.jwks']],
  ['a key whose modulus is no base64', jwt({ jwks: '{"kty":"RSA","e":"AQAB","n":"%"}' }), ['spec.jwtRules.0.jwks']],
  ['an empty audience', jwt({ audiences: [''] }), ['spec.jwtRules.0.audiences.0']],
  ['a header without name', jwt({ fromHeaders: [{ prefix: 'a' }] }), ['spec.jwtRules.0.fromHeaders.0.name']],
  ['a claim without header', jwt({ outputClaimToHeaders: [{ claim: 'a' }] }), ['spec.jwtRules.0.outputClaimToHeaders.0']],
  ['a header with a blank', jwt({ outputClaimToHeaders: [{ claim: 'a', header: 'x a' }] }), ['spec.jwtRules.0.outputClaimToHeaders.0.header']],
  ['a timeout below 1 ms', jwt({ timeout: '1us' }), ['spec.jwtRules.0.timeout']],
  ['a timeout that is none', jwt({ timeout: 'soon' }), ['spec.jwtRules.0.timeout']],
];

describe.each([
  ['AuthorizationPolicy', authorizationPolicies],
  ['PeerAuthentication', peerAuthentications],
  ['RequestAuthentication', requestAuthentications],
])('the webhook on %s', (kind, rows) => {
  it.each(rows)('%s', async (_, spec, errors) => {
    expect(webhookErrorsOf(await validate(istioObject('security.istio.io/v1', kind, spec)))).toEqual(errors);
  });
});

describe('the webhook', () => {
  const warnings = async (kind: string, spec: JsonObject): Promise<readonly string[]> => {
    const { webhook } = await validate(istioObject('security.istio.io/v1', kind, spec));
    return (webhook?.warnings ?? []).map(({ path }) => path.join('.'));
  };

  it('warns of a selector without labels', async () => {
    expect(await warnings('PeerAuthentication', { selector: {} })).toEqual(['spec.selector']);
  });

  it('warns of a DENY rule with HTTP attributes only, which denies all TCP', async () => {
    expect(await warnings('AuthorizationPolicy', { action: 'DENY', ...operation({ paths: ['/a'] }) })).toEqual(['spec.rules.0']);
    expect(await warnings('AuthorizationPolicy', { action: 'DENY', ...operation({ paths: ['/a'], ports: ['80'] }) })).toEqual([]);
    expect(await warnings('AuthorizationPolicy', { action: 'DENY', ...source({ requestPrincipals: ['a'] }) })).toEqual(['spec.rules.0']);
    expect(await warnings('AuthorizationPolicy', { action: 'DENY', ...source({ principals: ['a'] }) })).toEqual([]);
  });

  it('warns of private keys', async () => {
    const jwks = '{"keys":[{"kty":"oct","k":"AQAB"}]}';
    expect(await warnings('RequestAuthentication', jwt({ jwks }))).toEqual(['spec.jwtRules.0.jwks']);
  });

  it.each([
    ['AuthorizationPolicy', { action: 'ALLOW' }, 'true', []],
    ['AuthorizationPolicy', { action: 'ALLOW' }, 'yes', ['metadata.annotations.istio.io/dry-run']],
    ['AuthorizationPolicy', { action: 'AUDIT' }, 'true', ['metadata.annotations.istio.io/dry-run']],
    ['PeerAuthentication', {}, 'true', ['metadata.annotations.istio.io/dry-run']],
  ])('takes the dry-run annotation on %s %j: %s', async (kind, spec, value, errors) => {
    const metadata = { name: 'x', namespace: 'foo', annotations: { 'istio.io/dry-run': value } };
    const object = { ...istioObject('security.istio.io/v1', kind, spec), metadata };
    expect(webhookErrorsOf(await validate(object))).toEqual(errors);
  });
});
