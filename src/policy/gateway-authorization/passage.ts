import type { Entered, GatewayPod } from '#policy/gateway/connect.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import type { Receiver } from '#policy/request/receiver.js';
import { requestFacts } from '#policy/request/request-facts.js';
import type { PreparedHttp } from '#policy/request/request-facts.js';
import type { Passage } from '#policy/request/through-filters.js';
import { parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';
import type { Facts } from '#policy/rule/facts.js';
import type { GatewayOptions, GatewayProbe } from './gateway-probe.js';
import { clientNames, shownCertificate } from './peer.js';

/** One connection on its way through the filters of a gateway. */
export interface GatewayPassage extends Passage {
  readonly pod: GatewayPod;
  readonly receiver: Receiver;
  readonly entered: Entered;
  readonly probe: GatewayProbe;
  readonly options: GatewayOptions;
}

/** The connection in the words of the request engine. */
export function requestOf({ workload }: GatewayPod, probe: GatewayProbe): AccessRequest {
  const { namespace } = workload;
  return {
    id: undefined,
    from: { kind: probe.tls === undefined ? 'plaintext' : 'foreign-tls' },
    ip: probe.ip,
    to: { namespace, workload: workload.id.slice(namespace.length + 1), port: probe.port },
    sni: probe.tls?.sni,
    http: probe.http,
    tokens: probe.tokens,
  };
}

/** What rules are asked about: the pod's port, every name of the client, its own address and the one that is believed. */
export function factsOf(
  { entered, probe, request, receiver, options }: GatewayPassage,
  http: PreparedHttp | undefined,
  remoteIp: Address | undefined,
): Facts {
  const [identity, ...otherNames] = clientNames(shownCertificate(entered.chain, probe));
  const chain = http === undefined ? 'tcp' : 'http';
  const sni = (probe.tls?.sni ?? '').toLowerCase();
  const admitted = { admitted: true, chain, identity, sni, reason: '' } as const;
  const facts = requestFacts(request, { admitted, http, receiver: receiver.facts });
  const given = options.podIp === undefined ? undefined : parseAddress(options.podIp);
  return { ...facts, otherNames, remoteIp, destinationIp: facts.destinationIp ?? given };
}
