import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Decision } from './decision.js';
import { peerAuthenticationsOf, policyMode, portModes } from './peer-authentications.js';
import { sidecarMode } from './peer-mtls-sidecar.js';
import type { Enrolment, MtlsMode } from './policies.js';

/** What a PeerAuthentication sets, as one text: policies of one text do the same. */
function settingsOf(policy: Resource): string {
  const ports = [...portModes(policy)].map(([port, { mode }]) => `${String(port)}=${mode}`).sort();
  return [policyMode(policy)?.mode ?? 'UNSET', ...ports].join(' ');
}

/** True when a policy asks for STRICT, on all ports or on some. */
export function asksForStrict(policy: Resource): boolean {
  return settingsOf(policy).includes('STRICT');
}

/** True when two PeerAuthentications set the same modes. */
export function setsTheSame(one: Resource, other: Resource): boolean {
  return settingsOf(one) === settingsOf(other);
}

/**
 * The workload-specific PeerAuthentications of a workload: those that may be the one that counts (one, where the input
 * tells their ages), and those that do not count, whole.
 */
export function workloadPeerAuthentications(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): { readonly winners: readonly Resource[]; readonly losers: readonly Resource[] } {
  const { winners, losers } = peerAuthenticationsOf(mesh, workload, enrolment).workload;
  return { winners: winners.filter((policy) => policy !== undefined), losers };
}

/** The mode that the PeerAuthentications of a workload mean, read as a sidecar reads them, whatever its data plane. */
export function peerModeAsWritten(
  mesh: Mesh,
  { workload, enrolment }: { readonly workload: Workload; readonly enrolment: Decision<Enrolment> },
  port: number | '*',
): Decision<MtlsMode> {
  return sidecarMode(mesh, peerAuthenticationsOf(mesh, workload, enrolment), port);
}
