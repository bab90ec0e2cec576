import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { InboundPort } from '#policy/policies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { allJudged, notApplicable, pass, unknown } from './verdict.js';
import { whenKnown, whetherEnrolledOrNot } from './when-known.js';

/** A port that a policy reaches, at a workload whose own inbound traffic Istio handles or may handle. */
export interface ReachedPort {
  readonly workload: Workload;
  readonly port: InboundPort;
  readonly dataPlane: 'sidecar' | 'ambient';
}

const outsideServices = {
  key: 'services',
  text: 'Services, outside the input, of workloads that have none in it',
};

/**
 * The verdict where only a Service could tell: its port's name says the protocol, and its number may be what a policy
 * means. Undefined where the input has a Service for every port, or is complete.
 */
export function servicesElsewhere(mesh: Mesh, ports: readonly InboundPort[]): Verdict<never> | undefined {
  return mesh.scope === 'complete' || ports.every(({ services }) => services.length > 0)
    ? undefined
    : unknown([outsideServices]);
}

/** The verdict on a workload that has no Service: where the input is a part, one may stand outside of it. */
export function noService({ scope }: Mesh): Verdict<never> {
  return scope === 'complete' ? pass : unknown([outsideServices]);
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
