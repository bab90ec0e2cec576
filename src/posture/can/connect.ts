import type { Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ClientTls, EndpointTls } from '#policy/client-tls/client-tls.js';
import type { DataPlane, EffectivePolicies } from '#policy/policies.js';
import type { RequestDecision } from '#policy/request/request-decision.js';
import type { ClientProxy } from '#policy/waypoint/waypoint-request.js';
import { meshClient } from './caller.js';
import type { Caller, Connection, Connections } from './caller.js';
import type { Target } from './target.js';

const plaintext = (note: string): Connection => ({ client: { kind: 'plaintext' }, note });

const foreign = (note: string): Connection => ({ client: { kind: 'foreign-tls' }, note });

const certain = (way: Connection): Connections => ({ ways: [way], missing: [] });

function identified({ namespace, serviceAccount }: Workload, note: string, sni?: string): Connection {
  return { client: meshClient(namespace, serviceAccount), note, ...(sni === undefined ? {} : { sni }) };
}

/** What the caller's proxy sends when it knows no such destination: the bytes as they are, or nothing. */
function unknownDestination(policies: EffectivePolicies, caller: Workload, why: string): Connections {
  const outbound = policies.outboundTraffic(caller);
  const passed = plaintext(`${why}: passed on unchanged`);
  if (!outbound.known) return { ways: [passed, blocked(why)], missing: outbound.missing };
  return certain(outbound.value.mode === 'REGISTRY_ONLY' ? blocked(why) : passed);
}

function blocked(why: string): Connection {
  const note = `${why}, and REGISTRY_ONLY lets nothing else out: the caller's own proxy refuses`;
  return { client: { kind: 'plaintext' }, note, isRefused: true };
}

/** The request does not leave the caller's pod. */
export function refused(note: string): RequestDecision {
  const chain = [{ stage: 'transport', outcome: 'denied', note, at: undefined }] as const;
  return { verdict: 'denied', stage: 'transport', by: undefined, chain, missing: [] };
}

/** The pods at the end of a connection. */
export type Reached = Pick<Target, 'workload' | 'port'>;

/** The TLS that reaches the target's pods. */
function tlsTo(
  { endpoints, effective }: ClientTls,
  { workload, port }: Reached,
): EndpointTls | 'mixed' | 'absent' {
  const own = endpoints.find((each) => each.workload?.id === workload.id && each.port === port);
  if (own !== undefined) return own.tls;
  return effective === 'no-endpoints' ? 'unknown' : effective;
}

function eitherWay(caller: Workload, missing: readonly MissingEvidence[], why: string): Connections {
  return { ways: [identified(caller, `mutual TLS, ${why}`), plaintext(`plaintext, ${why}`)], missing };
}

/** One answer of the client side as a connection. */
export function connectionFor(
  policies: EffectivePolicies,
  caller: Workload,
  { tls, target }: { readonly tls: ClientTls; readonly target: Reached },
): Connections {
  const kind = tlsTo(tls, target);
  const rules = tls.destinationRules.map(({ name }) => name).join(', ');
  const why = rules === '' ? '' : ` (DestinationRule ${rules})`;
  switch (kind) {
    case 'mutual-istio':
      return certain(identified(caller, `mutual TLS of the mesh${why}`, tls.sni));
    case 'hbone':
    case 'hbone+simple':
    case 'hbone+mutual':
      return certain(identified(caller, `the tunnel of the mesh (HBONE)${why}`));
    case 'none':
      return certain(plaintext(`plaintext${why}${tls.downgrade === undefined ? '' : `: ${tls.downgrade}`}`));
    case 'simple':
      return certain(foreign(`TLS without the mesh's certificate${why}`));
    case 'absent':
      return unknownDestination(policies, caller, "the caller's proxy knows no such host and port");
    case 'mutual': {
      const text = `whether the client certificate that DestinationRule ${rules} names is one of the mesh`;
      const ways = [identified(caller, 'its certificate of the mesh'), foreign('another certificate')];
      return { ways, missing: [{ key: 'client-certificate', text }] };
    }
    case 'mixed':
    case 'unknown':
      return eitherWay(caller, tls.missing, 'as the input may have it');
  }
}

function throughProxy(policies: EffectivePolicies, caller: Workload, target: Target): Connections {
  if (target.via === undefined)
    return unknownDestination(policies, caller, 'no Service leads to the port, which is dialled by address');
  const { service, port } = target.via;
  const decision = policies.clientTls(caller, { host: service.host, port: port.number });
  if (!decision.known) return eitherWay(caller, decision.missing, 'as the input may have it');
  return connectionFor(policies, caller, { tls: decision.value, target });
}

/** True where a ztunnel reaches pods by a tunnel: to those of ambient mode, and to a waypoint before any. */
function hasTunnelTo(policies: EffectivePolicies, { workload, via }: Target): boolean {
  const reached = policies.enrolment(workload);
  if (reached.known && reached.value.dataPlane === 'ambient') return true;
  const binding = via && policies.waypointOf(via.service);
  return binding?.known === true && binding.value.waypoint !== undefined;
}

const proxies: Readonly<Partial<Record<DataPlane, ClientProxy>>> = {
  sidecar: 'sidecar',
  proxyless: 'sidecar',
  ambient: 'ztunnel',
  gateway: 'gateway',
};

function sentBy({ ways, missing }: Connections, dataPlane: DataPlane): Connections {
  const through = proxies[dataPlane];
  return { ways: ways.map((way) => ({ ...way, through })), missing };
}

/**
 * How a caller connects to a target: a workload as its own data plane and DestinationRules decide, an account with its
 * certificate, anybody else without one.
 */
export function connectionsOf(policies: EffectivePolicies, caller: Caller, target: Target): Connections {
  if (caller.kind === 'outside') return certain(plaintext('outside the mesh: no identity'));
  if (caller.kind === 'account') {
    const client = meshClient(caller.namespace, caller.serviceAccount);
    return certain({ client, note: 'mutual TLS as the service account' });
  }
  const { workload } = caller;
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known) return eitherWay(workload, enrolment.missing, 'if the caller is enrolled so');
  const { dataPlane, reason } = enrolment.value;
  if (dataPlane === 'none' || dataPlane === 'ztunnel')
    return certain(plaintext(`the caller has no proxy: ${reason}`));
  if (dataPlane === 'ambient') {
    const tunnelled = hasTunnelTo(policies, target);
    if (tunnelled || target.via === undefined) {
      const way = tunnelled
        ? identified(workload, "the tunnel of the caller's ztunnel")
        : plaintext('no tunnel to the pod');
      return sentBy(certain(way), dataPlane);
    }
  }
  return sentBy(throughProxy(policies, workload, target), dataPlane);
}
