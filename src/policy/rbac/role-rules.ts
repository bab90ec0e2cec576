import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { matchesLabelSelector } from '#policy/label-selector.js';
import { stringMap } from '#mesh/string-map.js';

/** One rule of a role: verbs on resources. */
export interface RoleRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** True when it holds for objects of certain names only. */
  readonly named: boolean;
  readonly at: FieldRef;
}

export const rbacGroup = 'rbac.authorization.k8s.io';

function toRule(resource: Resource, rule: JsonValue, path: FieldPath): RoleRule {
  return {
    groups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    verbs: stringsAt(rule, 'verbs'),
    named: stringsAt(rule, 'resourceNames').length > 0,
    at: { resource, path },
  };
}

/** The rules that a role spells out itself. */
export function ownRules(role: Resource): readonly RoleRule[] {
  return listAt(role.object, 'rules').map((rule, index) => toRule(role, rule, ['rules', index]));
}

/** ClusterRoles that an aggregating one takes its rules from (k8s.io/kubernetes, clusterroleaggregation). */
function aggregated(mesh: Mesh, role: Resource): readonly Resource[] {
  const selectors = listAt(role.object, 'aggregationRule', 'clusterRoleSelectors').filter(isObject);
  if (selectors.length === 0) return [];
  return mesh.ofKind(rbacGroup, 'ClusterRole').filter((other) => {
    const labels = stringMap(objectAt(other.object, 'metadata', 'labels'));
    return other !== role && selectors.some((selector) => matchesLabelSelector(selector, labels) === true);
  });
}

const kept = new WeakMap<Mesh, Map<Resource, readonly RoleRule[]>>();

/** All rules of a role, those that it aggregates included. */
export function rulesOfRole(mesh: Mesh, role: Resource): readonly RoleRule[] {
  const known = getOrMake(kept, mesh, () => new Map<Resource, readonly RoleRule[]>());
  return getOrMake(known, role, () => [...ownRules(role), ...aggregated(mesh, role).flatMap(ownRules)]);
}
