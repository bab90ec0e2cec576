import type { FieldRef } from '#documents/document.js';
import type { Step, MissingEvidence } from '#policy/decision.js';
import type { Cluster } from './cluster.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';
import type { HttpRoute, VirtualHost } from './http-route.js';

/** What becomes of a connection at a gateway. */
export type ConnectionOutcome =
  /** An HTTP request reaches a destination. */
  | 'routed'
  /** The TLS stream reaches a destination unopened. */
  | 'passthrough'
  /** Bytes reach a destination without HTTP in between. */
  | 'tcp'
  | 'redirect'
  /** 404: no route. */
  | 'not-found'
  /** Another answer of the gateway itself. */
  | 'response'
  | 'tls-refused'
  /** Plaintext at a TLS port, or a connection that ends without an answer. */
  | 'closed'
  /** Bytes that are not HTTP at an HTTP port. */
  | 'http-only'
  | 'no-listener'
  /** The proxy refuses the generated listener: a fresh pod does not listen. */
  | 'listener-rejected';

/** A destination as Istio names it. */
export interface Reached {
  readonly host: string;
  /** The service's port. */
  readonly port: number;
  readonly subset: string;
}

/** What the gateway chose on the way. */
export interface ConnectionPath {
  readonly listener: GatewayListener | undefined;
  readonly chain: FilterChain | undefined;
  readonly virtualHost: VirtualHost | undefined;
  readonly route: HttpRoute | undefined;
}

export interface ConnectionDecision {
  /** `unknown` when something is missing. */
  readonly outcome: ConnectionOutcome | 'unknown';
  /** Where it ends, undefined when nothing is reached; of several weighted ones the first. */
  readonly destination: Reached | undefined;
  /** All destinations that share the traffic by weight. */
  readonly clusters: readonly Cluster[];
  /** HTTP status of an answer of the gateway itself. */
  readonly status: number | undefined;
  readonly decidedBy: FieldRef | undefined;
  readonly considered: readonly Step[];
  readonly path: ConnectionPath;
  readonly missing: readonly MissingEvidence[];
}
