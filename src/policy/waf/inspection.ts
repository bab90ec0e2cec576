import type { FieldRef, Resource } from '#documents/document.js';
import type { Workload } from '#mesh/mesh.js';
import type { Known, Unknown } from '#policy/decision.js';
import type { GatewayServer } from '#policy/policies.js';
import type { Presence } from './presence.js';
import type { WafProduct } from './product.js';

/** How far requests are looked into by a web application firewall, the best first. */
export type InspectionVerdict = 'inspected' | 'partly' | 'detects-only' | 'fails-open' | 'not-inspected';

/**
 * Why requests, or some of them, go uninspected or unblocked; the list is closed. Names in `data` of the gap, besides
 * `product` (its name for people) and `object` (the resource that causes it, `EnvoyFilter ns/name`), stand behind each.
 */
export type InspectionGapKind =
  /** An agent waits for a proxy's calls and no filter calls it. `container`, `mode`, `port`. */
  | 'agent-without-filter'
  /** An agent runs in no mode in which it takes requests. `container`. */
  | 'agent-without-mode'
  /** A filter calls a port of the pod (or a Service) where no agent is. `address`, `onFailure` (`open`, `closed`). */
  | 'filter-without-agent'
  /** The proxy has no such cluster. `cluster`, `onFailure`. */
  | 'cluster-missing'
  /** The cluster leads to another port or address than the agent's. `cluster`, `address`, `listens`, `onFailure`. */
  | 'address-mismatch'
  /** gRPC over a cluster without HTTP/2. `cluster`, `onFailure`. */
  | 'cluster-without-http2'
  /** The agent runs in another mode than the filter asks in. `container`, `mode`, `asked`. */
  | 'agent-mode-mismatch'
  /** Requests pass when the engine does not answer. `field`. */
  | 'fails-open'
  /** Bodies are not sent. `field`. */
  | 'no-body'
  /** Only the beginning of a body is sent. `bytes`, `field`. */
  | 'body-truncated'
  /** Headers of requests are not sent. `headers` (for people). */
  | 'headers-left-out'
  /** The engine finds and does not block. `how` (for people), `field`. */
  | 'detects-only'
  /** The engine has no rules to match, or none for these hosts. `how`. */
  | 'no-rules'
  /** Written in a form that this Istio version drops or refuses. `how`. */
  | 'inert-form'
  /** The object reaches no proxy or not the direction meant: context, mode, selector, port. `how`. */
  | 'wrong-context'
  /** It stands where requests no longer come by. `how`. */
  | 'wrong-order'
  /** Envoy refuses the listener. `how`. */
  | 'refused-listener'
  /** WasmPlugin or TrafficExtension whose mode or ports never run there. `how`. */
  | 'never-runs-here'
  /** The filter runs after authorization, or before what it must follow. `how`. */
  | 'phase'
  /** The filter is switched off, or on for a share of the requests. `how`. */
  | 'disabled'
  /** Routes switch it off. `routes` (for people). */
  | 'disabled-on-route'
  /** An extension provider of a product that no CUSTOM policy uses here. `provider`. */
  | 'provider-without-policy'
  /** Rules of the CUSTOM policy leave requests out: `what` (for people: paths, methods, hosts). */
  | 'requests-left-out'
  /** Ports whose requests are never inspected: TCP, excluded from capture, no chain. `ports`. */
  | 'ports-left-out'
  /** Callers without mutual TLS (or with it) are not inspected. `callers`. */
  | 'callers-left-out'
  | 'dry-run'
  /** The Service leads past the agent in front of the application. `service`, `port`, `listens`. */
  | 'reverse-proxy-bypassed'
  /** The way past a front: another Service, Ingress or listener that leads to the same gateway. `bypass`. */
  | 'front-bypassed'
  /** The module is not pinned by digest or checksum. `url`. */
  | 'mutable-module'
  /** The engine lives in a proxy image that does not run here. `image`. */
  | 'engine-missing';

/** One hole in the inspection of a workload, a route, or an object that was to inspect. */
export interface InspectionGap {
  readonly kind: InspectionGapKind;
  /** Id of the product. */
  readonly product: string;
  /** What makes it so: the field to mend. */
  readonly at: FieldRef;
  /** Further fields that take part, e.g. the agent's container where `at` is the cluster. */
  readonly related: readonly FieldRef[];
  /** For people, one sentence. */
  readonly note: string;
  /** Words for messages, by the names that the kind documents. */
  readonly data: Readonly<Record<string, string>>;
  /** How much of the traffic it concerns: all of it, or some. Gaps that leave inspection whole (`mutable-module`) concern none. */
  readonly reach: 'all' | 'some' | 'none';
}

/** Which traffic of a workload or route is inspected, and by what. */
export interface Inspection {
  /** Of several engines that see the same requests the best counts; of several parts of the traffic the worst (`combine`). */
  readonly verdict: InspectionVerdict;
  /** Ids of the products that take part, sorted; also those that look present and do nothing. */
  readonly products: readonly string[];
  /** What puts the inspection there (filter's patch, agent's container, front). Empty: nothing does. */
  readonly by: readonly FieldRef[];
  /** Of every engine that takes part, so that a broken one beside one that inspects is told as well. */
  readonly gaps: readonly InspectionGap[];
}

/** An inspection, or why it can not be told; then `gaps` holds those that are sure all the same. */
export type InspectionDecision = Known<Inspection> | (Unknown & { readonly gaps: readonly InspectionGap[] });

/** One way in from outside: a host of a gateway's server with its routes, or of a Kubernetes Ingress. */
export interface PublicRoute {
  readonly host: string;
  /** Path for people; undefined: every path. */
  readonly path: string | undefined;
  /** Port of the gateway's pod; undefined for an Ingress. */
  readonly port: number | undefined;
  /** The server, listener or Ingress rule. */
  readonly at: FieldRef;
  readonly server: GatewayServer | undefined;
  /** The pods that serve it; undefined where the input does not show them. */
  readonly gateway: Workload | undefined;
  /** Workloads of the input that it leads to. */
  readonly workloads: readonly Workload[];
  /** False when nothing shows that clients outside of the cluster get there. */
  readonly public: boolean;
  readonly inspection: InspectionDecision;
}

/**
 * An object that belongs to a product and changes no proxy of the input: it does nothing, or the proxies that it is for
 * lie elsewhere and its gap holds wherever it is applied.
 */
export interface IdleObject {
  readonly resource: Resource;
  readonly gap: InspectionGap;
}

/** Everything about web application firewalls that can be asked of a mesh. */
export interface WafDecisions {
  readonly products: readonly WafProduct[];
  /** True when anything of any product is in the input. */
  readonly used: () => boolean;
  /** East-west: requests that reach the workload through its sidecar or waypoint, from inside the mesh. */
  readonly inspection: (workload: Workload) => InspectionDecision;
  /** North-south: each way in from outside. */
  readonly routes: () => readonly PublicRoute[];
  /** Everything by which some product shows, working or not. */
  readonly presence: () => readonly Presence[];
  /** EnvoyFilters, plugins and providers of a product that do nothing, or whose proxies lie elsewhere. */
  readonly idle: () => readonly IdleObject[];
}
