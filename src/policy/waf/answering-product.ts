import { agentsOf, asked, isRunning } from './agent.js';
import type { Agent, Listening } from './agent.js';
import type { Arrival } from './arrivals.js';
import type { Call } from './call.js';
import type { WafProduct } from './product.js';
import type { WafContext } from './waf-context.js';

/**
 * True when an agent listens in a mode in which the call asks: where it takes ext_proc it says so, and a reverse proxy may be
 * asked over HTTP, which answers for what it forwards.
 */
export function asksRight({ mode }: Pick<Listening, 'mode'>, call: Pick<Call, 'mode' | 'grpc'>): boolean {
  if (mode === call.mode) return true;
  return call.mode === 'ext_authz' && (mode === 'ext_proc' || (mode === 'reverse-proxy' && !call.grpc));
}

/** The agent's own ports: those it listens on and those its container declares. */
function hasPort({ listening, container }: Agent, port: number | undefined): boolean {
  if (port === undefined) return false;
  return (
    listening.some(({ address }) => address?.port === port) ||
    container.ports.some(({ number }) => number === port)
  );
}

/** The product whose engine answers a call, where the filter itself bears no mark of one: a provider's, a cluster of any name. */
export function productAnswering(context: WafContext, call: Call): WafProduct | undefined {
  const { arrivals } = call;
  if (!arrivals.known) return undefined;
  for (const arrival of arrivals.value)
    for (const agent of agentsOf(context, arrival.workload))
      if (mayAnswer(agent, arrival, call)) return agent.product;
  return undefined;
}

/** True for an agent that listens where the call arrives, or alone in its pods, and could be asked so. */
function mayAnswer(agent: Agent, { port, ownPod }: Arrival, call: Call): boolean {
  const { listening, workload } = agent;
  if (!ownPod && workload.containers.filter(isRunning).length === 1) return true;
  const takes = listening.some((one) => asked(one.mode) || asksRight(one, call));
  return (takes || listening.length === 0) && hasPort(agent, port);
}
