import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from './attached-policies.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision, MissingEvidence, Step } from './decision.js';
import { policyMode, portModes } from './peer-authentications.js';
import type { PeerAuthentications, SetMode } from './peer-authentications.js';
import type { MtlsMode } from './policies.js';
import type { Level } from './precedence.js';

/** What is missing when no policy of the input sets a mode and the input is not the whole mesh. */
export const meshWideEvidence: MissingEvidence = {
  key: 'mesh-wide-peer-authentication',
  text: 'a mesh-wide or namespace-wide PeerAuthentication, or certainty that there is none',
};

interface Outcome {
  readonly mode: MtlsMode;
  readonly cause: Cause;
}

const stepLimit = 10;

/** What became of the policies that could have decided, the deciding one left out. */
export function peerSteps(policies: PeerAuthentications): readonly Step[] {
  const notes = (level: Level, name: string): readonly Step[] => [
    ...level.winners
      .filter((policy) => policy !== undefined)
      .map((policy) => ({ at: { resource: policy, path: ['spec'] }, note: `${name} policy` })),
    ...level.losers.map((policy) => ({
      at: { resource: policy, path: ['metadata', 'name'] },
      note: `${name} policy that does not count: an older one does, or its revision is another`,
    })),
  ];
  const all = [
    ...notes(policies.workload, 'workload-specific'),
    ...notes(policies.namespace, 'namespace-wide'),
    ...notes(policies.mesh, 'mesh-wide'),
  ];
  return all.slice(0, stepLimit);
}

function setMode(policy: Resource, port: number | '*', portLevel: boolean): SetMode | undefined {
  const single = portLevel && port !== '*' ? portModes(policy).get(port) : undefined;
  return single ?? policyMode(policy);
}

/**
 * The mode that a sidecar enforces on a pod port: PERMISSIVE, overridden by the mesh-wide, the namespace-wide and the
 * workload-specific policy where they set one; single ports only by the workload-specific policy
 * (ComposePeerAuthentication in pilot/pkg/security/authn/policy_applier.go). In a partial scope the policies of the
 * input are taken for all there are at their level; when none sets a mode the answer is unknown.
 */
export function sidecarMode(
  mesh: Mesh,
  policies: PeerAuthentications,
  port: number | '*',
): Decision<MtlsMode> {
  const outcomes: Outcome[] = [];
  const missing: MissingEvidence[] = [];
  let open = true;
  for (const level of [policies.workload, policies.namespace, policies.mesh]) {
    if (!open) break;
    const settings = level.winners.map((policy) => {
      const set = policy && setMode(policy, port, level === policies.workload);
      return set && { mode: set.mode, cause: { resource: policy, path: set.path } };
    });
    outcomes.push(...settings.filter((outcome) => outcome !== undefined));
    open = settings.includes(undefined);
    missing.push(...level.doubts);
  }
  if (open && mesh.scope === 'complete') outcomes.push({ mode: 'PERMISSIVE', cause: 'default' });
  const lacksMesh = open && mesh.scope === 'partial';
  const considered = peerSteps(policies);
  const [first] = outcomes;
  if (first === undefined || lacksMesh || outcomes.some(({ mode }) => mode !== first.mode))
    return unknown(uniqueEvidence(lacksMesh ? [...missing, meshWideEvidence] : missing), considered);
  return known(first.mode, first.cause, considered);
}
