import type { Mesh, Workload } from '#mesh/mesh.js';
import { chooseRule } from '#policy/client-tls/rule-choice.js';
import { rulePools } from '#policy/client-tls/rule-pools.js';
import type { RulePools } from '#policy/client-tls/rule-pools.js';
import { perMesh } from './per-mesh.js';
import type { KnownService } from './reachable-services.js';

/** Given a mesh that holds no objects of other revisions, everything in it is read. */
const poolsOf = perMesh((mesh: Mesh): RulePools => rulePools(mesh, () => 'visible'));

/** Subsets of a service that a gateway pod has clusters for: those of the DestinationRule that it uses for the service. */
export function declaredSubsets(
  mesh: Mesh,
  { namespace, labels }: Workload,
  { host, namespace: owner }: KnownService,
): ReadonlySet<string> {
  const rules = poolsOf(mesh).rulesFor(namespace, { host, namespace: owner });
  const rule = chooseRule(rules, { namespace, labels });
  return new Set((rule?.subsets ?? []).map(({ name }) => name));
}
