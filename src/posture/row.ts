import type { InspectionGapKind, InspectionVerdict } from '#policy/waf/inspection.js';
import type { Location } from '#documents/document.js';
import type { InboundProtocol, MtlsMode, PolicyScope, RequestAuthentication } from '#policy/policies.js';
import type { AccessLog, Authorization, DataPlane, OutboundTraffic } from '#policy/policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { Exposure } from '#policy/gateway/exposure.js';
import type { Action } from '#policy/rule/rule.js';
import type { ClientDefault, ClientRule } from './client-rules.js';
import type { NodeExposure } from './node-exposure.js';

/** A value, or that the input does not hold what decides it. */
export type OrUnknown<T> = T | 'unknown';

/** What an answer lacks; empty when it is certain. */
export interface Answer {
  readonly missing: readonly MissingEvidence[];
}

export interface EnrolmentRow extends Answer {
  readonly dataPlane: OrUnknown<DataPlane>;
  readonly revision: string | undefined;
  readonly reason: string | undefined;
}

/** What of a workload's traffic never passes its proxy. */
export interface CaptureRow extends Answer {
  readonly state: OrUnknown<'all' | 'limited'>;
  readonly limits: readonly { readonly direction: 'inbound' | 'outbound'; readonly note: string }[];
}

export interface PortRow extends Answer {
  readonly port: number;
  readonly protocol: InboundProtocol;
  readonly mtls: OrUnknown<MtlsMode>;
  /** Why the proxy does not see the port's traffic; undefined when it does. */
  readonly bypass: string | undefined;
}

export interface MtlsRow extends Answer {
  readonly ports: readonly PortRow[];
  /** Of every port that no policy names. */
  readonly otherPorts: OrUnknown<MtlsMode>;
}

/** How the workload's proxy connects to others. */
export interface ClientTlsRow extends Answer {
  /** Where no DestinationRule says anything. */
  readonly byDefault: OrUnknown<ClientDefault>;
  /** TLS settings of DestinationRules that the workload may use. */
  readonly rules: readonly {
    /** `namespace/name`. */
    readonly rule: string;
    readonly host: string;
    readonly mode: ClientRule['mode'];
    /** `all ports`, `port 443`, `subset v2`. */
    readonly reach: string;
  }[];
}

export interface PolicyRow {
  /** `namespace/name`. */
  readonly policy: string;
  readonly action: OrUnknown<Action>;
  readonly scope: PolicyScope;
  readonly dryRun: boolean;
}

export interface AuthorizationRow extends Answer {
  readonly defaultAction: OrUnknown<Authorization['defaultAction']>;
  /** True when some ALLOW rule matches every request. */
  readonly allowsEverything: boolean;
  /** Those that certainly apply. */
  readonly policies: readonly PolicyRow[];
}

export interface JwtRow extends Answer {
  readonly token: OrUnknown<RequestAuthentication['token']>;
  readonly issuers: readonly {
    readonly issuer: string;
    readonly audiences: readonly string[];
    readonly policy: string;
  }[];
}

/** One way in from outside the mesh through a gateway, a Service or an Ingress. */
export interface WayRow {
  readonly by: Exposure['by'];
  /** `namespace/Kind/name` of the gateway pods, where the input shows them. */
  readonly gateway: string | undefined;
  readonly port: number | undefined;
  readonly host: string;
  /** What of the paths is let through; undefined: every path. */
  readonly path: string | undefined;
  readonly tls: Exposure['tls'];
  readonly clientCertificate: Exposure['clientCertificate'];
  /** True when nothing shows that clients outside of the cluster get there. */
  readonly clusterOnly: boolean;
  /** Why nobody gets through for the time being. */
  readonly blocked: string | undefined;
}

export interface ExposureRow extends Answer {
  /** Those that certainly exist. */
  readonly ways: readonly WayRow[];
  /** Ways in by the address of the node. */
  readonly node: readonly Omit<NodeExposure, 'at'>[];
}

export interface EgressRow extends Answer {
  readonly mode: OrUnknown<OutboundTraffic['mode']>;
}

export interface AccessLogRow extends Answer {
  readonly state: OrUnknown<'on' | 'off'>;
  readonly providers: AccessLog['providers'];
  /** True when filters leave requests out. */
  readonly filtered: boolean;
}

export interface TracingRow extends Answer {
  readonly state: OrUnknown<'on' | 'off'>;
  readonly provider: string | undefined;
  /** Percent of the requests; undefined when off or unknown, or when the provider has a sampler of its own. */
  readonly sampling: number | undefined;
}

export interface MetricsRow extends Answer {
  readonly state: OrUnknown<'on' | 'off'>;
  readonly providers: readonly string[];
  /** Metrics that are switched off one by one. */
  readonly disabled: readonly string[];
}

/** What web application firewalls read of the requests that a workload gets. */
export interface WafRow extends Answer {
  /** Requests from inside the mesh. */
  readonly eastWest: OrUnknown<InspectionVerdict>;
  /** Requests from outside, all ways in together; `none`: the input shows no way in. */
  readonly waysIn: OrUnknown<InspectionVerdict> | 'none';
  /** How many ways in there are, and how many of them are inspected. */
  readonly routes: number;
  readonly inspectedRoutes: number;
  /** Names of the products that take part, or look as if they did. */
  readonly products: readonly string[];
  /** Kinds of the gaps, each once. */
  readonly gaps: readonly InspectionGapKind[];
}

/** One fact that decided or was looked at, with its place. */
export interface StoryStep {
  readonly resource: string;
  readonly note: string | undefined;
  readonly location: Location;
}

/** How one answer of a row came about. */
export interface StoryChapter extends Answer {
  readonly title: string;
  readonly answer: string;
  /** Undefined when a default of Istio's decided, or nothing could. */
  readonly decidedBy: StoryStep | undefined;
  readonly considered: readonly StoryStep[];
}

/** The posture of one workload, in words. */
export interface PostureRow {
  readonly environment: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Where the document that holds the workload begins. */
  readonly location: Location;
  readonly serviceAccount: string;
  readonly principal: string;
  readonly enrolment: EnrolmentRow;
  readonly capture: CaptureRow;
  readonly mtls: MtlsRow;
  readonly clientTls: ClientTlsRow;
  readonly authorization: AuthorizationRow;
  readonly jwt: JwtRow;
  readonly exposure: ExposureRow;
  readonly egress: EgressRow;
  readonly accessLog: AccessLogRow;
  readonly tracing: TracingRow;
  readonly metrics: MetricsRow;
  readonly waf: WafRow;
  /** The config says that it weighs more than the rest. */
  readonly sensitive?: boolean;
  /** Only for workloads that were asked for by name. */
  readonly story: readonly StoryChapter[] | undefined;
}
