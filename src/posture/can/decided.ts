import type { Location, Problem } from '#documents/document.js';
import type { Assumption, Scope } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import type { AccessDecision, AccessStage, AccessStep } from './access-decision.js';

/** One step on the way, with its place. */
export interface DecidedStep {
  /** The proxy that takes the step: `client`, `gateway`, `waypoint` or `workload`, and its name. */
  readonly proxy: string;
  readonly stage: AccessStep['stage'];
  readonly outcome: AccessStep['outcome'];
  readonly note: string;
  /** `Kind namespace/name` of what decided the step; undefined for Istio's own defaults. */
  readonly resource: string | undefined;
  readonly location: Location | undefined;
}

/** What becomes of a request at one workload of one environment. */
export interface DecidedRequest {
  /** Which of the requests or questions that were asked, from 0. */
  readonly index: number;
  readonly id: string | undefined;
  /** Empty when the input holds one environment. */
  readonly environment: string;
  /** What was decided, defaults filled in; undefined when it could not be read. */
  readonly request: AccessRequest | undefined;
  /** The Service that was dialled, `namespace/name:port`. */
  readonly service: string | undefined;
  /** Pods and port of the gateway that it came in by, `namespace/Kind/name:port`. */
  readonly gateway: string | undefined;
  /** How the caller connects, where that was worked out. */
  readonly connection: string | undefined;
  readonly verdict: AccessDecision['verdict'];
  /** Who denied. */
  readonly stage: AccessStage | undefined;
  /** The rule that denied, its index from 0; ztunnel names no rule, and policies that istiod makes have no place. */
  readonly by:
    | {
        readonly policy: string;
        readonly rule: number | undefined;
        readonly location: Location | undefined;
      }
    | undefined;
  readonly chain: readonly DecidedStep[];
  /** For an unknown verdict: what the input would have to hold. */
  readonly missing: readonly MissingEvidence[];
  /** Why the request could not be asked at all; its verdict is then `unknown`. */
  readonly problem: string | undefined;
}

/** Decisions on requests; what their reports are made of. */
export interface DecideResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'meshaudit'; readonly version: string };
  readonly environments: readonly {
    readonly name: string;
    readonly scope: Scope;
    readonly assumptions: readonly Assumption[];
  }[];
  readonly problems: readonly Problem[];
  /** In the order asked; more than one for a request that several workloads or environments may receive. */
  readonly decisions: readonly DecidedRequest[];
}
