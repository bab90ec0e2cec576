import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest, Client } from '#policy/request/access-request.js';
import { identityOf } from '#policy/request/admission.js';
import type { ChainStep, DecideOptions, RequestDecision } from '#policy/request/request-decision.js';
import { decideGateway } from './decide-gateway.js';
import type { GatewayDecision, GatewayStep } from './gateway-decision.js';
import type { GatewayProbe, NamedCertificate } from './gateway-probe.js';

function certificateOf(from: Client, trustDomain: string): NamedCertificate | undefined {
  switch (from.kind) {
    case 'mesh':
      return { trusted: true, names: [identityOf(from, from.trustDomain ?? trustDomain)] };
    case 'foreign-tls':
      return from.certificate && { trusted: true, names: from.certificate };
    case 'plaintext':
      return undefined;
  }
}

/** The request as a connection to a gateway: a client with a certificate shows it where it is asked for one. */
export function gatewayProbe(request: AccessRequest, trustDomain: string): GatewayProbe {
  const { from, to, ip, proxyProtocol, sni, http, tokens } = request;
  const certificate = certificateOf(from, trustDomain);
  return {
    gateway: `${to.namespace}/${to.workload}`,
    port: to.port,
    ip,
    proxyProtocol,
    tls: from.kind === 'plaintext' ? undefined : { sni, alpn: [], certificate },
    http,
    tokens,
  };
}

function stepOf({ stage, ...step }: GatewayStep): ChainStep {
  return { stage: stage === 'connection' || stage === 'route' ? 'transport' : stage, ...step };
}

/** What gets to a destination. */
export const served: ReadonlySet<GatewayDecision['outcome']> = new Set(['routed', 'passthrough', 'tcp']);

/** What becomes of a request at a gateway in the words of any workload: what gets to no destination is turned away. */
export function decideGatewayAccess(
  policies: EffectivePolicies,
  request: AccessRequest,
  options: DecideOptions,
): RequestDecision {
  const probe = gatewayProbe(request, policies.mesh.settings.trustDomain);
  const { outcome, stage, by, chain, missing } = decideGateway(policies, probe, options);
  const steps = chain.map(stepOf);
  if (outcome === 'unknown') return { verdict: 'unknown', stage: undefined, by, chain: steps, missing };
  if (served.has(outcome)) return { verdict: 'allowed', stage: undefined, by, chain: steps, missing };
  return { verdict: 'denied', stage: stage ?? 'transport', by, chain: steps, missing };
}
