import type { Resource } from '#documents/document.js';
import { rbacGroup } from '#policy/rbac/role-rules.js';
import type { CheckContext, Subject } from './subject.js';
import { resources } from './subject.js';

/** Every reported ClusterRoleBinding and RoleBinding. */
export function bindings(context: CheckContext): readonly Subject<Resource>[] {
  return ['ClusterRoleBinding', 'RoleBinding'].flatMap((kind) => resources(context, rbacGroup, kind));
}
