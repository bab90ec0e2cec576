import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { identityOf } from '#policy/request/admission.js';
import type { ChainStep, DecideOptions, RequestDecision } from '#policy/request/request-decision.js';
import { decideGateway } from './decide-gateway.js';
import type { GatewayDecision, GatewayStep } from './gateway-decision.js';
import type { GatewayProbe } from './gateway-probe.js';

/** The request as a connection to a gateway: a client of a mesh shows its certificate where it is asked for one. */
function probeOf({ from, to, ip, sni, http, tokens }: AccessRequest, trustDomain: string): GatewayProbe {
  const identity = from.kind === 'mesh' ? identityOf(from, from.trustDomain ?? trustDomain) : undefined;
  const certificate = identity === undefined ? undefined : { trusted: true, names: [identity] };
  return {
    gateway: `${to.namespace}/${to.workload}`,
    port: to.port,
    ip,
    proxyProtocol: undefined,
    tls: from.kind === 'plaintext' ? undefined : { sni, alpn: [], certificate },
    http,
    tokens,
  };
}

function stepOf({ stage, ...step }: GatewayStep): ChainStep {
  return { stage: stage === 'connection' || stage === 'route' ? 'transport' : stage, ...step };
}

const served: ReadonlySet<GatewayDecision['outcome']> = new Set(['routed', 'passthrough', 'tcp']);

/** What becomes of a request at a gateway in the words of any workload: what gets to no destination is turned away. */
export function decideGatewayAccess(
  policies: EffectivePolicies,
  request: AccessRequest,
  options: DecideOptions,
): RequestDecision {
  const probe = probeOf(request, policies.mesh.settings.trustDomain);
  const { outcome, stage, by, chain, missing } = decideGateway(policies, probe, options);
  const steps = chain.map(stepOf);
  if (outcome === 'unknown') return { verdict: 'unknown', stage: undefined, by, chain: steps, missing };
  if (served.has(outcome)) return { verdict: 'allowed', stage: undefined, by, chain: steps, missing };
  return { verdict: 'denied', stage: stage ?? 'transport', by, chain: steps, missing };
}
