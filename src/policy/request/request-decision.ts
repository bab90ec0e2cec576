import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ExternalAuthorizer } from '#policy/external-authorizer.js';
import type { AccessRequest } from './access-request.js';

/** Where a request is turned away; an external authorizer's no counts as authorization. */
export type DenyingStage = 'transport' | 'jwt' | 'authorization';

/** One step of the way through the receiving proxy. */
export interface ChainStep {
  readonly stage: 'transport' | 'custom' | 'jwt' | 'deny' | 'allow' | 'default';
  readonly outcome: 'passed' | 'denied' | 'unknown';
  readonly note: string;
  /** What decided the step; undefined for Istio's own defaults. */
  readonly at: FieldRef | undefined;
}

/** What becomes of a request, and why. */
export interface RequestDecision {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** Who denied. */
  readonly stage: DenyingStage | undefined;
  /** The rule that denied. */
  readonly by: { readonly policy: string; readonly rule: number; readonly at: FieldRef } | undefined;
  readonly chain: readonly ChainStep[];
  /** For an unknown verdict: what the input would have to hold. */
  readonly missing: readonly MissingEvidence[];
}

/** What an external authorizer is shown. */
export interface AuthorizerQuestion {
  readonly authorizer: ExternalAuthorizer;
  readonly request: AccessRequest;
  /** URI name of the client's certificate. */
  readonly identity: string | undefined;
  /** Header lines by name in lower case; undefined for a connection that is not read as HTTP. */
  readonly headers: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Circumstances that manifests do not hold. */
export interface DecideOptions {
  /** What external authorizers answer: true lets the request in; undefined when it is not known. */
  readonly authorizer?: (question: AuthorizerQuestion) => boolean | undefined;
  /** Seconds since the epoch, to hold `exp` and `nbf` claims against. */
  readonly now?: number;
}
