import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { GatewayDecision } from '#policy/gateway-authorization/gateway-decision.js';
import type { ChainStep, DenyingStage, RequestDecision } from '#policy/request/request-decision.js';
import type { AmbientOutcome } from '#policy/waypoint/ambient-outcome.js';
import type { WaypointDecision } from '#policy/waypoint/decide-waypoint.js';

/** One step of the whole way of a request, with the proxy that takes it. */
export interface AccessStep extends Omit<ChainStep, 'stage'> {
  /** `connection` and `route` are a gateway's, `waypoint` is the choice of the way. */
  readonly stage: ChainStep['stage'] | 'connection' | 'route' | 'waypoint';
  /** `client`, `gateway`, `waypoint` or `workload`, and its name behind a space. */
  readonly proxy: string;
}

/** Where a request is turned away; `route`: nothing leads on to the target. */
export type AccessStage = DenyingStage | 'route';

/** What becomes of a request on its whole way, past every proxy in it. */
export interface AccessDecision {
  readonly verdict: RequestDecision['verdict'];
  readonly stage: AccessStage | undefined;
  /** The rule that denied; ztunnel names the policy alone. */
  readonly by:
    | { readonly policy: string; readonly rule: number | undefined; readonly at: FieldRef | undefined }
    | undefined;
  readonly chain: readonly AccessStep[];
  readonly missing: readonly MissingEvidence[];
}

/** Names of proxies, as steps say them. */
export const proxyOf = {
  client: (id: string): string => `client ${id}`,
  gateway: (id: string): string => `gateway ${id}`,
  waypoint: (key: string): string => `waypoint ${key}`,
  workload: (id: string): string => `workload ${id}`,
};

function stepsAt(
  chain: AmbientOutcome['chain'] | GatewayDecision['chain'],
  proxy: string,
): readonly AccessStep[] {
  return chain.map((step) => ({ ...step, proxy }));
}

/** A decision of one proxy alone. */
export function atOneProxy(decision: RequestDecision, proxy: string): AccessDecision {
  return { ...decision, chain: stepsAt(decision.chain, proxy) };
}

/** ztunnel says no stage of its own: its last step does. */
function stageOf({ stage, chain }: AmbientOutcome): AccessStage | undefined {
  if (stage === 'no-chain') return 'route';
  if (stage !== 'l4') return stage;
  return chain.at(-1)?.stage === 'transport' ? 'transport' : 'authorization';
}

function denial(outcome: AmbientOutcome): Pick<AccessDecision, 'stage' | 'by'> {
  return { stage: stageOf(outcome), by: outcome.by };
}

/** A decision about the way past a waypoint, if there is one, to the pods. */
export function pastWaypoint(decision: WaypointDecision, workload: string): AccessDecision {
  const { behind, arrives: verdict, waypoint, path } = decision;
  const first = path === 'via-waypoint' && waypoint !== undefined ? proxyOf.waypoint(waypoint) : workload;
  const chain = [...stepsAt(decision.chain, first), ...stepsAt(behind?.chain ?? [], workload)];
  const nobody = { stage: undefined, by: undefined };
  switch (verdict) {
    case 'allowed':
      return { verdict, ...nobody, chain, missing: [] };
    case 'denied': {
      const who = decision.verdict === 'denied' || behind === undefined ? decision : behind;
      return { verdict, ...denial(who), chain, missing: [] };
    }
    case 'unknown':
      return { verdict, ...nobody, chain, missing: [...decision.missing, ...(behind?.missing ?? [])] };
  }
}

/** The part of a gateway: what it says no to ends here, with the reason of its own. */
export function atGateway(decision: GatewayDecision, proxy: string): AccessDecision {
  const { outcome, stage, by, missing } = decision;
  const chain = stepsAt(decision.chain, proxy);
  if (outcome === 'unknown') return { verdict: 'unknown', stage: undefined, by: undefined, chain, missing };
  const isAnswer = outcome === 'redirect' || outcome === 'response' || outcome === 'not-found';
  return { verdict: 'denied', stage: stage ?? (isAnswer ? 'route' : 'transport'), by, chain, missing: [] };
}
