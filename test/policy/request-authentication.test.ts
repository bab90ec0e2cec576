import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { known } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import type { DataPlane, RequestAuthentication } from '#policy/policies.js';
import { inboundPortsOf } from '#policy/inbound-ports.js';
import { httpPorts, requestAuthenticationOf } from '#policy/request-authentication.js';
import { meshOf } from '../mesh/mesh-of.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { asText, deployment, namespace, object, workload } from './manifests.js';

const api = 'security.istio.io/v1';
const issuer = 'https://a.example';
const authentication = object(`${api}/RequestAuthentication`, 'shop/r', {
  jwtRules: [{ issuer, audiences: ['api'] }],
});
const policy = (
  name: string,
  action: string,
  rules: readonly JsonObject[],
  metadata: JsonObject = {},
): JsonObject =>
  object(`${api}/AuthorizationPolicy`, `shop/${name}`, { action, rules: [...rules] }, metadata);

interface Setting extends MeshOfOptions {
  readonly plane?: DataPlane;
}

function decide(
  objects: readonly JsonObject[],
  { plane = 'sidecar', ...options }: Setting = {},
): Decision<RequestAuthentication> {
  const ports = [{ containerPort: 8080 }];
  const mesh = meshOf(asText([namespace('shop'), deployment('shop/cart', { ports }), ...objects]), options);
  const enrolment = known({ dataPlane: plane, revision: undefined, reason: 'given' } as const, 'default');
  const cart = workload(mesh, 'shop/Deployment/cart');
  return requestAuthenticationOf(mesh, cart, enrolment)(httpPorts(inboundPortsOf(mesh, cart, enrolment)));
}

function summary(decision: Decision<RequestAuthentication>): string {
  if (!decision.known) return `unknown ${decision.missing.map(({ key }) => key).join(' ')}`;
  const { token, requiredBy } = decision.value;
  return [token, ...requiredBy.map(({ resource, path }) => `${resource.name}.${path.join('.')}`)].join(' ');
}

const withToken = { from: [{ source: { requestPrincipals: ['*'] } }] };
const noToken = { from: [{ source: { notRequestPrincipals: ['*'] } }] };
const on = (...paths: readonly string[]): JsonObject => ({ to: [{ operation: { paths: [...paths] } }] });
const claim = { when: [{ key: 'request.auth.claims[group]', values: ['admin'] }] };

// RequestAuthentication lets requests without a token in (convertToEnvoyJwtConfig); AuthorizationPolicies may not.
describe('whether a request needs a token', () => {
  it.each<[string, readonly JsonObject[], string]>([
    ['no policy', [], 'optional'],
    ['ALLOW with a principal', [policy('p', 'ALLOW', [withToken])], 'required p.spec.rules.0'],
    ['ALLOW with a claim', [policy('p', 'ALLOW', [claim])], 'required p.spec.rules.0'],
    ['ALLOW that denies everything', [policy('p', 'ALLOW', [])], 'required'],
    ['DENY without a principal', [policy('p', 'DENY', [noToken])], 'required p.spec.rules.0'],
    [
      'DENY without a principal on any path',
      [policy('p', 'DENY', [{ ...noToken, ...on('/*') }])],
      'required p.spec.rules.0',
    ],
    [
      'DENY without a principal on some paths',
      [policy('p', 'DENY', [{ ...noToken, ...on('/admin*') }])],
      'partly p.spec.rules.0',
    ],
    [
      'DENY without a principal but on some paths',
      [policy('p', 'DENY', [{ ...noToken, to: [{ operation: { notPaths: ['/health'] } }] }])],
      'partly p.spec.rules.0',
    ],
    [
      'DENY that plaintext alone meets',
      [policy('p', 'DENY', [{ from: [{ source: { notRequestPrincipals: ['*'], notPrincipals: ['*'] } }] }])],
      'partly p.spec.rules.0',
    ],
    [
      'ALLOW with a principal or on some paths',
      [policy('p', 'ALLOW', [withToken, on('/health')])],
      'partly p.spec.rules.0',
    ],
    ['ALLOW with a principal or anything', [policy('p', 'ALLOW', [withToken, {}])], 'optional'],
    [
      'ALLOW with an alternative that needs none',
      [
        policy('p', 'ALLOW', [
          { from: [{ source: { requestPrincipals: ['*'] } }, { source: { namespaces: ['shop'] } }] },
        ]),
      ],
      'partly p.spec.rules.0',
    ],
    ['ALLOW without a principal', [policy('p', 'ALLOW', [noToken])], 'optional'],
    [
      'ALLOW of identities',
      [policy('p', 'ALLOW', [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/*'] } }] }])],
      'optional',
    ],
    [
      'ALLOW of many things at once',
      [
        policy('p', 'ALLOW', [
          {
            from: [{ source: { ipBlocks: ['10.1.0.0/16'], notIpBlocks: ['10.1.1.0/24'] } }],
            ...on('/v1/{*}/items'),
            when: [{ key: 'request.headers[x]', values: ['a*'] }],
          },
        ]),
      ],
      'optional',
    ],
    [
      'dry run',
      [policy('p', 'DENY', [noToken], { annotations: { 'istio.io/dry-run': 'true' } })],
      'optional',
    ],
    [
      'two DENY rules that only together cover all paths',
      [
        policy('p', 'DENY', [
          { ...noToken, ...on('/a*') },
          { ...noToken, to: [{ operation: { notPaths: ['/a*'] } }] },
        ]),
      ],
      'unknown token-requirement',
    ],
  ])('%s', (_, policies, expected) => {
    expect(summary(decide([authentication, ...policies]))).toBe(expected);
  });

  it.each<[string, readonly JsonObject[], Setting, string]>([
    ['no RequestAuthentication', [], {}, 'absent'],
    ['none in a part of a cluster', [], { scope: 'partial' }, 'unknown request-authentications'],
    [
      'required in a part of a cluster',
      [authentication, policy('p', 'ALLOW', [withToken])],
      { scope: 'partial' },
      'required p.spec.rules.0',
    ],
    [
      'not required in a part of a cluster',
      [authentication],
      { scope: 'partial' },
      'unknown authorization-policies',
    ],
    ['ztunnel reads no tokens', [authentication], { plane: 'ambient' }, 'absent'],
    ['no proxy', [authentication], { plane: 'none' }, 'absent'],
  ])('%s', (_, objects, setting, expected) => {
    expect(summary(decide(objects, setting))).toBe(expected);
  });

  it('names the issuers in the order in which they are tried', () => {
    const other = object(`${api}/RequestAuthentication`, 'istio-system/s', {
      jwtRules: [{ issuer: 'https://0.example' }],
    });
    const decision = decide([authentication, other]);
    const issuers = decision.known ? decision.value.issuers : [];
    expect(
      issuers.map(({ issuer: name, policy: by, rule, audiences }) => [
        name,
        by.scope,
        rule.path.join('.'),
        audiences,
      ]),
    ).toEqual([
      ['https://0.example', 'mesh-wide', 'spec.jwtRules.0', []],
      [issuer, 'namespace-wide', 'spec.jwtRules.0', ['api']],
    ]);
  });
});
