import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { accessLogOf } from './access-log.js';
import { authorizationOf } from './authorization.js';
import type { Decision } from './decision.js';
import { workloadMemo } from './memo.js';
import { outboundTrafficOf } from './outbound-traffic.js';
import { peerMtlsOf } from './peer-mtls.js';
import type { DataPlane, EffectivePolicies, Enrolment } from './policies.js';
import { httpPorts, requestAuthenticationOf } from './request-authentication.js';
import { standIns } from './stand-ins.js';
import { metricsOf } from './telemetry/metrics.js';
import { tracingOf } from './telemetry/tracing.js';

/** The decisions that rest on policies with label selectors. */
export type SharedDecisions = Pick<
  EffectivePolicies,
  | 'peerMtls'
  | 'authorization'
  | 'requestAuthentication'
  | 'outboundTraffic'
  | 'accessLog'
  | 'tracing'
  | 'metrics'
>;

/** What is known of a workload before policies are asked. */
interface Given {
  readonly mesh: Mesh;
  readonly enrolment: (workload: Workload) => Decision<Enrolment>;
  /** The mesh as the workload's control plane sees it. */
  readonly seen: (workload: Workload) => Mesh;
  readonly inboundPorts: EffectivePolicies['inboundPorts'];
}

const sidecars: ReadonlySet<DataPlane> = new Set(['sidecar']);
const meshPlanes: ReadonlySet<DataPlane> = new Set(['sidecar', 'ambient']);

/**
 * Decides once for all workloads that policies can not tell apart, on the data planes where the answer says nothing of
 * the workload itself; elsewhere one by one. To be asked about workloads of the mesh only: one stands in for others.
 */
export function sharedDecisions({ mesh, enrolment, seen, inboundPorts }: Given): SharedDecisions {
  const standInOf = standIns();
  const standIn = workloadMemo(mesh, (workload) => standInOf(seen(workload), workload, enrolment(workload)));
  const shared = <V extends object>(
    planes: ReadonlySet<DataPlane>,
    decide: (mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>) => V,
  ): ((workload: Workload) => V) => {
    const made = workloadMemo(mesh, (workload) => decide(seen(workload), workload, enrolment(workload)));
    return workloadMemo(mesh, (workload) => {
      const enrolled = enrolment(workload);
      return made(enrolled.known && planes.has(enrolled.value.dataPlane) ? standIn(workload) : workload);
    });
  };
  const peerMtls = shared(meshPlanes, (...question) => {
    const modeOf = peerMtlsOf(...question);
    const kept = new Map<number | '*', ReturnType<typeof modeOf>>();
    return (port: number | '*') => getOrMake(kept, port, () => modeOf(port));
  });
  const requestAuthentication = shared(sidecars, (...question) => {
    const tokensAt = requestAuthenticationOf(...question);
    const kept = new Map<string, ReturnType<typeof tokensAt>>();
    return (ports: readonly number[]) => getOrMake(kept, ports.join(','), () => tokensAt(ports));
  });
  return {
    peerMtls: (workload, port) => peerMtls(workload)(port),
    authorization: shared(meshPlanes, authorizationOf),
    requestAuthentication: workloadMemo(mesh, (workload) =>
      requestAuthentication(workload)(httpPorts(inboundPorts(workload))),
    ),
    outboundTraffic: shared(sidecars, outboundTrafficOf),
    accessLog: shared(sidecars, accessLogOf),
    tracing: shared(sidecars, tracingOf),
    metrics: shared(sidecars, metricsOf),
  };
}
