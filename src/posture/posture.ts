import type { Workload } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { Exposure } from '#policy/gateway/exposure.js';
import type {
  AccessLog,
  Authorization,
  Capture,
  CaptureLimit,
  EffectivePolicies,
  Enrolment,
  InboundPort,
  MtlsMode,
  OutboundTraffic,
  RequestAuthentication,
} from '#policy/policies.js';
import type { Metrics } from '#policy/telemetry/metrics.js';
import type { Tracing } from '#policy/telemetry/tracing.js';
import { northSouth, publicRoutesOf } from '#policy/waf/coverage.js';
import type { InspectionDecision, PublicRoute } from '#policy/waf/inspection.js';
import { clientSideOf } from './client-rules.js';
import type { ClientSide } from './client-rules.js';
import { nodeExposure } from './node-exposure.js';
import type { NodeExposure } from './node-exposure.js';

/** One port of a workload: how its bytes are read, what it asks of clients, and whether the proxy sees it at all. */
export interface PortPosture {
  readonly port: InboundPort;
  readonly mtls: Decision<MtlsMode>;
  /** The limit that keeps its traffic away from the proxy. */
  readonly bypass: CaptureLimit | undefined;
}

/** What web application firewalls read of a workload's requests. */
export interface WafPosture {
  /** Of requests from inside the mesh. */
  readonly eastWest: InspectionDecision;
  /** Of those that come in from outside, all ways together; undefined: the input shows no such way. */
  readonly northSouth: InspectionDecision | undefined;
  readonly routes: readonly PublicRoute[];
}

/** What Istio does for one workload: every decision, with what decided it. */
export interface Posture {
  readonly policies: EffectivePolicies;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
  readonly capture: Decision<Capture>;
  readonly ports: readonly PortPosture[];
  /** For every port that no policy names. */
  readonly otherPorts: Decision<MtlsMode>;
  readonly clientSide: Decision<ClientSide>;
  readonly authorization: Decision<Authorization>;
  readonly requestAuthentication: Decision<RequestAuthentication>;
  readonly exposure: Decision<readonly Exposure[]>;
  readonly nodeExposure: readonly NodeExposure[];
  readonly outbound: Decision<OutboundTraffic>;
  readonly accessLog: Decision<AccessLog>;
  readonly tracing: Decision<Tracing>;
  readonly metrics: Decision<Metrics>;
  readonly waf: WafPosture;
}

/** The limit of traffic capture that leaves a port out. */
function bypassOf(capture: Decision<Capture>, port: number): CaptureLimit | undefined {
  if (!capture.known) return undefined;
  return capture.value.limits.find(
    ({ direction, ports }) => direction === 'inbound' && (ports === 'all' || ports?.includes(port) === true),
  );
}

/** Asks every decision about one workload. */
export function postureOf(policies: EffectivePolicies, workload: Workload): Posture {
  const capture = policies.capture(workload);
  const ports = policies.inboundPorts(workload);
  return {
    policies,
    workload,
    enrolment: policies.enrolment(workload),
    capture,
    ports: ports.map((port) => ({
      port,
      mtls: policies.peerMtls(workload, port.number),
      bypass: bypassOf(capture, port.number),
    })),
    otherPorts: policies.peerMtls(workload, '*'),
    clientSide: clientSideOf(policies, workload),
    authorization: policies.authorization(workload),
    requestAuthentication: policies.requestAuthentication(workload),
    exposure: policies.exposure(workload),
    nodeExposure: nodeExposure(workload),
    outbound: policies.outboundTraffic(workload),
    accessLog: policies.accessLog(workload),
    tracing: policies.tracing(workload),
    metrics: policies.metrics(workload),
    waf: {
      eastWest: policies.waf.inspection(workload),
      northSouth: northSouth(policies, workload),
      routes: publicRoutesOf(policies, workload),
    },
  };
}
