import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import { policySelectorOf, selectsAll } from '#policy/policy-selector.js';
import type { CheckContext } from './subject.js';

const gateways = new WeakMap<Mesh, readonly Workload[]>();

function gatewaysOf({ mesh, policies }: CheckContext): readonly Workload[] {
  return getOrMake(gateways, mesh, () =>
    mesh.workloads.filter((workload) => {
      const enrolment = policies.enrolment(workload);
      return enrolment.known && enrolment.value.dataPlane === 'gateway';
    }),
  );
}

/** Gateway pods of other namespaces that have the labels which a policy selects by. */
export function gatewaysElsewhere(policy: Resource, context: CheckContext): readonly Workload[] {
  const selector = policySelectorOf(policy);
  const { labels, refs } = selector;
  const namespace = context.mesh.namespaceOf(policy);
  if (labels === undefined || refs.length > 0 || selectsAll(selector)) return [];
  return gatewaysOf(context).filter((one) => one.namespace !== namespace && containsAll(one.labels, labels));
}
