import type { FieldRef } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { firstMatch } from '#policy/authorization-program.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { InboundProtocol } from '#policy/policies.js';
import type { AccessRequest, Client } from '#policy/request/access-request.js';
import { admissionInTunnel, identityOf } from '#policy/request/admission.js';
import { podAddress } from '#policy/request/receiver.js';
import type { RequestDecision } from '#policy/request/request-decision.js';
import { throughFilters } from '#policy/request/through-filters.js';
import type { FilterSet } from '#policy/request/through-filters.js';
import { deny, doubt, pass, undecided } from '#policy/request/trace.js';
import type { Trace } from '#policy/request/trace.js';
import { parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';
import type { Facts } from '#policy/rule/facts.js';
import { outcomeOf } from './ambient-outcome.js';
import type { AmbientOutcome } from './ambient-outcome.js';
import { portField } from './called-service.js';
import type { CalledService } from './called-service.js';
import type { PodPort } from './pods-behind.js';
import { chainFilters, isLayered, seenByWaypoint } from './waypoint-chain.js';
import type { ChainOf } from './waypoint-chain.js';
import { waypointAddress } from './waypoint-request.js';
import type { AmbientRequest, AmbientRequestOptions } from './waypoint-request.js';
import { inspectsTls, portProtocol, servedPort } from './waypoint-users.js';
import type { Waypoint } from './waypoint.js';

/** What a connection that comes through a waypoint is for. */
export type Dialled = CalledService | PodPort;

/** A connection at the door of a waypoint. */
export interface WaypointCall {
  readonly mesh: Mesh;
  readonly waypoint: Waypoint;
  readonly dialled: Dialled;
  readonly client: Extract<Client, { readonly kind: 'mesh' }>;
  readonly request: AmbientRequest;
  readonly options: AmbientRequestOptions;
}

const tunnelPort = 15_008;

/** The chain that takes what comes out of the tunnel. */
interface ChosenChain {
  readonly of: ChainOf;
  readonly protocol: InboundProtocol;
  readonly address: Address | undefined;
  readonly at: FieldRef | undefined;
}

/** Traffic to pods is always looked at, whatever Services say of the port; a Service has chains for its own ports only. */
function chooseChain({ mesh, dialled, request }: WaypointCall): ChosenChain | undefined {
  if ('workload' in dialled)
    return { of: 'pods', protocol: 'AUTO', address: podAddress(dialled.workload), at: undefined };
  const port = servedPort(mesh, dialled, request.to.port);
  if (port === undefined) return undefined;
  const at = portField(dialled, port);
  return { of: dialled.served, protocol: portProtocol(port), address: dialled.address, at };
}

/** The request as the filters of the chain see it: the port that was dialled, no server name but that of TLS inside. */
function insideTunnel({ mesh, waypoint, dialled, request }: WaypointCall): AccessRequest {
  const { port } = request.to;
  const { namespace, name } = 'workload' in dialled ? dialled.workload : dialled.served;
  const seesTls = request.http === undefined && inspectsTls(mesh, waypoint.key, port);
  return { ...request, sni: seesTls ? request.sni : undefined, to: { namespace, workload: name, port } };
}

/** A connection at the end of the tunnel: the waypoint's own port and address, nothing of what is inside. */
function tunnelFacts({ waypoint, request, options }: WaypointCall, identity: string): Facts {
  const address = (text: string | undefined): Address | undefined =>
    text === undefined ? undefined : parseAddress(text);
  const client = address(request.ip);
  return {
    identity,
    sni: '',
    port: tunnelPort,
    directIp: client,
    remoteIp: client,
    destinationIp: address(waypointAddress(waypoint, options)),
    http: undefined,
    hasMetadata: false,
  };
}

const addressEvidence: MissingEvidence = {
  key: 'request',
  text: 'an address of the connection that a rule asks for',
};

/**
 * Policies that istiod also enforces at the end of the tunnel when it is told to: those without refs, by the labels of
 * the waypoint's own pods, and those of refs to the Gateway, both as on TCP (BuildTCPRulesAsHTTPFilter in
 * pilot/pkg/security/authz/builder/builder.go).
 */
function inFront(trace: Trace, filters: FilterSet, facts: Facts): RequestDecision | undefined {
  const { tcp: program, missing } = filters;
  trace.missing.push(...missing);
  const denied = firstMatch(program.deny, facts);
  if (denied.rule !== undefined) {
    const { policy, index, at } = denied.rule;
    const note = `DENY ${policy} rule ${index}, in front of the waypoint`;
    if (denied.truth === true)
      return deny(trace, { stage: 'authorization', step: 'deny', note, at, rule: denied.rule });
    doubt(trace, { stage: 'deny', note: `${note}, may match`, at }, [addressEvidence]);
  }
  if (!program.hasAllow) return undefined;
  const allowed = firstMatch(program.allow, facts);
  const at = allowed.rule?.at ?? (program.allowPolicy && { resource: program.allowPolicy, path: ['spec'] });
  if (allowed.truth === true) pass(trace, 'allow', 'allowed in front of the waypoint', at);
  if (allowed.truth === undefined)
    doubt(trace, { stage: 'allow', note: 'a rule in front of the waypoint may match', at }, [
      addressEvidence,
    ]);
  if (allowed.truth !== false) return undefined;
  const note = 'no ALLOW rule matches in front of the waypoint: denied';
  const isCertain = missing.length === 0 && filters.mesh.scope === 'complete';
  if (isCertain) return deny(trace, { stage: 'authorization', step: 'default', note, at });
  return undecided(trace, [
    { key: 'authorization-policies', text: 'AuthorizationPolicies outside the input' },
  ]);
}

function noChain(trace: Trace, { dialled, request }: WaypointCall): AmbientOutcome {
  const { host = '' } = 'host' in dialled ? dialled : {};
  const at = 'host' in dialled ? { resource: dialled.resource, path: ['spec', 'ports'] } : undefined;
  const note = `the waypoint has no filter chain for port ${request.to.port} of ${host}`;
  const chain = [...trace.chain, { stage: 'waypoint', outcome: 'denied', note, at } as const];
  return { verdict: 'denied', stage: 'no-chain', by: undefined, chain, missing: [] };
}

/** The end of the tunnel: the certificate, then policies in front. */
function endTunnel(trace: Trace, call: WaypointCall, identity: string): RequestDecision | undefined {
  const { mesh, waypoint, client } = call;
  const { mesh: view, trusted } = seenByWaypoint(mesh, waypoint);
  const domain = client.trustDomain ?? view.settings.trustDomain;
  if (trusted !== undefined && !trusted.has(domain)) {
    const note = `the waypoint accepts no certificates of trust domain ${domain}`;
    return deny(trace, { stage: 'transport', step: 'transport', note, at: undefined });
  }
  if (!isLayered(view)) return undefined;
  const filters = chainFilters(mesh, waypoint, { of: 'tunnel', address: undefined });
  return inFront(trace, filters, tunnelFacts(call, identity));
}

/**
 * What a waypoint makes of a connection: the end of the tunnel, the filter chain for what was dialled, its filters
 * (buildWaypointInboundConnectTerminate and buildWaypointInternal in pilot/pkg/networking/core/listener_waypoint.go).
 */
export function throughWaypoint(call: WaypointCall): AmbientOutcome {
  const { mesh, waypoint, client, options } = call;
  const trace: Trace = { chain: [], missing: [], unguarded: [] };
  const { trustDomain } = seenByWaypoint(mesh, waypoint).mesh.settings;
  const identity = identityOf(client, client.trustDomain ?? trustDomain);
  const ended = endTunnel(trace, call, identity);
  if (ended !== undefined) return outcomeOf(ended);
  const chosen = chooseChain(call);
  if (chosen === undefined) return noChain(trace, call);
  const request = insideTunnel(call);
  const sni = (request.sni ?? '').toLowerCase();
  const entry = admissionInTunnel(request, { protocol: chosen.protocol, identity, sni });
  const { at } = chosen;
  if (!entry.admitted || entry.chain === 'none') {
    const note = entry.reason;
    return outcomeOf(deny(trace, { stage: 'transport', step: 'transport', note, at }));
  }
  pass(trace, 'transport', entry.reason, at);
  const receiver = chainFilters(mesh, waypoint, chosen);
  return outcomeOf(throughFilters({ trace, receiver, request, options }, entry));
}
