import type { Cause, Decision, MissingEvidence } from '#policy/decision.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { Client } from '#policy/request/access-request.js';
import type { AmbientStep } from './ambient-outcome.js';
import { fieldOf } from '#policy/request/trace.js';
import type { Dialled } from './through-waypoint.js';
import type { WaypointBinding } from './waypoint-binding.js';
import type { AmbientRequest } from './waypoint-request.js';
import type { Waypoint } from './waypoint.js';

type MeshClient = Extract<Client, { readonly kind: 'mesh' }>;

/** The way that a connection takes, with the step that says why. */
export type Way =
  | { readonly path: 'direct'; readonly step: AmbientStep }
  | {
      readonly path: 'via-waypoint';
      readonly waypoint: Waypoint;
      readonly client: MeshClient;
      readonly step: AmbientStep;
    }
  | { readonly path: 'unknown'; readonly step: AmbientStep; readonly missing: readonly MissingEvidence[] };

function stepOf(
  note: string,
  cause: Cause = 'default',
  outcome: AmbientStep['outcome'] = 'passed',
): AmbientStep {
  return { stage: 'waypoint', outcome, note, at: fieldOf(cause) };
}

const direct = (note: string, cause?: Cause): Way => ({ path: 'direct', step: stepOf(note, cause) });

const open = (missing: readonly MissingEvidence[]): Way => ({
  path: 'unknown',
  step: stepOf('whether a waypoint is in the way is not known', 'default', 'unknown'),
  missing,
});

const reasons = {
  WaypointIsNotReady: 'it does not exist or has no address',
  AttachmentDenied: 'its listener does not admit the namespace',
  UnsupportedTrafficType: 'it is not for this traffic',
} as const;

function noteOf({ wanted, refused }: WaypointBinding): string {
  if (wanted === undefined) return 'no waypoint is asked for';
  if (refused === undefined) return `waypoint ${wanted} is not for traffic to addresses of pods`;
  return `waypoint ${wanted} is asked for and not used: ${reasons[refused]}`;
}

function isService(dialled: Dialled): boolean {
  return 'served' in dialled;
}

/** Gateways send to a waypoint only when told to, and know none of addresses of pods (findServiceWaypoint in endpoint_builder.go). */
function gatewayGoesPast(
  { mesh }: EffectivePolicies,
  dialled: Dialled,
  { usedByGateways }: WaypointBinding,
): boolean | undefined {
  if (!isService(dialled) || !istiodFlag(mesh, 'ENABLE_INGRESS_WAYPOINT_ROUTING', true)) return true;
  return usedByGateways === undefined ? undefined : !usedByGateways;
}

function byBinding(
  policies: EffectivePolicies,
  { dialled, request, client }: WayQuestion & { readonly client: MeshClient },
  binding: Decision<WaypointBinding>,
): Way {
  if (!binding.known) return open(binding.missing);
  const { waypoint } = binding.value;
  if (waypoint === undefined) return direct(noteOf(binding.value), binding.decidedBy);
  if (request.through === 'gateway') {
    const past = gatewayGoesPast(policies, dialled, binding.value);
    if (past === undefined)
      return open([{ key: 'namespace-labels', text: 'whether istio.io/ingress-use-waypoint is set' }]);
    if (past) return direct(`gateways are not told to use waypoint ${waypoint.key}`, binding.decidedBy);
  }
  const step = stepOf(`waypoint ${waypoint.key} takes the connection`, binding.decidedBy);
  return { path: 'via-waypoint', waypoint, client, step };
}

/** What is dialled, and by whom. */
export interface WayQuestion {
  readonly dialled: Dialled;
  readonly request: AmbientRequest;
}

/**
 * Whether a connection passes a waypoint: those through a ztunnel to a Service pass that of the Service, those to the
 * address of a pod that of the pod (build_request in ztunnel's src/proxy/outbound.rs); gateways pass that of a Service when
 * told to; sidecars, and clients without any proxy of the mesh, pass none.
 */
export function chooseWay(policies: EffectivePolicies, question: WayQuestion): Way {
  const { dialled, request } = question;
  const { from, through } = request;
  if (from.kind !== 'mesh') return direct('clients outside the mesh pass no waypoint');
  if (through === 'sidecar') return direct('sidecars pass no waypoint');
  const user = 'workload' in dialled ? dialled.workload : (dialled.service ?? dialled.resource);
  return byBinding(policies, { ...question, client: from }, policies.waypointOf(user));
}
