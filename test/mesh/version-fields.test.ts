import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { readAsOlder } from '#mesh/version-fields.js';
import { meshOf, resourcesOf } from './mesh-of.js';

function reading(kind: string, spec: JsonObject, minor: number): ReturnType<typeof readAsOlder> {
  const apiVersion = 'security.istio.io/v1';
  const [resource] = resourcesOf(JSON.stringify({ apiVersion, kind, metadata: { name: 'x' }, spec }));
  if (resource === undefined) throw new Error('no resource');
  return readAsOlder(resource, minor);
}

const sources = (...list: readonly JsonObject[]): JsonObject => ({
  rules: [{ from: list.map((source) => ({ source })) }],
});

describe('fields of later releases (crd-all.gen.yaml of each release)', () => {
  it('are dropped wherever they stand, and nothing else', () => {
    const spec = sources({ serviceAccounts: ['a'], ipBlocks: ['10.0.0.1'] }, { notServiceAccounts: ['b'] });
    const { resource, dropped, refused } = reading('AuthorizationPolicy', spec, 24);
    expect(resource.object['spec']).toEqual(sources({ ipBlocks: ['10.0.0.1'] }, {}));
    expect(dropped.map(({ path }) => path.join('.'))).toEqual([
      'spec.rules.0.from.0.source.serviceAccounts',
      'spec.rules.0.from.1.source.notServiceAccounts',
    ]);
    expect(refused).toEqual([]);
  });

  it.each<[string, string, JsonObject, number]>([
    ['targetRef', 'RequestAuthentication', { targetRef: { kind: 'Gateway', name: 'g' } }, 20],
    ['targetRefs', 'Telemetry', { targetRefs: [] }, 22],
    ['fromCookies', 'RequestAuthentication', { jwtRules: [{ fromCookies: ['t'] }] }, 21],
    ['spaceDelimitedClaims', 'RequestAuthentication', { jwtRules: [{ spaceDelimitedClaims: ['t'] }] }, 28],
    ['trustDomains', 'AuthorizationPolicy', sources({ trustDomains: ['t'] }), 31],
    ['credentialNames', 'Gateway', { servers: [{ tls: { credentialNames: ['t'] } }] }, 26],
    ['caCertCredentialName', 'Gateway', { servers: [{ tls: { caCertCredentialName: 't' } }] }, 28],
    ['insecureSkipVerify of a server', 'Gateway', { servers: [{ tls: { insecureSkipVerify: true } }] }, 31],
  ])('%s of %s', (_field, kind, spec, since) => {
    expect(reading(kind, spec, since).dropped).toEqual([]);
    expect(reading(kind, spec, since - 1).dropped).toHaveLength(1);
  });

  it.each<[string, string, JsonObject, number]>([
    ['a ServiceEntry as target', 'WasmPlugin', { targetRefs: [{ kind: 'ServiceEntry', name: 's' }] }, 24],
    ['a GatewayClass as target', 'Telemetry', { targetRefs: [{ kind: 'GatewayClass', name: 's' }] }, 25],
    ['FAIL_RELOAD', 'WasmPlugin', { failStrategy: 'FAIL_RELOAD' }, 27],
    ['DYNAMIC_DNS', 'ServiceEntry', { resolution: 'DYNAMIC_DNS' }, 28],
    ['context WAYPOINT', 'EnvoyFilter', { configPatches: [{ match: { context: 'WAYPOINT' } }] }, 29],
    ['the kind TrafficExtension', 'TrafficExtension', {}, 30],
  ])('%s is refused before', (_title, kind, spec, since) => {
    expect(reading(kind, spec, since).refused).toEqual([]);
    expect(reading(kind, spec, since - 1).refused).toHaveLength(1);
  });

  it('an object of the newest release is handed on as it is', () => {
    const spec = sources({ trustDomains: ['t'], serviceAccounts: ['a'] });
    const { resource, dropped } = reading('AuthorizationPolicy', spec, 31);
    expect(dropped).toEqual([]);
    expect(resource.object['spec']).toEqual(spec);
  });

  it('keys like __proto__ are no fields', () => {
    const text = '{"rules":[{"from":[{"source":{"__proto__":{"trustDomains":["t"]}}}]}]}';
    expect(reading('AuthorizationPolicy', JSON.parse(text) as JsonObject, 20).dropped).toEqual([]);
  });
});

const unknownKey = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: when, namespace: shop}
spec: {action: DENY, rules: [{when: [{key: source.trustDomain, values: [a]}]}]}
`;

describe('an object that an older webhook refuses (pkg/config/validation/validation.go)', () => {
  it('takes no part, unless it is stored', () => {
    const left = (istioVersion: string, stored: boolean): number =>
      meshOf(unknownKey, { istioVersion, stored }).resources.length;
    expect([left('1.31', false), left('1.30', false), left('1.30', true)]).toEqual([1, 0, 1]);
  });
  it('is among the refused, and validation says why', () => {
    const mesh = meshOf(unknownKey, { istioVersion: '1.30' });
    const [refused] = mesh.refused;
    const errors = refused && mesh.validationOf(refused)?.webhook?.errors;
    expect(errors).toMatchObject([{ path: ['spec', 'rules', 0, 'when', 0, 'key'] }]);
  });
});
