import type { ClientCertificate, ClientTls, ConnectionProbe } from '#policy/gateway/connection-probe.js';
import type { Token } from '#policy/request/access-request.js';
import type { DecideOptions } from '#policy/request/request-decision.js';

/** A client certificate with everything in it that policies can name. */
export interface NamedCertificate extends ClientCertificate {
  /** Its subject, as `CN=client.example.com`; undefined when it is empty. */
  readonly subject?: string | undefined;
}

/** One connection to a gateway pod with the one request that is sent over it, as policies see it. */
export interface GatewayProbe extends ConnectionProbe {
  /** The gateway's workload, `namespace/Kind/name`. */
  readonly gateway: string;
  readonly tls: (ClientTls & { readonly certificate: NamedCertificate | undefined }) | undefined;
  /** Address of the direct peer; undefined: not known. */
  readonly ip: string | undefined;
  /** Source address in the PROXY protocol header that the peer sends first; undefined: it sends none. */
  readonly proxyProtocol: string | undefined;
  readonly tokens: readonly Token[];
}

/** Circumstances that manifests do not hold. */
export interface GatewayOptions extends DecideOptions {
  /** Address of the gateway's pod where the manifests have none; undefined: not known. */
  readonly podIp?: string | undefined;
}
