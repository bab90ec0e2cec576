import type { AccessRequest, HttpRequest, Token } from '#policy/request/access-request.js';
import type { AccessDecision } from './access-decision.js';
import type { Target } from './target.js';

/** A request as a person asks about it: names instead of certificates and pod ports. */
export interface Question {
  /** `namespace/workload`, `namespace/sa/account`, or `-` for a caller outside the mesh. */
  readonly from: string;
  /** `namespace/service:port` or `namespace/[Kind/]workload[:port]`. */
  readonly to: string;
  /**
   * The gateway that it comes in by: `namespace/name[:port]` of its workload, its Service or a Gateway that it serves, or
   * `gateway` for whichever leads to the target. All that is said of the connection is then the one to the gateway.
   */
  readonly via?: string;
  /** Undefined: bytes that are not HTTP. Without a host: that of the Service, or the one that the gateway leads there by. */
  readonly http?: Omit<HttpRequest, 'host'> & { readonly host?: string };
  readonly tokens?: readonly Token[];
  /** Source address as the first proxy sees it; default: that of the caller's pod, where the input shows it. */
  readonly ip?: string;
  /** Source address in the PROXY protocol header that a load balancer puts before the connection. */
  readonly proxyProtocol?: string;
  readonly sni?: string;
  /** True: without TLS, whatever the caller's proxy would do. */
  readonly plaintext?: boolean;
  /** Names in a client certificate that the gateway's CA has signed: the caller speaks TLS of its own with it. */
  readonly certificate?: readonly string[];
}

/** What becomes of a request at one workload. */
export interface Outcome {
  readonly request: AccessRequest;
  /** The Service that was dialled, or that the target was named by. */
  readonly via: Target['via'];
  /** The gateway's pods and port that it came in by, `namespace/Kind/name:port`. */
  readonly gateway: string | undefined;
  /** How the caller connects, where that was worked out; through a gateway: how that does. */
  readonly connection: string | undefined;
  readonly decision: AccessDecision;
}
