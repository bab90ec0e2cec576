import type { FieldRef, Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from './attached-policies.js';
import { known, unknown } from './decision.js';
import type { Decision, Known } from './decision.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';
import type { Enrolment, OutboundTraffic } from './policies.js';
import { sidecarScopeOf } from './sidecar-scope.js';

const field = 'outboundTrafficPolicy';

/** An outboundTrafficPolicy without mode is the enum's zero value, REGISTRY_ONLY (api networking/v1alpha3/sidecar.proto). */
function modeIn(policy: JsonObject): OutboundTraffic['mode'] {
  const mode = stringAt(policy, 'mode');
  return mode === 'ALLOW_ANY' || mode === 'ALLOW_ANY_DYNAMIC_DNS' ? mode : 'REGISTRY_ONLY';
}

function ofSidecar(sidecar: Resource | undefined): Known<OutboundTraffic> | undefined {
  const policy = sidecar && objectAt(sidecar.object, 'spec', field);
  if (sidecar === undefined || policy === undefined) return undefined;
  const path = ['spec', field, ...(Object.hasOwn(policy, 'mode') ? ['mode'] : [])];
  return known({ mode: modeIn(policy) }, { resource: sidecar, path });
}

function ofMesh(mesh: Mesh): Decision<OutboundTraffic> {
  const { settings } = mesh;
  const policy = objectAt(settings.config, field);
  if (policy !== undefined) {
    const mode = modeIn(policy);
    if (mode === 'ALLOW_ANY_DYNAMIC_DNS' && !isAtLeast(istioVersionOf(mesh, undefined), 31))
      return unknown([{ key: 'istio-version', text: `what an Istio before 1.31 makes of mode ${mode}` }]);
    const at: FieldRef | undefined = settings.fieldOf([field, 'mode']) ?? settings.fieldOf([field]);
    return known({ mode }, at ?? 'default');
  }
  if (!settings.known) return unknown([{ key: 'mesh-config', text: `${field} of the mesh configuration` }]);
  return known({ mode: 'ALLOW_ANY' }, 'default');
}

/** Data planes that pass on whatever the mesh does not know: ztunnel has no REGISTRY_ONLY, others have no outbound proxy. */
const unlimited: ReadonlySet<string> = new Set(['ambient', 'none', 'proxyless', 'ztunnel']);

/**
 * What becomes of traffic to destinations that the mesh does not know: the Sidecar that counts for the workload says,
 * else the mesh configuration, else ALLOW_ANY (convertToSidecarScope in pilot/pkg/model/sidecar.go). Sidecars do not
 * reach gateways, ambient workloads and pods outside the mesh; the last two send where they like.
 */
export function outboundTrafficOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): Decision<OutboundTraffic> {
  const plane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  if (enrolment.known && unlimited.has(plane)) {
    const at = { resource: workload.resource, path: workload.podPath };
    return known({ mode: 'ALLOW_ANY' }, enrolment.decidedBy, [
      { at, note: `nothing limits outbound traffic: ${plane}` },
    ]);
  }
  if (plane !== 'sidecar') return ofMesh(mesh);
  const { candidates, doubts } = sidecarScopeOf(mesh, workload, enrolment);
  const answers = candidates.map((sidecar) => ofSidecar(sidecar) ?? ofMesh(mesh));
  const unsure = answers.find((answer) => !answer.known);
  if (unsure !== undefined) return unsure;
  const settled = answers.filter((answer) => answer.known);
  const [first] = settled;
  const agree = first !== undefined && settled.every(({ value }) => value.mode === first.value.mode);
  return agree ? first : unknown(uniqueEvidence(doubts));
}
