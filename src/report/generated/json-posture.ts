// Generated from schemas/posture.json by scripts/generate/report-schema.mjs; do not edit.

export type Count = number;

export type PortNumber = number;

/** Something that the input does not hold. */
export interface Evidence {
  readonly key: string;
  readonly text: string;
}

/** A place in a file; lines and columns count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** `DISABLE` also stands for ports that nothing enforces mTLS on: no proxy, a gateway. */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'unknown';

export type PolicyScope = 'mesh-wide' | 'namespace-wide' | 'workload-specific' | 'target-refs';

export interface Environment {
  /** Empty when the input holds one environment. */
  readonly name: string;
  /** `complete`: what the input does not hold does not exist. `partial`: it may live elsewhere. */
  readonly scope: 'partial' | 'complete';
  /** Workloads that it holds; filters may leave some out of the rows. */
  readonly workloads: Count;
  /** As the input shows it; several revisions with commas. */
  readonly istioVersion?: string;
  /** What was assumed for want of evidence. */
  readonly assumptions: readonly Evidence[];
}

export interface Problem {
  readonly code: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
  /** True when the answers cannot be trusted because of it (exit code 2). */
  readonly fatal: boolean;
}

export interface Inputs {
  readonly files: Count;
  readonly bytes: Count;
  readonly documents: Count;
  readonly resources: Count;
  readonly problems: readonly Problem[];
}

/** How the pods' traffic is handled. */
export interface Enrolment {
  readonly dataPlane:
    'sidecar' | 'ambient' | 'gateway' | 'waypoint' | 'ztunnel' | 'proxyless' | 'none' | 'unknown';
  /** Control plane revision that injects, where one does. */
  readonly revision?: string;
  readonly reason?: string;
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface CaptureLimit {
  readonly direction: 'inbound' | 'outbound';
  readonly note: string;
}

/** What of the traffic never passes the proxy. */
export interface Capture {
  readonly state: 'all' | 'limited' | 'unknown';
  readonly limits: readonly CaptureLimit[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface Port {
  /** Port of the pod. */
  readonly port: PortNumber;
  /** How the proxy reads it. */
  readonly protocol: 'HTTP' | 'TCP' | 'AUTO';
  readonly mtls: MtlsMode;
  /** Why the proxy does not see the port's traffic; absent when it does. */
  readonly bypass?: string;
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** Peer authentication, by port of the pod. */
export interface Mtls {
  /** Ports that a Service targets or a container declares, ascending. */
  readonly ports: readonly Port[];
  /** Mode of every port that no policy names. */
  readonly otherPorts: MtlsMode;
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface ClientRule {
  /** `namespace/name` of the DestinationRule. */
  readonly rule: string;
  readonly host: string;
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  /** `all ports`, `port 443`, `subset v2`. */
  readonly reach: string;
}

/** How the workload's proxy connects to others. */
export interface ClientTls {
  /** Where no DestinationRule says anything. `auto`: mutual TLS to what takes it; `plaintext`: auto mTLS is off; `hbone`: the tunnel of ztunnel; `none`: no proxy. */
  readonly byDefault: 'auto' | 'plaintext' | 'hbone' | 'none' | 'unknown';
  /** TLS settings of DestinationRules that the workload may use. */
  readonly rules: readonly ClientRule[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface Policy {
  /** `namespace/name`. */
  readonly policy: string;
  readonly action: 'CUSTOM' | 'DENY' | 'ALLOW' | 'AUDIT' | 'unknown';
  readonly scope: PolicyScope;
  readonly dryRun: boolean;
}

export interface Authorization {
  /** What becomes of a request that no policy names. */
  readonly defaultAction: 'allow' | 'deny' | 'unknown';
  /** True when some enforced ALLOW rule matches every request. */
  readonly allowsEverything: boolean;
  /** AuthorizationPolicies that certainly apply. */
  readonly policies: readonly Policy[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface Issuer {
  /** Empty when the rule takes any. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** `namespace/name` of the RequestAuthentication. */
  readonly policy: string;
}

export interface Jwt {
  /** `required`: no HTTP request without a valid token is let in; `partly`: on some paths, methods, hosts or ports; `optional`: tokens are checked but none is needed; `absent`: none is checked. */
  readonly token: 'required' | 'partly' | 'optional' | 'absent' | 'unknown';
  readonly issuers: readonly Issuer[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** One way in from outside the mesh. */
export interface Way {
  readonly by: 'gateway' | 'service' | 'ingress';
  /** `namespace/Kind/name` of the gateway pods, where the input shows them. */
  readonly gateway?: string;
  /** Port of the gateway pod, load balancer or node; absent for an Ingress. */
  readonly port?: PortNumber;
  /** Host that clients ask for; `*` for any. */
  readonly host: string;
  /** What of the paths is let through; absent: every path. */
  readonly path?: string;
  /** TLS as the outside sees it; `DIRECT`: the workload's own proxy answers. */
  readonly tls:
    | 'PLAINTEXT'
    | 'SIMPLE'
    | 'MUTUAL'
    | 'OPTIONAL_MUTUAL'
    | 'ISTIO_MUTUAL'
    | 'PASSTHROUGH'
    | 'AUTO_PASSTHROUGH'
    | 'DIRECT';
  readonly clientCertificate: 'required' | 'optional' | 'ignored';
  /** True when nothing shows that clients outside of the cluster get there. */
  readonly clusterOnly: boolean;
  /** Why nobody gets through for the time being. */
  readonly blocked?: string;
}

export interface NodeExposure {
  readonly kind: 'hostNetwork' | 'hostPort';
  /** Ports of the node; empty: every port that the pod listens on. */
  readonly ports: readonly PortNumber[];
}

export interface Exposure {
  /** Those that certainly exist. */
  readonly ways: readonly Way[];
  /** Ways in by the address of the node. */
  readonly node: readonly NodeExposure[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface Egress {
  /** What becomes of traffic to destinations that the mesh does not know. */
  readonly mode: 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS' | 'unknown';
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface AccessLog {
  readonly state: 'on' | 'off' | 'unknown';
  readonly providers: readonly string[];
  /** True when filters leave requests out. */
  readonly filtered: boolean;
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** Whether spans of its requests are reported. */
export interface Tracing {
  readonly state: 'on' | 'off' | 'unknown';
  readonly provider?: string;
  /** Percent of the requests; absent where the provider has a sampler of its own. */
  readonly sampling?: number;
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** Which metrics of its requests are reported. */
export interface Metrics {
  readonly state: 'on' | 'off' | 'unknown';
  readonly providers: readonly string[];
  /** Metrics that are switched off one by one. */
  readonly disabled: readonly string[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

export interface Step {
  /** `Kind namespace/name`. */
  readonly resource: string;
  readonly note?: string;
  readonly location: Location;
}

/** How one answer came about. */
export interface Chapter {
  readonly title: string;
  readonly answer: string;
  /** Absent when a default of Istio's decided, or nothing could. */
  readonly decidedBy?: Step;
  readonly considered: readonly Step[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** The effective posture of one workload; `unknown` where the input does not hold what decides. */
export interface Workload {
  readonly environment: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Where the document that holds it begins. */
  readonly location: Location;
  readonly serviceAccount: string;
  readonly principal: string;
  readonly enrolment: Enrolment;
  readonly capture: Capture;
  readonly mtls: Mtls;
  readonly clientTls: ClientTls;
  readonly authorization: Authorization;
  readonly jwt: Jwt;
  readonly exposure: Exposure;
  readonly egress: Egress;
  readonly accessLog: AccessLog;
  readonly tracing: Tracing;
  readonly metrics: Metrics;
  readonly waf: Waf;
  /** The config says that it weighs more than the rest; absent otherwise. */
  readonly sensitive?: true;
  /** Only for workloads asked for by name. */
  readonly story?: readonly Chapter[];
}

/** What web application firewalls read of the requests that the workload gets, as far as the manifests show. */
export interface Waf {
  /** Requests from inside the mesh. */
  readonly eastWest: 'inspected' | 'partly' | 'detects-only' | 'fails-open' | 'not-inspected' | 'unknown';
  /** Requests from outside, all ways in together; `none` without a way in. */
  readonly waysIn:
    'inspected' | 'partly' | 'detects-only' | 'fails-open' | 'not-inspected' | 'unknown' | 'none';
  /** Ways in from outside. */
  readonly routes: number;
  readonly inspectedRoutes: number;
  /** Products that take part, or look as if they did. */
  readonly products: readonly string[];
  /** Why requests go uninspected or unblocked: kinds of gaps, each once. */
  readonly gaps: readonly string[];
  /** What the input would have to hold for the answer to be certain; empty when it is. */
  readonly missing: readonly Evidence[];
}

/** The posture of workloads, as `meshaudit posture --format json` writes it. `schemaVersion` changes when a field is removed or changes its meaning; new fields may come at any time. */
export interface JsonPosture {
  readonly schemaVersion: 1;
  /** Program that wrote it. */
  readonly tool: {
    readonly name: 'meshaudit';
    readonly version: string;
  };
  readonly environments: readonly Environment[];
  readonly inputs: Inputs;
  /** By environment, namespace, kind and name. */
  readonly workloads: readonly Workload[];
}
