import type { FieldRef, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import type { FilterSettings } from './filter-settings.js';

/** How a filter whose configuration comes by discovery gets it. */
export interface DiscoveredConfiguration {
  /** True when the control plane delivers a configuration of the filter's name to this proxy. */
  readonly resolved: boolean;
  /** False when what is delivered has a type that the filter does not take. */
  readonly typeAllowed: boolean;
  /**
   * True when the proxy waits for it before it opens the listener (`initial_fetch_timeout: 0s`); else requests get 500
   * once the time is over. Asked only where nothing is resolved.
   */
  readonly waitsForEver: boolean;
  /** Where the configuration stands: an EnvoyFilter's patch or a plugin. */
  readonly at: FieldRef | undefined;
}

/** One filter of a chain, as the proxy runs it. */
export interface ProxyFilter {
  readonly name: string;
  /** True for exactly what istiod sends without any extension object; then nothing more than name and type is told. */
  readonly stock: boolean;
  /** Full name of the configuration's message, that inside a TypedStruct; undefined: the filter has no configuration. */
  readonly type: string | undefined;
  readonly typedStruct: boolean;
  /** Off unless a route turns it on (`disabled: true`). */
  readonly disabled: boolean;
  /** The proxy may leave it out when it does not know it (`is_optional: true`). */
  readonly optional: boolean;
  /** Undefined: the configuration stands in the filter itself. */
  readonly discovery: DiscoveredConfiguration | undefined;
  readonly settings: FilterSettings;
  /** Cluster that the filter calls; undefined: it calls none. */
  readonly cluster: string | undefined;
  /** Whether the proxy has that cluster; undefined where the filter calls none. */
  readonly clusterExists: boolean | undefined;
  /** What put it there: an EnvoyFilter's patch, a plugin, a CUSTOM policy; undefined for what istiod sends anyway. */
  readonly addedBy: FieldRef | undefined;
  /** Patches that changed it since, in order. */
  readonly changedBy: readonly FieldRef[];
}

/** What a chain takes: server-side TLS of the connection. */
export type ChainTls = 'none' | 'istio-mutual' | 'simple' | 'mutual' | 'other';

/** What a connection must look like to come to a chain. */
export interface ChainMatch {
  readonly destinationPort: number | undefined;
  /** `tls`, `raw_buffer`, or empty: any. */
  readonly transportProtocol: string;
  readonly applicationProtocols: readonly string[];
  readonly serverNames: readonly string[];
}

/** A setting of a route that concerns one filter (`typed_per_filter_config`). */
export interface RouteOverride {
  readonly level: 'routeConfiguration' | 'virtualHost' | 'route';
  readonly virtualHost: string | undefined;
  readonly domains: readonly string[];
  readonly route: string | undefined;
  /** The route's match as Envoy has it; undefined above the route. */
  readonly match: JsonValue | undefined;
  /** Key of the entry: the filter's own name. */
  readonly filter: string;
  /** `disables`: the filter does not run there; `no-body`: without the body; `enables`: runs though disabled; `overrides`: otherwise. */
  readonly effect: 'disables' | 'no-body' | 'enables' | 'overrides';
  /** A filter of that name is in the chain. */
  readonly filterPresent: boolean;
  /** The entry is of a kind that this filter reads. An entry works only if both are true. */
  readonly typeFits: boolean;
  readonly by: FieldRef | undefined;
}

/** Why Envoy refuses a listener as a whole: a new pod then has no such listener, a running one keeps what it had. */
export interface ListenerRefusal {
  /** Stable key of the kind of mistake, e.g. `no-type`, `unknown-type`, `router-not-last`. */
  readonly reason: RefusalReason;
  /** For people. */
  readonly text: string;
  /** What makes it so. */
  readonly at: FieldRef | undefined;
  /** False where it depends on the proxy's image (Lua modules, filters of other builds). */
  readonly certain: boolean;
}

export type RefusalReason =
  | 'no-type'
  | 'unknown-type'
  | 'no-name'
  | 'router-not-last'
  | 'no-router'
  | 'terminal-filter-not-last'
  | 'v2-api'
  | 'lua-syntax'
  | 'lua-module'
  | 'invalid-value'
  | 'unknown-field'
  | 'no-service'
  | 'same-match'
  | 'removed-transport';

/** One filter chain of a listener. */
export interface ProxyFilterChain {
  /** `inbound`: a sidecar's; `added`: of a listener that an EnvoyFilter added. */
  readonly listener: 'inbound' | 'outbound' | 'gateway' | 'added';
  /** Envoy's name of it: `virtualInbound`, `0.0.0.0_8080` … */
  readonly listenerName: string;
  readonly listenPort: number | undefined;
  readonly name: string;
  readonly match: ChainMatch;
  readonly tls: ChainTls;
  /** Inbound: the pod's port; undefined for ports that no Service names. Gateway: the port of the server (the smallest). */
  readonly port: number | undefined;
  /** True for the chains of inbound connections to ports that no Service names. */
  readonly passthrough: boolean;
  /** Ports of the gateway's servers behind the chain. */
  readonly serverPorts: readonly number[];
  /** Servers of the gateway behind the chain. */
  readonly servers: readonly FieldRef[];
  /** `tcp`: no HTTP filter ever runs. */
  readonly protocol: 'http' | 'tcp';
  /** In order of execution, the router last; empty for `tcp`. */
  readonly httpFilters: readonly ProxyFilter[];
  readonly networkFilters: readonly ProxyFilter[];
  /** Name of the route configuration. */
  readonly routeConfig: string | undefined;
  /** Names of its virtual hosts. */
  readonly virtualHosts: readonly string[];
  readonly overrides: readonly RouteOverride[];
  /** The same for all chains of a listener. */
  readonly refused: ListenerRefusal | undefined;
}

/** A cluster that extension objects brought, changed or refer to. */
export interface ProxyCluster {
  readonly name: string;
  /** `missing`: a filter refers to it and it is not there. */
  readonly origin: 'added' | 'changed' | 'istio' | 'missing';
  /** Type of an added or changed one (`STRICT_DNS`, `STATIC` …). */
  readonly type: string | undefined;
  /** `address:port`, or the path of a socket. */
  readonly endpoints: readonly string[];
  readonly http2: boolean;
  readonly tls: boolean;
  /** True when a filter of the chains refers to it. */
  readonly referenced: boolean;
  readonly at: FieldRef | undefined;
  /** Why Envoy refuses the cluster. */
  readonly refused: string | undefined;
}

/** What became of one patch of an EnvoyFilter at one proxy. */
export interface PatchOutcome {
  readonly envoyFilter: Resource;
  /** `spec.configPatches[index]`. */
  readonly at: FieldRef;
  /**
   * `applied`: it changed something when it ran (a later patch may undo it); `no-match`: nothing met its match;
   * `other-version`: its proxy match leaves this proxy out; `unreadable`: istiod cannot read its value and skips it;
   * `lost`: it was to apply, but istiod's patching of that direction panicked.
   */
  readonly outcome: 'applied' | 'no-match' | 'other-version' | 'unreadable' | 'lost';
  /** For people, where there is more to say. */
  readonly note: string | undefined;
  /** Filters of other objects that it removed or replaced, each with what had put it there. */
  readonly took: readonly { readonly name: string; readonly addedBy: FieldRef }[];
}

/** istiod's patching panicked and was given up: patches of that kind that had not been applied yet are lost. */
export interface PatchPanic {
  readonly in: 'listener' | 'route' | 'cluster';
  /** The patch that made it panic. */
  readonly at: FieldRef;
  readonly note: string;
}

/** Filters, clusters and patches of one proxy. */
export interface ProxyFilterChains {
  readonly kind: 'sidecar' | 'gateway';
  /** Inbound and gateway chains, and those of added listeners; outbound chains are in `outbound`. */
  readonly chains: readonly ProxyFilterChain[];
  /** Chains of a sidecar's outbound listeners that carry something istiod does not send by itself. */
  readonly outbound: readonly ProxyFilterChain[];
  readonly clusters: readonly ProxyCluster[];
  /** Of every patch of every EnvoyFilter that selects the proxy, in the order istiod applies them. */
  readonly patches: readonly PatchOutcome[];
  readonly panics: readonly PatchPanic[];
}

/** Whether an extension object changes anything anywhere. */
export interface ExtensionEffect {
  /** Proxies of the input whose configuration is different without it, by workload id. Empty: it is inert. */
  readonly changes: readonly string[];
  /** Proxies that it selects, by workload id. */
  readonly selected: readonly string[];
}
