import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import type { ClientDestination, ClientTls } from './client-tls/client-tls.js';
import type { Decision } from './decision.js';
import type { Destination } from './destination.js';
import type { ExtensionEffect, ProxyFilterChains } from './filter-chain/filter-chain.js';
import type { Exposure } from './gateway/exposure.js';
import type { GatewayDecision } from './gateway-authorization/gateway-decision.js';
import type { GatewayOptions, GatewayProbe } from './gateway-authorization/gateway-probe.js';
import type { GatewayListeners } from './gateway/gateway-listeners.js';
import type { GatewayPods } from './gateway/gateway-pods.js';
import type { RemovedFilter } from './removed-filters.js';
import type { Metrics } from './telemetry/metrics.js';
import type { Tracing } from './telemetry/tracing.js';
import type { WafDecisions } from './waf/inspection.js';
import type { WaypointUser } from './waypoint/binding-subject.js';
import type { WaypointBinding } from './waypoint/waypoint-binding.js';

/** How the pod's traffic is handled. */
export type DataPlane = 'sidecar' | 'ambient' | 'gateway' | 'waypoint' | 'ztunnel' | 'proxyless' | 'none';

export interface Enrolment {
  readonly dataPlane: DataPlane;
  /** Control plane revision that injects (`default` for the unnamed one), where one does. */
  readonly revision: string | undefined;
  /** Short reason, e.g. `namespace label istio-injection=enabled`, `hostNetwork`. */
  readonly reason: string;
}

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** How the receiving proxy treats a port's bytes. */
export type InboundProtocol = 'HTTP' | 'TCP' | 'AUTO';

/** A port of a workload (the pod's port, not the Service's). */
export interface InboundPort {
  readonly number: number;
  readonly protocol: InboundProtocol;
  /** Services whose target port it is, oldest first (the first one decides the protocol). */
  readonly services: readonly { readonly service: Service; readonly port: number }[];
  /** Where the port is declared (Service port or container port), to point a finding at. */
  readonly at: FieldRef;
}

/** Which traffic never passes the proxy. */
export interface Capture {
  /** `all`, or how interception is limited: each limit with the field that sets it. */
  readonly limits: readonly CaptureLimit[];
}

export interface CaptureLimit {
  readonly direction: 'inbound' | 'outbound';
  readonly kind:
    | 'interception-none'
    | 'included-ports-only'
    | 'excluded-ports'
    | 'included-ranges-only'
    | 'excluded-ranges'
    | 'excluded-interfaces'
    | 'proxy-identity'
    | 'ambient-bypass';
  /** Ports that are not captured, where a list names them; `'all'` when nothing is. */
  readonly ports: readonly number[] | 'all' | undefined;
  readonly at: FieldRef;
  readonly note: string;
}

export type PolicyScope = 'mesh-wide' | 'namespace-wide' | 'workload-specific' | 'target-refs';

/** A policy that applies to a workload. */
export interface AttachedPolicy {
  readonly resource: Resource;
  readonly scope: PolicyScope;
  readonly dryRun: boolean;
}

/** Authorization at a workload: what applies, and what happens to a request that no rule matches. */
export interface Authorization {
  readonly custom: readonly AttachedPolicy[];
  readonly audit: readonly AttachedPolicy[];
  readonly deny: readonly AttachedPolicy[];
  readonly allow: readonly AttachedPolicy[];
  /** Attached but only logged (`istio.io/dry-run`). */
  readonly dryRun: readonly AttachedPolicy[];
  /** `deny` when at least one enforced ALLOW policy applies (what matches none of them is denied), else `allow`. */
  readonly defaultAction: 'allow' | 'deny';
  /** True when some enforced ALLOW rule matches every request (`rules: [{}]`): the default is then void. */
  readonly allowsEverything: FieldRef | undefined;
}

export interface JwtIssuer {
  readonly issuer: string;
  readonly policy: AttachedPolicy;
  readonly rule: FieldRef;
  readonly audiences: readonly string[];
}

/** Request authentication at a workload port. */
export interface RequestAuthentication {
  readonly issuers: readonly JwtIssuer[];
  /**
   * `required`: no request without a valid token is let in on any HTTP port. `optional`: some is.
   * `partly`: only on some paths, methods, hosts or ports. `absent`: no jwtRules apply.
   */
  readonly token: 'required' | 'partly' | 'optional' | 'absent';
  /** Policies that make the token required, wholly or partly. */
  readonly requiredBy: readonly FieldRef[];
}

/** What the proxy does with destinations that the mesh does not know. */
export interface OutboundTraffic {
  readonly mode: 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';
}

/** Whether requests at a workload are written to an access log. */
export interface AccessLog {
  readonly enabled: boolean;
  readonly providers: readonly string[];
  /** CEL filter expressions that leave requests out. */
  readonly filters: readonly FieldRef[];
}

/** Which workloads a policy reaches; what a policy that selects nothing is found by. */
export interface Selection {
  readonly scope: PolicyScope;
  readonly workloads: readonly Workload[];
  /** Objects of the input that its targetRefs name; a Gateway may be served by pods that the input does not hold. */
  readonly targets: readonly Resource[];
  /** Why the selection can not reach anything, whatever exists (`selector in the root namespace is ignored`). */
  readonly inert: string | undefined;
}

/** One server (listener) of a gateway, Istio's or the Gateway API's. */
export interface GatewayServer {
  readonly resource: Resource;
  readonly at: FieldRef;
  readonly api: 'istio' | 'gateway-api';
  readonly port: number;
  readonly protocol: string;
  readonly hosts: readonly string[];
  /** `PLAINTEXT` when the server has no TLS; `REDIRECT` when all it does is send clients to https. */
  readonly tls:
    | 'PLAINTEXT'
    | 'REDIRECT'
    | 'SIMPLE'
    | 'MUTUAL'
    | 'OPTIONAL_MUTUAL'
    | 'ISTIO_MUTUAL'
    | 'PASSTHROUGH'
    | 'AUTO_PASSTHROUGH';
  /** Lowest TLS version accepted, where the proxy terminates TLS. */
  readonly minTls: '1.0' | '1.1' | '1.2' | '1.3' | undefined;
  /** Gateway pods in the input that serve it. */
  readonly workloads: readonly Workload[];
}

/**
 * What Istio would do, one decision a method; each is a pure function of the mesh, memoised.
 * Checks, posture, explain and diff ask this and compute nothing themselves.
 */
export interface EffectivePolicies {
  readonly mesh: Mesh;
  /** The same decisions with the mesh as the control plane of the workload's revision sees it: its MeshConfig, its flags. */
  readonly seenBy: (workload: Workload) => EffectivePolicies;
  readonly enrolment: (workload: Workload) => Decision<Enrolment>;
  readonly capture: (workload: Workload) => Decision<Capture>;
  /** Ports of the workload that a Service targets or a container declares, ascending. */
  readonly inboundPorts: (workload: Workload) => readonly InboundPort[];
  /** Effective peer mTLS mode of a pod port; `'*'` for every port that no policy names. */
  readonly peerMtls: (workload: Workload, port: number | '*') => Decision<MtlsMode>;
  /** The mode that a PeerAuthentication sets by itself, where its workloads are not in the input; undefined: none. */
  readonly peerModeAlone: (policy: Resource, port: number | '*') => Decision<MtlsMode | undefined>;
  readonly authorization: (workload: Workload) => Decision<Authorization>;
  readonly requestAuthentication: (workload: Workload) => Decision<RequestAuthentication>;
  readonly outboundTraffic: (workload: Workload) => Decision<OutboundTraffic>;
  readonly accessLog: (workload: Workload) => Decision<AccessLog>;
  /** Whether spans of its requests are reported, to whom and how many. */
  readonly tracing: (workload: Workload) => Decision<Tracing>;
  /** Which metrics of its requests are reported. */
  readonly metrics: (workload: Workload) => Decision<Metrics>;
  /** The TLS that a workload's proxy originates to a host, port and subset. */
  readonly clientTls: (client: Workload, destination: ClientDestination) => Decision<ClientTls>;
  /** Every port of every host, and every subset that a DestinationRule names for it, which a client can be asked about. */
  readonly clientDestinations: (client: Workload) => readonly ClientDestination[];
  /** Reach of an AuthorizationPolicy, PeerAuthentication, RequestAuthentication, Telemetry, Sidecar, EnvoyFilter, WasmPlugin … */
  readonly selection: (policy: Resource) => Decision<Selection>;
  /** The waypoint of a Service, a ServiceEntry or a workload's pods, or why the one that is asked for is not taken. */
  readonly waypointOf: (user: WaypointUser) => Decision<WaypointBinding>;
  readonly gatewayServers: () => readonly GatewayServer[];
  /** Listeners, filter chains and routes of a gateway pod, as istiod generates them. */
  readonly gatewayListeners: (workload: Workload) => Decision<GatewayListeners>;
  /** The pods that serve gateways, also those that Gateways select and a partial input does not hold. */
  readonly gatewayPods: () => readonly GatewayPods[];
  /** What becomes of a connection at a gateway pod and of the request in it, policies asked. */
  readonly gatewayRequest: (probe: GatewayProbe, options?: GatewayOptions) => GatewayDecision;
  /** The ways by which a workload is reached from outside the mesh. */
  readonly exposure: (workload: Workload) => Decision<readonly Exposure[]>;
  /** The field that makes a server take client certificates that no trusted CA signed. */
  readonly untrustedClientCertificates: (server: GatewayServer) => FieldRef | undefined;
  /** Host, services and `tls` blocks of a DestinationRule. */
  readonly destination: (rule: Resource) => Destination;
  /** The field by which a ServiceEntry leaves the choice of the address to the client. */
  readonly unverifiedDestination: (entry: Resource) => FieldRef | undefined;
  /** Filters, clusters and patches of a workload's proxy; undefined: it runs neither sidecar nor gateway. */
  readonly filterChains: (workload: Workload) => Decision<ProxyFilterChains | undefined>;
  /** The proxies that an EnvoyFilter, WasmPlugin, TrafficExtension or CUSTOM policy changes. */
  readonly extensionEffect: (object: Resource) => Decision<ExtensionEffect>;
  /** Patches of an EnvoyFilter that remove a filter which enforces policies. */
  readonly removedFilters: (envoyFilter: Resource) => readonly RemovedFilter[];
  /** Which requests web application firewalls inspect, and what is missing for that. */
  readonly waf: WafDecisions;
}
