import type { FieldRef } from '#documents/document.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ChainStep, RequestDecision } from '#policy/request/request-decision.js';

/**
 * Who turned a request away: the waypoint's tunnel or codec (`transport`), its JWT filter, its policies or external
 * authorizer, the lack of a filter chain for the port, or what stands at the pod itself (`l4` is ztunnel).
 */
export type AmbientStage = 'transport' | 'jwt' | 'authorization' | 'no-chain' | 'l4';

/** One step of the way; `waypoint` is the choice of the path. */
export interface AmbientStep extends Omit<ChainStep, 'stage'> {
  readonly stage: ChainStep['stage'] | 'waypoint';
}

/** The policy that decided; ztunnel says no rule of it. */
export interface DecidingPolicy {
  readonly policy: string;
  readonly rule: number | undefined;
  readonly at: FieldRef | undefined;
}

/** What becomes of a connection at one place. */
export interface AmbientOutcome {
  readonly verdict: RequestDecision['verdict'];
  readonly stage: AmbientStage | undefined;
  readonly by: DecidingPolicy | undefined;
  readonly chain: readonly AmbientStep[];
  readonly missing: readonly MissingEvidence[];
}

/** The outcome of a decision about one request. */
export function outcomeOf({ verdict, stage, by, chain, missing }: RequestDecision): AmbientOutcome {
  return { verdict, stage, by, chain, missing };
}

/** Nobody asks anything. */
export function passes(step: Omit<AmbientStep, 'outcome'>): AmbientOutcome {
  return {
    verdict: 'allowed',
    stage: undefined,
    by: undefined,
    chain: [{ ...step, outcome: 'passed' }],
    missing: [],
  };
}

/** Nobody can say. */
export function isOpen(
  missing: readonly MissingEvidence[],
  chain: readonly AmbientStep[] = [],
): AmbientOutcome {
  return { verdict: 'unknown', stage: undefined, by: undefined, chain, missing };
}

/** What comes after steps that were taken before. */
export function after(steps: readonly AmbientStep[], outcome: AmbientOutcome): AmbientOutcome {
  return { ...outcome, chain: [...steps, ...outcome.chain] };
}

/** What is certain of several places, any of which may get the connection: what they agree on; undefined without any. */
export function agreed(
  outcomes: readonly AmbientOutcome[],
  whichOne: MissingEvidence,
): AmbientOutcome | undefined {
  const [first, ...others] = outcomes;
  if (first === undefined) return undefined;
  if (others.some(({ verdict }) => verdict !== first.verdict)) {
    const missing = outcomes.flatMap((outcome) => outcome.missing);
    const chain = outcomes.flatMap((outcome) => outcome.chain);
    return isOpen(uniqueEvidence([whichOne, ...missing]), chain);
  }
  const isSamePolicy = others.every(({ by }) => by?.policy === first.by?.policy);
  return isSamePolicy ? first : { ...first, by: undefined };
}
