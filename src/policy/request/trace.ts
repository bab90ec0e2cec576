import type { FieldRef } from '#documents/document.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { CompiledRule } from '#policy/authorization-program.js';
import type { Cause, MissingEvidence } from '#policy/decision.js';
import type { ChainStep, DenyingStage, RequestDecision } from './request-decision.js';

/** The steps of one decision as they are taken, and what was missing on the way. */
export interface Trace {
  readonly chain: ChainStep[];
  readonly missing: MissingEvidence[];
  /** Why it is not sure that the proxy sees the request at all; then its no is not sure either. */
  readonly unguarded: readonly MissingEvidence[];
}

/** The field that decided; undefined for a default of Istio's. */
export function fieldOf(cause: Cause): FieldRef | undefined {
  return cause === 'default' ? undefined : cause;
}

/** Notes a step that the request passes. */
export function pass(trace: Trace, stage: ChainStep['stage'], note: string, at?: FieldRef): void {
  trace.chain.push({ stage, outcome: 'passed', note, at });
}

/** Notes a step whose outcome the input does not tell; the decision goes on as if the request passed it. */
export function doubt(
  trace: Trace,
  step: Pick<ChainStep, 'stage' | 'note' | 'at'>,
  missing: readonly MissingEvidence[],
): void {
  trace.chain.push({ ...step, outcome: 'unknown' });
  trace.missing.push(...missing);
}

/** How a denial is told. */
interface Denial {
  readonly stage: DenyingStage;
  readonly step: ChainStep['stage'];
  readonly note: string;
  readonly at: FieldRef | undefined;
  readonly rule?: Pick<CompiledRule, 'policy' | 'index' | 'at'>;
}

/** Ends the decision: whatever policies left in doubt before, the proxy does not let the request in. */
export function deny(trace: Trace, { stage, step, note, at, rule }: Denial): RequestDecision {
  trace.chain.push({ stage: step, outcome: 'denied', note, at });
  if (trace.unguarded.length > 0) return undecided(trace, []);
  const by = rule && { policy: rule.policy, rule: rule.index, at: rule.at };
  return { verdict: 'denied', stage, by, chain: trace.chain, missing: [] };
}

/** Ends the decision of a request that nothing turned away; a doubt on the way leaves it unknown. */
export function admitted(trace: Trace): RequestDecision {
  const missing = uniqueEvidence([...trace.unguarded, ...trace.missing]);
  const verdict = missing.length === 0 ? 'allowed' : 'unknown';
  return { verdict, stage: undefined, by: undefined, chain: trace.chain, missing };
}

/** Ends a decision that can not be taken. */
export function undecided(trace: Trace, missing: readonly MissingEvidence[]): RequestDecision {
  trace.missing.push(...missing);
  return { ...admitted(trace), verdict: 'unknown' };
}
