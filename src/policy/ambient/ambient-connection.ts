import type { Client } from '#policy/request/access-request.js';
import { identityOf } from '#policy/request/admission.js';
import { parseAddress } from '#policy/rule/address.js';
import type { Facts } from '#policy/rule/facts.js';

/** A connection to a pod as the ztunnel of its node sees it; an AccessRequest is one. */
export interface AmbientConnection {
  /** Through the tunnel with an identity, be it a waypoint's; all else reaches the pod without one. */
  readonly from: Client;
  /** Source address; undefined: not known. */
  readonly ip: string | undefined;
  readonly to: {
    readonly namespace: string;
    /** `Kind/name`. */
    readonly workload: string;
    /** The pod's, not a Service's. */
    readonly port: number;
    /** The pod's address; undefined: that of the pods of the input, if they show one. */
    readonly ip?: string | undefined;
  };
}

/** The identity '' stands for none, as in ztunnel (Authorization::matches in src/rbac.rs). */
export function factsOf(
  { from, ip, to }: AmbientConnection,
  trustDomain: string,
  destinationIp: Facts['destinationIp'],
): Facts {
  const directIp = ip === undefined ? undefined : parseAddress(ip);
  return {
    identity: from.kind === 'mesh' ? identityOf(from, from.trustDomain ?? trustDomain) : '',
    sni: '',
    port: to.port,
    directIp,
    remoteIp: directIp,
    destinationIp: to.ip === undefined ? destinationIp : parseAddress(to.ip),
    http: undefined,
    hasMetadata: false,
  };
}
