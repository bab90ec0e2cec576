import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { policiesOn, targetOf } from '#policy/authorization.js';
import { authorizationProgram } from '#policy/authorization-program.js';
import type { AuthorizationProgram } from '#policy/authorization-program.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { jwtRulesOf } from '#policy/jwt-rule.js';
import type { JwtRule } from '#policy/jwt-rule.js';
import type {
  CaptureLimit,
  EffectivePolicies,
  Enrolment,
  InboundProtocol,
  MtlsMode,
} from '#policy/policies.js';
import { requestAuthenticationPoliciesOf } from '#policy/request-authentication.js';
import { parseAddress } from '#policy/rule/address.js';
import { trustedDomains } from './admission.js';
import { pathSettingsOf } from './path-settings.js';
import type { PathSettings } from './normalize-path.js';
import type { ReceiverFacts } from './request-facts.js';

/** How one port of a sidecar takes connections. */
export interface ReceivingPort {
  readonly mode: Decision<MtlsMode>;
  readonly protocol: InboundProtocol;
  /** The limit that keeps its traffic away from the proxy. */
  readonly bypass: CaptureLimit | undefined;
}

/** A workload's sidecar, ready to decide requests. */
export interface Receiver {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
  readonly http: AuthorizationProgram;
  readonly tcp: AuthorizationProgram;
  readonly jwtRules: readonly JwtRule[];
  readonly paths: PathSettings;
  readonly trusted: ReadonlySet<string> | undefined;
  readonly facts: ReceiverFacts;
  /** What the input would have to hold for the policies that apply to be certain. */
  readonly missing: readonly MissingEvidence[];
  /** The same for whether its traffic passes a sidecar at all. */
  readonly unguarded: readonly MissingEvidence[];
  readonly port: (port: number) => ReceivingPort;
}

/** The address of the workload's pods as text, when the input shows one and only one. */
export function podIp({ resource, kind, pods }: Workload): string | undefined {
  const objects = kind === 'Pod' ? [resource] : pods;
  const [only, ...others] = new Set(objects.map(({ object }) => stringAt(object, 'status', 'podIP')));
  return others.length === 0 ? only : undefined;
}

/** The address of the workload's pods, when the input shows one and only one. */
export function podAddress(workload: Workload): ReceiverFacts['destinationIp'] {
  const text = podIp(workload);
  return text === undefined ? undefined : parseAddress(text);
}

const filterKinds = [
  ['networking.istio.io', 'EnvoyFilter'],
  ['extensions.istio.io', 'WasmPlugin'],
  ['extensions.istio.io', 'TrafficExtension'],
] as const;

/** Istio's own filters note nothing that policies may ask for; only added ones do. */
export function metadataOf(mesh: Mesh): false | undefined {
  const added = filterKinds.some(([group, kind]) => mesh.ofKind(group, kind).length > 0);
  return mesh.scope === 'complete' && !added ? false : undefined;
}

/** The limit that keeps a port's inbound traffic away from the proxy. */
export function bypassOf(limits: readonly CaptureLimit[], port: number): CaptureLimit | undefined {
  return limits.find(({ direction, ports }) => {
    return direction === 'inbound' && (ports === 'all' || ports?.includes(port) === true);
  });
}

function portsOf(policies: EffectivePolicies, workload: Workload): (port: number) => ReceivingPort {
  const protocols = new Map(
    policies.inboundPorts(workload).map(({ number, protocol }) => [number, protocol]),
  );
  const capture = policies.capture(workload);
  const limits = capture.known ? capture.value.limits : [];
  const kept = new Map<number, ReceivingPort>();
  return (port) =>
    getOrMake(kept, port, () => ({
      mode: policies.peerMtls(workload, port),
      protocol: protocols.get(port) ?? 'AUTO',
      bypass: bypassOf(limits, port),
    }));
}

function makeReceiver(policies: EffectivePolicies, workload: Workload): Receiver {
  const { mesh } = policies;
  const enrolment = policies.enrolment(workload);
  const attached = policiesOn(mesh, workload, { dataPlane: 'sidecar', enrolment });
  const authentication = requestAuthenticationPoliciesOf(mesh, targetOf(workload, 'sidecar'), enrolment);
  const capture = policies.capture(workload);
  return {
    mesh,
    workload,
    enrolment,
    http: authorizationProgram(mesh, attached.policies, 'http'),
    tcp: authorizationProgram(mesh, attached.policies, 'tcp'),
    jwtRules: jwtRulesOf(authentication.policies),
    paths: pathSettingsOf(mesh, workload),
    trusted: trustedDomains(mesh),
    facts: { destinationIp: podAddress(workload), hasMetadata: metadataOf(mesh), isTunnelled: false },
    missing: [...attached.missing, ...authentication.missing],
    unguarded: [...(enrolment.known ? [] : enrolment.missing), ...(capture.known ? [] : capture.missing)],
    port: portsOf(policies, workload),
  };
}

interface Receivers {
  readonly byId: ReadonlyMap<string, Workload>;
  readonly made: Map<Workload, Receiver>;
}

const receivers = new WeakMap<EffectivePolicies, Receivers>();

function receiversOf(policies: EffectivePolicies): Receivers {
  return getOrMake(receivers, policies, () => ({
    byId: new Map(policies.mesh.workloads.map((workload) => [workload.id, workload])),
    made: new Map<Workload, Receiver>(),
  }));
}

/** The workload of that id; undefined when the mesh has none. */
export function workloadOf(policies: EffectivePolicies, id: string): Workload | undefined {
  return receiversOf(policies).byId.get(id);
}

/** The receiving side of `namespace/Kind/name`; undefined when the mesh has no such workload. Made once. */
export function receiverOf(policies: EffectivePolicies, id: string): Receiver | undefined {
  const { byId, made } = receiversOf(policies);
  const workload = byId.get(id);
  return workload && getOrMake(made, workload, () => makeReceiver(policies, workload));
}
