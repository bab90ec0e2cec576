import type { Mesh, Workload } from '#mesh/mesh.js';
import { isOutsideByNature } from '#policy/control-plane.js';
import { grantsOfAccount } from '#policy/rbac/grants.js';
import type { Grant } from '#policy/rbac/grants.js';
import { reachesMesh } from '#policy/rbac/mesh-namespaces.js';
import type { Power } from '#policy/rbac/power.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { fail, notApplicable, pass, unknown } from './verdict.js';
import { whenKnown } from './when-known.js';

const bindingsElsewhere = {
  key: 'role-bindings',
  text: 'RoleBindings and ClusterRoleBindings outside the input',
};

/** A gateway reads the certificates of its own namespace by design. */
const isByDesign = ({ power, namespace }: Grant, workload: Workload): boolean =>
  power === 'secrets' && namespace === workload.namespace;

function grantsTo(mesh: Mesh, workload: Workload, powers: ReadonlySet<Power>): readonly Grant[] {
  // The account `default` is reported where it is bound, for all pods that have it.
  if (workload.serviceAccount === 'default') return [];
  return grantsOfAccount(mesh, workload.namespace, workload.serviceAccount).filter(
    (grant) => powers.has(grant.power) && reachesMesh(mesh, grant) && !isByDesign(grant, workload),
  );
}

/**
 * Judges what the account of a workload of the mesh may do to the mesh itself: fails with `may` and the data `account`,
 * `role` and `powers` where it has one of some powers there, beyond what a gateway needs.
 */
export function judgeMemberGrants(
  workload: Workload,
  { mesh, policies }: CheckContext,
  powers: ReadonlySet<Power>,
): Verdict<'may'> {
  if (isOutsideByNature(workload)) return notApplicable('workload of Istio itself or of a system namespace');
  const grants = grantsTo(mesh, workload, powers);
  const [first] = grants;
  if (first === undefined && mesh.scope === 'complete') return pass;
  return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) => {
    if (dataPlane !== 'sidecar' && dataPlane !== 'ambient' && dataPlane !== 'gateway')
      return notApplicable('workload is not in the mesh');
    if (first === undefined) return unknown([bindingsElsewhere]);
    const account = `${workload.namespace}/${workload.serviceAccount}`;
    const texts = [...new Set(grants.map(({ text }) => text))].join(', ');
    return fail({
      message: 'may',
      at: first.rule ?? first.holder.at,
      cause: account,
      data: { account, role: first.role, powers: texts },
      related: [{ at: first.holder.at, note: `binds role ${first.role}` }],
    });
  });
}
