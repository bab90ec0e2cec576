import type { FieldRef } from '#documents/document.js';
import type { StringMatch } from './string-match.js';

/** Where a route sends requests or connections. */
export interface RouteDestination {
  /** Empty for a backend that the Gateway API does not admit. */
  readonly host: string;
  readonly port: number | undefined;
  readonly subset: string;
  readonly weight: number;
  readonly at: FieldRef;
}

/** One `match` of an HTTP rule, in the form of a VirtualService. Maps are by name as written. */
export interface HttpMatch {
  readonly at: FieldRef;
  readonly uri: StringMatch | undefined;
  readonly ignoreUriCase: boolean;
  readonly scheme: StringMatch | undefined;
  readonly method: StringMatch | undefined;
  readonly authority: StringMatch | undefined;
  readonly headers: ReadonlyMap<string, StringMatch>;
  readonly withoutHeaders: ReadonlyMap<string, StringMatch>;
  readonly queryParams: ReadonlyMap<string, StringMatch>;
  /** The server's port as the Gateway writes it; 0: any. */
  readonly port: number;
  readonly gateways: readonly string[];
  readonly sourceLabels: ReadonlyMap<string, string>;
  readonly sourceNamespace: string;
}

export interface Redirect {
  readonly status: number;
  readonly scheme: string | undefined;
  readonly authority: string | undefined;
}

export interface DirectResponse {
  readonly status: number;
  readonly hasBody: boolean;
}

export interface FaultAbort {
  readonly status: number | undefined;
  readonly percentage: number;
}

/** What a preflight request is answered by the gateway itself for. */
export interface Cors {
  readonly origins: readonly StringMatch[];
  /** False: preflights of other origins are answered too, without permission. */
  readonly forwardsUnmatched: boolean;
}

/** One rule of the `http` list of a VirtualService, or one match of a rule of the Gateway API. */
export interface HttpRule {
  readonly at: FieldRef;
  readonly name: string;
  readonly matches: readonly HttpMatch[];
  readonly redirect: Redirect | undefined;
  readonly directResponse: DirectResponse | undefined;
  readonly abort: FaultAbort | undefined;
  readonly cors: Cors | undefined;
  readonly rewrites: boolean;
  readonly destinations: readonly RouteDestination[];
}

/** Conditions of a `tcp` or `tls` rule that count at a gateway: addresses and labels of sources do not. */
export interface StreamMatch {
  readonly at: FieldRef;
  readonly port: number;
  readonly gateways: readonly string[];
  /** Server names; of `tls` rules only. */
  readonly sniHosts: readonly string[];
}

/** One rule of the `tcp` or `tls` list. */
export interface StreamRule {
  readonly at: FieldRef;
  readonly matches: readonly StreamMatch[];
  readonly destinations: readonly RouteDestination[];
}
