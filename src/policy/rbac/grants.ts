import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Power } from './power.js';
import { powersOf } from './power.js';
import type { RoleRule } from './role-rules.js';
import { rbacGroup, rulesOfRole } from './role-rules.js';

/** Who a binding gives a role to. */
export interface GrantHolder {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly namespace: string;
  readonly name: string;
  readonly at: FieldRef;
}

/** A power over the mesh that somebody holds. */
export interface Grant {
  readonly power: Power;
  /** For people, after `may`. */
  readonly text: string;
  readonly binding: Resource;
  readonly role: string;
  readonly holder: GrantHolder;
  /** Where it holds; `*` in every namespace. */
  readonly namespace: string;
  /** The rule that gives it; undefined for a role that is built into Kubernetes. */
  readonly rule: FieldRef | undefined;
}

const all = ['*'];
const rule = (groups: readonly string[], resources: readonly string[], verbs: readonly string[]) => ({
  groups,
  resources,
  verbs,
  named: false,
});

const edit = [
  rule(
    [''],
    ['secrets', 'serviceaccounts/token', 'pods/exec', 'pods/attach'],
    ['get', 'list', 'watch', 'create'],
  ),
  rule([''], ['serviceaccounts'], ['impersonate']),
];

/** What Kubernetes' own roles grant, where the input does not hold them (plugin/pkg/auth/authorizer/rbac/bootstrappolicy). */
const builtIn: ReadonlyMap<string, readonly Omit<RoleRule, 'at'>[]> = new Map([
  ['cluster-admin', [rule(all, all, all)]],
  ['admin', edit],
  ['edit', edit],
]);

interface Role {
  readonly name: string;
  readonly rules: readonly (Omit<RoleRule, 'at'> & { readonly at?: FieldRef })[];
}

function roleOf(mesh: Mesh, binding: Resource): Role | undefined {
  const kind = stringAt(binding.object, 'roleRef', 'kind') ?? '';
  const name = stringAt(binding.object, 'roleRef', 'name') ?? '';
  if (kind !== 'Role' && kind !== 'ClusterRole') return undefined;
  const namespace = kind === 'Role' ? mesh.namespaceOf(binding) : undefined;
  const found = mesh.find(rbacGroup, kind, namespace, name);
  if (found !== undefined) return { name, rules: rulesOfRole(mesh, found) };
  const rules = kind === 'ClusterRole' ? builtIn.get(name) : undefined;
  return rules && { name, rules };
}

function holdersOf(mesh: Mesh, binding: Resource): readonly GrantHolder[] {
  return listAt(binding.object, 'subjects').flatMap((subject, index): readonly GrantHolder[] => {
    const kind = stringAt(subject, 'kind');
    const name = stringAt(subject, 'name');
    const path: FieldPath = ['subjects', index];
    if (name === undefined || (kind !== 'User' && kind !== 'Group' && kind !== 'ServiceAccount')) return [];
    const namespace = stringAt(subject, 'namespace') ?? mesh.namespaceOf(binding);
    return [{ kind, namespace, name, at: { resource: binding, path } }];
  });
}

function grantsOfBinding(mesh: Mesh, binding: Resource): readonly Grant[] {
  const role = roleOf(mesh, binding);
  if (role === undefined) return [];
  const powers = new Map<Power, { readonly text: string; readonly rule: FieldRef | undefined }>();
  for (const one of role.rules) {
    for (const [power, text] of powersOf({ ...one, at: one.at ?? { resource: binding, path: [] } }))
      getOrMake(powers, power, () => ({ text, rule: one.at }));
  }
  if (powers.size === 0) return [];
  const namespace = binding.kind === 'ClusterRoleBinding' ? '*' : mesh.namespaceOf(binding);
  return holdersOf(mesh, binding).flatMap((holder) =>
    [...powers].map(([power, { text, rule: at }]) => ({
      power,
      text,
      binding,
      role: role.name,
      holder,
      namespace,
      rule: at,
    })),
  );
}

const kept = new WeakMap<Mesh, ReadonlyMap<Resource, readonly Grant[]>>();

/**
 * The powers over the mesh that each binding of the input gives. Bindings to roles that stand elsewhere give nothing
 * here: what is found is certain, that there is nothing else is not.
 */
function grants(mesh: Mesh): ReadonlyMap<Resource, readonly Grant[]> {
  return getOrMake(
    kept,
    mesh,
    () =>
      new Map(
        ['ClusterRoleBinding', 'RoleBinding']
          .flatMap((kind) => mesh.ofKind(rbacGroup, kind))
          .map((binding) => [binding, grantsOfBinding(mesh, binding)]),
      ),
  );
}

/** The powers over the mesh that one binding gives. */
export function grantsBy(mesh: Mesh, binding: Resource): readonly Grant[] {
  return grants(mesh).get(binding) ?? [];
}

const keptByAccount = new WeakMap<Mesh, ReadonlyMap<string, readonly Grant[]>>();

/** The grants of one service account, those by groups left aside. */
export function grantsOfAccount(mesh: Mesh, namespace: string, name: string): readonly Grant[] {
  const index = getOrMake(keptByAccount, mesh, () => {
    const byAccount = new Map<string, Grant[]>();
    for (const grant of [...grants(mesh).values()].flat()) {
      if (grant.holder.kind !== 'ServiceAccount') continue;
      getOrMake(byAccount, `${grant.holder.namespace}/${grant.holder.name}`, () => []).push(grant);
    }
    return byAccount;
  });
  return index.get(`${namespace}/${name}`) ?? [];
}

const keptBound = new WeakMap<Mesh, ReadonlySet<string>>();

/**
 * True when some binding of the input is for a service account, by its name or by a group that it is in other than that
 * of everybody, whatever it grants.
 */
export function isBound(mesh: Mesh, namespace: string, name: string): boolean {
  const bound = getOrMake(keptBound, mesh, () => {
    const names = ['ClusterRoleBinding', 'RoleBinding']
      .flatMap((kind) => mesh.ofKind(rbacGroup, kind))
      .flatMap((binding) => holdersOf(mesh, binding))
      .map((holder) =>
        holder.kind === 'ServiceAccount' ? `${holder.namespace}/${holder.name}` : holder.name,
      );
    return new Set(names);
  });
  return (
    bound.has(`${namespace}/${name}`) ||
    bound.has(`system:serviceaccounts:${namespace}`) ||
    bound.has(`system:serviceaccount:${namespace}:${name}`)
  );
}

/** Groups and accounts that are nobody in particular: every caller, every account, every pod that names no account. */
export function isAnybody({ kind, name }: GrantHolder): boolean {
  if (kind === 'ServiceAccount') return name === 'default';
  if (kind === 'User') return name === 'system:anonymous';
  return /^system:(?:authenticated|unauthenticated|serviceaccounts(?::.*)?)$/.test(name);
}
