import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { grantsBy, grantsOfAccount, isAnybody, isBound } from '#policy/rbac/grants.js';
import { reachesMesh } from '#policy/rbac/mesh-namespaces.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, namespace } from '../manifests.js';

const api = 'rbac.authorization.k8s.io';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resourceNames?: readonly string[];
}

const role = (name: string, rules: readonly Rule[], extra: JsonObject = {}): JsonObject => ({
  apiVersion: `${api}/v1`,
  kind: 'ClusterRole',
  metadata: { name, ...(extra['labels'] === undefined ? {} : { labels: extra['labels'] }) },
  rules: rules.map((rule) => ({ ...rule })),
  ...(extra['aggregationRule'] === undefined ? {} : { aggregationRule: extra['aggregationRule'] }),
});

const account = { kind: 'ServiceAccount', name: 'web', namespace: 'shop' };

const binding = (name: string, subject: JsonObject = account, inNamespace?: string): JsonObject => ({
  apiVersion: `${api}/v1`,
  kind: inNamespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name: 'binding', ...(inNamespace === undefined ? {} : { namespace: inNamespace }) },
  roleRef: { apiGroup: api, kind: 'ClusterRole', name },
  subjects: [subject],
});

const meshWith = (...objects: readonly JsonObject[]) => meshOf(asText([namespace('shop'), ...objects]));

function powers(...objects: readonly JsonObject[]): readonly string[] {
  return grantsOfAccount(meshWith(...objects), 'shop', 'web').map(
    ({ power, namespace: at }) => `${power} in ${at}`,
  );
}

const policies: Rule = {
  apiGroups: ['security.istio.io'],
  resources: ['authorizationpolicies'],
  verbs: ['update'],
};

describe('powers that bindings give over a mesh (plugin/pkg/auth/authorizer/rbac in kubernetes)', () => {
  it.each([
    ['policies', policies, ['policies in *']],
    ['policies, read only', { ...policies, verbs: ['get', 'list'] }, []],
    ['policies of certain names', { ...policies, resourceNames: ['one'] }, []],
    ['their status alone', { ...policies, resources: ['authorizationpolicies/status'] }, []],
    ['stars', { apiGroups: ['security.istio.io'], resources: ['*'], verbs: ['*'] }, ['policies in *']],
    [
      'filters',
      { apiGroups: ['networking.istio.io'], resources: ['envoyfilters'], verbs: ['create'] },
      ['extensions in *'],
    ],
    ['tokens', { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }, ['tokens in *']],
    [
      'service accounts, not their tokens',
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['create'] },
      [],
    ],
    ['secrets of another group', { apiGroups: ['example.com'], resources: ['secrets'], verbs: ['get'] }, []],
  ] as const)('%s', (_, rule, expected) => {
    expect(powers(role('own', [rule]), binding('own'))).toEqual(expected);
  });

  it('hold in the namespace of a RoleBinding', () => {
    expect(powers(role('own', [policies]), binding('own', account, 'shop'))).toEqual(['policies in shop']);
  });

  it('come from roles that are aggregated too', () => {
    const part = role('part', [policies], { labels: { 'example.com/part': 'true' } });
    const whole = role('whole', [], {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/part': 'true' } }] },
    });
    expect(powers(part, whole, binding('whole'))).toEqual(['policies in *']);
  });

  it('come from roles that are built into Kubernetes', () => {
    expect(powers(binding('cluster-admin'))).toContain('webhooks in *');
    expect(powers(binding('edit', account, 'shop'))).toEqual([
      'secrets in shop',
      'tokens in shop',
      'exec in shop',
      'impersonation in shop',
    ]);
    expect(powers(binding('view'))).toEqual([]);
  });

  it('are none where the role stands elsewhere', () => {
    expect(powers(binding('elsewhere'))).toEqual([]);
  });
});

describe('who holds them', () => {
  const holder = (subject: JsonObject): boolean => {
    const mesh = meshWith(binding('cluster-admin', subject));
    const [found] = mesh.ofKind(api, 'ClusterRoleBinding');
    const [grant] = found === undefined ? [] : grantsBy(mesh, found);
    return grant !== undefined && isAnybody(grant.holder);
  };

  it.each([
    [account, false],
    [{ ...account, name: 'default' }, true],
    [{ kind: 'Group', name: 'system:serviceaccounts:shop' }, true],
    [{ kind: 'Group', name: 'system:masters' }, false],
    [{ kind: 'Group', name: 'developers' }, false],
    [{ kind: 'User', name: 'system:anonymous' }, true],
  ] as const)('%j: anybody %s', (subject, expected) => {
    expect(holder(subject)).toBe(expected);
  });

  it('knows accounts that are bound to anything', () => {
    const mesh = meshWith(binding('elsewhere'));
    expect([isBound(mesh, 'shop', 'web'), isBound(mesh, 'shop', 'other')]).toEqual([true, false]);
  });
});

describe('what reaches the mesh', () => {
  const reach = (place: string, rule: Rule): boolean => {
    const mesh = meshWith(role('own', [rule]), binding('own', account, place));
    return grantsOfAccount(mesh, 'shop', 'web').some((grant) => reachesMesh(mesh, grant));
  };
  const secrets: Rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };

  it('are policies anywhere, and keys where those of the mesh lie', () => {
    expect(reach('shop', policies)).toBe(true);
    expect(reach('shop', secrets)).toBe(false);
    expect(reach('istio-system', secrets)).toBe(true);
  });
});
