import type { FieldRef, Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';

/** What a patch is about. */
export type ApplyTo =
  | 'LISTENER'
  | 'FILTER_CHAIN'
  | 'NETWORK_FILTER'
  | 'HTTP_FILTER'
  | 'ROUTE_CONFIGURATION'
  | 'VIRTUAL_HOST'
  | 'HTTP_ROUTE'
  | 'CLUSTER'
  | 'EXTENSION_CONFIG'
  | 'BOOTSTRAP'
  | 'LISTENER_FILTER';

export type Operation =
  | 'INVALID'
  | 'MERGE'
  | 'ADD'
  | 'REMOVE'
  | 'INSERT_BEFORE'
  | 'INSERT_AFTER'
  | 'INSERT_FIRST'
  | 'REPLACE'
  | 'MERGE_AND_REPLACE_LIST';

/** The contexts in which istiod patches; an object's `WAYPOINT` meets none of them. */
export type PatchContext = 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND' | 'GATEWAY';

/** Match of listeners, chains and filters; empty text and 0 ask for nothing. */
export interface ListenerMatch {
  readonly name: string;
  readonly portNumber: number;
  readonly listenerFilter: string;
  /** Undefined where the match names no chain. */
  readonly filterChain: FilterChainMatch | undefined;
}

export interface FilterChainMatch {
  readonly name: string;
  readonly sni: string;
  readonly transportProtocol: string;
  readonly applicationProtocols: string;
  readonly destinationPort: number;
  /** Name of the network filter; undefined where the match names none. */
  readonly filter: string | undefined;
  /** Name of the HTTP filter; undefined where the match names none. */
  readonly subFilter: string | undefined;
}

export interface RouteMatch {
  readonly name: string;
  readonly portNumber: number;
  readonly portName: string;
  readonly gateway: string;
  readonly vhost:
    | {
        readonly name: string;
        readonly domainName: string;
        readonly route: { readonly name: string; readonly action: string } | undefined;
      }
    | undefined;
}

export interface ClusterMatch {
  readonly name: string;
  readonly service: string;
  readonly subset: string;
  readonly portNumber: number;
}

/** Which proxies a patch is for. */
export interface ProxyMatch {
  readonly proxyVersion: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One entry of `configPatches` as istiod reads it. */
export interface Patch {
  readonly envoyFilter: Resource;
  readonly at: FieldRef;
  readonly applyTo: ApplyTo;
  readonly operation: Operation;
  /** `ANY` where the patch has no match or no context. */
  readonly context: string;
  readonly listener: ListenerMatch | undefined;
  readonly route: RouteMatch | undefined;
  readonly cluster: ClusterMatch | undefined;
  readonly proxy: ProxyMatch | undefined;
  /** The value as istiod holds it; undefined: there is none, which panics where one is needed. */
  readonly value: JsonObject | undefined;
}

/** An entry of `configPatches` that istiod leaves out. */
export interface SkippedPatch {
  readonly envoyFilter: Resource;
  readonly at: FieldRef;
  readonly reason: string;
}

/** Thrown where istiod's Go code panics; what was patched before stays patched. */
export class PatchPanic extends Error {
  readonly patch: Patch;

  constructor(patch: Patch, message: string) {
    super(message);
    this.patch = patch;
  }
}

/** The value of a patch that needs one. */
export function valueOf(patch: Patch): JsonObject {
  if (patch.value === undefined) throw new PatchPanic(patch, `${patch.operation} without a value`);
  return patch.value;
}

/** Both operations merge; they differ in lists (isMergeOperation in pilot/pkg/networking/core/envoyfilter/util.go). */
export function merges({ operation }: Patch): boolean {
  return operation === 'MERGE' || operation === 'MERGE_AND_REPLACE_LIST';
}

/** patchContextMatch in pilot/pkg/networking/core/envoyfilter/listener_patch.go. */
export function inContext({ context }: Patch, here: PatchContext): boolean {
  return context === here || context === 'ANY';
}
