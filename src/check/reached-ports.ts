import type { Resource } from '#documents/document.js';
import type { Workload } from '#mesh/mesh.js';
import type { InboundPort } from '#policy/policies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { allJudged, notApplicable, unknown } from './verdict.js';
import { whenKnown, whetherEnrolledOrNot } from './when-known.js';

/** A port that a policy reaches, at a workload whose own inbound traffic Istio handles or may handle. */
export interface ReachedPort {
  readonly workload: Workload;
  readonly port: InboundPort;
  readonly dataPlane: 'sidecar' | 'ambient';
}

const withoutPort = notApplicable('workload declares no port');

/**
 * Judges a policy by every port of every workload that it reaches, those in no mesh left out. A policy is written for
 * the mesh: where it is not known whether a workload is enrolled, what fails on every data plane fails.
 */
export function judgeReachedPorts<Key extends string>(
  policy: Resource,
  context: CheckContext,
  judge: (reached: ReachedPort) => Verdict<Key>,
): Verdict<Key> {
  const { mesh, policies } = context;
  return whenKnown(policies.selection(policy), ({ value: { workloads, inert } }) => {
    if (inert !== undefined) return notApplicable('policy has no effect');
    if (workloads.length === 0)
      return mesh.scope === 'complete'
        ? notApplicable('policy reaches no workload')
        : unknown([{ key: 'workloads', text: `workloads of namespace ${mesh.namespaceOf(policy)}` }]);
    return allJudged(workloads, (workload) =>
      whetherEnrolledOrNot(workload, context, (dataPlane) => {
        const ports = policies.inboundPorts(workload);
        return ports.length === 0
          ? withoutPort
          : allJudged(ports, (port) => judge({ workload, port, dataPlane }));
      }),
    );
  });
}
