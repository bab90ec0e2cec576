import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { RoutedRequest } from '#policy/gateway/choose-route.js';
import type { Cluster } from '#policy/gateway/cluster.js';
import type { ConnectionOutcome, ConnectionPath, Reached } from '#policy/gateway/connection-decision.js';
import type { ChainStep, DenyingStage, RequestDecision } from '#policy/request/request-decision.js';

/** One step of the way through a gateway: its listener and handshake, its filters, its routes. */
export interface GatewayStep extends Omit<ChainStep, 'stage'> {
  readonly stage: 'connection' | ChainStep['stage'] | 'route';
}

/** What becomes of a connection at a gateway, and of the request in it, policies asked. */
export interface GatewayDecision {
  readonly outcome: ConnectionOutcome | 'denied' | 'unknown';
  /** Who denied: the token filter or authorization; an external authorizer's no counts as the latter. */
  readonly stage: DenyingStage | undefined;
  /** The rule that denied. */
  readonly by: RequestDecision['by'];
  /** Where it ends, undefined when nothing is reached; of several weighted ones the first. */
  readonly destination: Reached | undefined;
  /** All destinations that share the traffic by weight. */
  readonly clusters: readonly Cluster[];
  /** The request as the filters have left it, before its route changes it; undefined where no HTTP is sent on. */
  readonly forwarded: RoutedRequest | undefined;
  /** HTTP status of an answer of the gateway's own; an external authorizer may choose another than 403. */
  readonly status: number | undefined;
  /** Path and Host header of a routed request as the destination sees them; undefined: not known. */
  readonly upstreamPath: string | undefined;
  readonly upstreamHost: string | undefined;
  readonly decidedBy: FieldRef | undefined;
  readonly chain: readonly GatewayStep[];
  readonly path: ConnectionPath;
  /** For an unknown outcome: what the input would have to hold. */
  readonly missing: readonly MissingEvidence[];
}
