import { valueAt } from '#documents/json.js';
import type { FieldRef } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { istioVersionOf, newestVersion } from '#policy/istio-version.js';
import { whenAttribute } from '#policy/rule/attribute.js';
import type { Clause, WrittenRule } from './written-rule.js';

/** A `when` key that the mesh's release of Istio does not know. */
export interface UnreadKey {
  readonly key: string;
  readonly at: FieldRef;
  /** True when a newer release knows it. */
  readonly isNewer: boolean;
}

function unreadKey(mesh: Mesh, { at }: Clause): UnreadKey | undefined {
  const path = [...at.path, 'key'];
  const key = valueAt(at.resource.object, path);
  if (typeof key !== 'string' || whenAttribute(key, istioVersionOf(mesh, undefined)) !== undefined)
    return undefined;
  return { key, at: { ...at, path }, isNewer: whenAttribute(key, newestVersion) !== undefined };
}

/**
 * The conditions of a rule whose key Istio does not know: for one of them the whole rule is skipped, whatever the action
 * (New in pilot/pkg/security/authz/model/model.go).
 */
export function unreadKeys(mesh: Mesh, { conditions }: WrittenRule): readonly UnreadKey[] {
  return conditions
    .map((condition) => unreadKey(mesh, condition))
    .filter((condition) => condition !== undefined);
}
