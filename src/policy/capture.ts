import type { Mesh, Workload } from '#mesh/mesh.js';
import { environmentLimits } from './capture-environment.js';
import type { EnvironmentLimits } from './capture-environment.js';
import { captureSetting, listItems, listPorts, saysNothing } from './capture-settings.js';
import { known, unknown } from './decision.js';
import type { Decision, Step } from './decision.js';
import { usesAmbient } from './enrolment-ambient.js';
import { annotationField, interceptionOf } from './interception.js';
import type { Capture, CaptureLimit, Enrolment, InboundPort } from './policies.js';
import { proxyImpostors } from './proxy-identity.js';

interface Question {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly environment: EnvironmentLimits;
  readonly ports: readonly InboundPort[];
}

type Direction = CaptureLimit['direction'];
type Limit = CaptureLimit;

function interceptionLimits({ mesh, workload }: Question): readonly Limit[] {
  const { mode, at } = interceptionOf(mesh, workload);
  if (mode !== 'NONE' || at === undefined) return [];
  const limit = (direction: Direction, note: string): Limit => ({
    direction,
    kind: 'interception-none',
    ports: 'all',
    at,
    note,
  });
  return [
    limit('inbound', 'nothing is redirected to the proxy: only listeners of a Sidecar enforce policies'),
    limit('outbound', 'nothing is redirected to the proxy: applications leave the pod directly'),
  ];
}

function inboundLimits({ mesh, workload, ports }: Question): readonly Limit[] {
  const included = captureSetting(mesh, workload, 'includeInboundPorts');
  if (included !== undefined && included.text !== '*') {
    const listed = listPorts(included.text);
    const none = listed.length === 0;
    const note = none
      ? 'no inbound port is captured'
      : 'inbound ports that are not listed reach the application directly';
    const missed = ports.map(({ number }) => number).filter((number) => !listed.includes(number));
    const { at } = included;
    return [{ direction: 'inbound', kind: 'included-ports-only', ports: none ? 'all' : missed, at, note }];
  }
  // An exclusion counts only while everything is included.
  const excluded = captureSetting(mesh, workload, 'excludeInboundPorts');
  const left = listPorts(excluded?.text);
  const note = 'connections to these ports reach the application without mutual TLS or authorization';
  if (excluded === undefined || left.length === 0) return [];
  return [{ direction: 'inbound', kind: 'excluded-ports', ports: left, at: excluded.at, note }];
}

function includedRanges({ mesh, workload }: Question): Limit | undefined {
  const included = captureSetting(mesh, workload, 'includeOutboundIPRanges');
  if (included === undefined || included.text === '*') return undefined;
  const none = listItems(included.text).length === 0;
  const note = none
    ? 'no outbound address is captured'
    : 'outbound addresses outside these ranges are not captured';
  const ports = none ? 'all' : undefined;
  return { direction: 'outbound', kind: 'included-ranges-only', ports, at: included.at, note };
}

function outboundLimits(question: Question): readonly Limit[] {
  const { mesh, workload } = question;
  const direction = 'outbound';
  const limits: (Limit | undefined)[] = [includedRanges(question)];
  const ranges = captureSetting(mesh, workload, 'excludeOutboundIPRanges');
  if (ranges !== undefined && listItems(ranges.text).length > 0) {
    const note = 'outbound traffic to these ranges is not captured';
    limits.push({ direction, kind: 'excluded-ranges', ports: undefined, at: ranges.at, note });
  }
  const excluded = captureSetting(mesh, workload, 'excludeOutboundPorts');
  const ports = listPorts(excluded?.text);
  if (excluded !== undefined && ports.length > 0) {
    const note = 'outbound traffic to these ports is not captured';
    limits.push({ direction, kind: 'excluded-ports', ports, at: excluded.at, note });
  }
  return limits.filter((limit) => limit !== undefined);
}

function interfaceLimits({ mesh, workload }: Question): readonly Limit[] {
  const excluded = captureSetting(mesh, workload, 'excludeInterfaces');
  if (excluded === undefined || listItems(excluded.text).length === 0) return [];
  const note = 'traffic of these network interfaces is not captured';
  const limit = { kind: 'excluded-interfaces', ports: undefined, at: excluded.at, note } as const;
  return [
    { direction: 'inbound', ...limit },
    { direction: 'outbound', ...limit },
  ];
}

function identityLimits({ mesh, workload }: Question): readonly Limit[] {
  return proxyImpostors(mesh, workload).map(({ container, field, id, at }) => {
    const note = `container ${container} runs as the proxy (${field} ${String(id)}): nothing it sends is captured`;
    return { direction: 'outbound', kind: 'proxy-identity', ports: 'all', at, note };
  });
}

function ambientLimits({ workload }: Question): readonly Limit[] {
  const key = 'ambient.istio.io/bypass-inbound-capture';
  if (workload.annotations[key] !== 'true') return [];
  const note = 'inbound traffic does not pass ztunnel: no policy is enforced on it';
  return [
    { direction: 'inbound', kind: 'ambient-bypass', ports: 'all', at: annotationField(workload, key), note },
  ];
}

function sidecarLimits(question: Question): readonly Limit[] {
  const off = interceptionLimits(question);
  if (off.length > 0) return off;
  const written = saysNothing(question.mesh, question.workload)
    ? []
    : [...inboundLimits(question), ...outboundLimits(question), ...interfaceLimits(question)];
  return [...written, ...identityLimits(question), ...question.environment.limits];
}

function unenrolled(
  question: Question,
  enrolment: Decision<Enrolment> & { readonly known: false },
): Decision<Capture> {
  const limits = sidecarLimits(question);
  const self = { resource: question.workload.resource, path: question.workload.podPath };
  const step: Step = { at: self, note: 'if the workload has a sidecar: its enrolment is not known' };
  const disputed = limits.length + ambientLimits(question).length > 0 && usesAmbient(question.mesh);
  return disputed ? unknown(enrolment.missing) : known({ limits }, limits[0]?.at ?? 'default', [step]);
}

/**
 * Which traffic of a workload never passes its proxy: what pod annotations, ProxyConfig, chart values and user and group
 * ids take out of redirection (tools/istio-iptables/pkg/capture/run.go, files/injection-template.yaml of the istiod
 * chart). No limits for pods that nothing is redirected for: gateways, waypoints, pods outside the mesh (the host
 * network keeps them there). Rules that privileged containers write themselves are not looked at.
 */
export function captureOf(
  mesh: Mesh,
  workload: Workload,
  given: { readonly enrolment: Decision<Enrolment>; readonly ports: readonly InboundPort[] },
): Decision<Capture> {
  const { enrolment, ports } = given;
  const environment = environmentLimits({ mesh, workload, enrolment });
  const question: Question = { mesh, workload, environment, ports };
  if (!enrolment.known) return unenrolled(question, enrolment);
  const { dataPlane } = enrolment.value;
  if (dataPlane === 'sidecar' && environment.missing.length > 0) return unknown(environment.missing);
  const limits =
    dataPlane === 'sidecar'
      ? sidecarLimits(question)
      : dataPlane === 'ambient'
        ? ambientLimits(question)
        : [];
  return known({ limits }, limits[0]?.at ?? 'default');
}
