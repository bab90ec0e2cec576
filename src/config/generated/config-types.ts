// Generated from schemas/config.json by scripts/generate/report-schema.mjs; do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** A choice of checks: those of `base`, with what `add` and without what `drop` names. */
export interface OwnProfile {
  /** What it starts from; `baseline` without it, nothing with `none`. */
  readonly base?: 'baseline' | 'strict' | 'none';
  /** Ids or families of checks. */
  readonly add?: readonly string[];
  /** Ids or families of checks. */
  readonly drop?: readonly string[];
  /** Severity of a check in this profile, by id, instead of its own. */
  readonly severity?: Readonly<Record<string, Severity>>;
}

/** One report. */
export interface Output {
  /** As --format names it. */
  readonly format: string;
  /** Relative to the working directory; standard output without it. */
  readonly file?: string;
}

/** Workloads and resources of some namespaces, of some labels, or both. */
export interface SensitivePart {
  /** Names of namespaces; * for any run of characters. */
  readonly namespaces?: readonly string[];
  /** Labels that the pods, or the resource itself, carry. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is true of the cluster though the input does not show it; every report says that it was assumed. */
export interface Assume {
  /** Istio's mesh config, as the ConfigMap istio in the root namespace would hold it. */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  /** The namespace of the control plane; istio-system without it. */
  readonly rootNamespace?: string;
  /** Namespaces with their labels. */
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Someone's word that findings are accepted: for what, why, by whom, until when. */
export interface Waiver {
  /** Ids or families of checks. */
  readonly checks: readonly string[];
  /** `Kind namespace/name` of the resource to edit or of the subject; * for any run of characters. */
  readonly resource?: string;
  /** Namespace of the resource; * for any run of characters. */
  readonly namespace?: string;
  /** Labels that the resource carries. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One finding, as reports name it. */
  readonly fingerprint?: string;
  /** Environment of the input; * for any run of characters. */
  readonly environment?: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it counts, YYYY-MM-DD. */
  readonly expires: string;
}

/** How an agent takes requests: asked by Envoy (ext_authz, ext_proc), in front of the application, asked by its web server's module, or inside the proxy's own image. */
export type WafAgentMode = 'ext_authz' | 'ext_proc' | 'reverse-proxy' | 'module' | 'in-process';

/** A filter of a proxy, told by all that is given here; * stands for any text. */
export interface WafFilterMark {
  /** Names of the filter. */
  readonly names?: readonly string[];
  /** Full names of the configuration's message. */
  readonly types?: readonly string[];
  /** Names of the cluster that is called. */
  readonly clusters?: readonly string[];
  /** Addresses that are called, host:port. */
  readonly addresses?: readonly string[];
  /** Addresses of the Wasm module. */
  readonly moduleUrls?: readonly string[];
  /** Modules that the Lua script requires. */
  readonly luaModules?: readonly string[];
  /** Library ids of a Go filter. */
  readonly libraries?: readonly string[];
}

/** An environment variable that puts an agent into a mode. */
export interface WafListener {
  readonly mode: WafAgentMode;
  /** Names of the variable. */
  readonly env: readonly string[];
  /** Its value; any but an empty one and `false` without it. */
  readonly value?: string;
  /** The value holds address:port. */
  readonly holdsAddress?: boolean;
}

/** A variable by which an agent only looks on. */
export interface WafDetectMark {
  /** Names of the variable. */
  readonly env: readonly string[];
  /** Its value. */
  readonly value: string;
}

/** What tells the container: an image or a variable is enough. */
export interface WafAgent {
  /** Images without tag and digest. */
  readonly images?: readonly string[];
  /** Names of environment variables. */
  readonly env?: readonly string[];
  /** Arguments of which one must be there too. */
  readonly args?: readonly string[];
  /** Variables that say how and where it takes requests. */
  readonly listeners?: readonly WafListener[];
  /** Ports where it listens when no variable says so, by mode. */
  readonly defaultPorts?: {
    readonly ext_authz?: number;
    readonly ext_proc?: number;
    readonly 'reverse-proxy'?: number;
    readonly module?: number;
    readonly 'in-process'?: number;
  };
  /** Socket on which it takes a module's requests when no variable says so. */
  readonly defaultSocket?: string;
  readonly defaultMode?: WafAgentMode;
  /** Variables by which it only looks on. */
  readonly detectsOnly?: readonly WafDetectMark[];
  /** Variables by which requests pass when it can not judge them. */
  readonly opens?: readonly WafDetectMark[];
  /** Arguments that each bring a ModSecurity directive. */
  readonly directiveArgs?: readonly string[];
  /** Images that are its own and serve nothing as a container. */
  readonly servesNothing?: readonly string[];
  /** It also takes ext_authz over HTTP, not over gRPC alone. */
  readonly takesHttp?: boolean;
  /** What it inspects is decided outside of the cluster: its presence proves nothing. */
  readonly unproven?: boolean;
}

/** A label or annotation by which a webhook puts the engine into pods. */
export interface WafInjection {
  /** Of the pod, or of its namespace. */
  readonly on: 'label' | 'annotation' | 'namespace-label';
  /** The whole name. */
  readonly name: string;
  /** Its value; any but `false`, `off`, `disabled` and an empty one without it. */
  readonly value?: string;
  readonly mode?: WafInjectionMode;
}

/** Where a front tells whether it blocks. */
export interface WafFrontMode {
  /** Name of the annotation. */
  readonly annotation?: string;
  /** Dotted path of the field. */
  readonly field?: string;
  /** Values by which it blocks. */
  readonly blocks?: readonly string[];
  /** Values by which it only finds. */
  readonly detects?: readonly string[];
  /** The value holds ModSecurity directives, of which the last SecRuleEngine tells. */
  readonly directives?: boolean;
  /** What it does where nothing of these is written; `unseen`: the rules lie outside of the cluster. */
  readonly otherwise: 'blocks' | 'detects' | 'unseen';
}

/** An annotation by which inspection is switched on. */
export interface WafFrontAnnotation {
  /** Its name. */
  readonly name: string;
  /** Its value; any but `false`, `off`, `none` and an empty one without it. */
  readonly value?: string;
}

/** An object or annotation that makes something in front of the mesh inspect, told by all that is given here. */
export interface WafFront {
  /** Kinds of the object, group/Kind. */
  readonly kinds?: readonly string[];
  /** Kinds that carry the annotation. */
  readonly on?: readonly string[];
  readonly annotation?: WafFrontAnnotation;
  /** Dotted path of a field that must be set; * steps into every member. */
  readonly field?: string;
  /** Value of that field. */
  readonly fieldValue?: string;
  readonly mode?: WafFrontMode;
  readonly failure?: WafFrontFailure;
  /** What the object inspects: what its targetRefs name, Services that refer to it, or Services that it leads to. */
  readonly covers?:
    | 'targets'
    | 'referring-services'
    | 'upstreams'
    | 'ingress-class'
    | 'gateway-parameters'
    | 'ingress-classes'
    | 'ingresses'
    | 'pods'
    | 'own-engines'
    | 'unseen';
  /** For ingress-classes: names of classes. */
  readonly classes?: readonly string[];
  /** For ingress-classes: annotation by which an Ingress is taken out. */
  readonly unless?: string;
  /** For ingresses: dotted path of their names. */
  readonly ingresses?: string;
  readonly pods?: WafFrontPods;
  /** The way to the objects that tell the mode or hold the rules. */
  readonly refers?: readonly WafFrontReference[];
  readonly rules?: WafFrontRules;
  readonly inert?: WafFrontInert;
  readonly unmanaged?: WafFrontUnmanaged;
  /** What of the requests it leaves out, for people. */
  readonly leavesOut?: string;
  /** Annotation by whose value objects belong together. */
  readonly shared?: string;
  /** Annotations by which Services name the object. */
  readonly referredBy?: readonly string[];
  /** Dotted paths of the names of Services that the object leads to. */
  readonly upstreams?: readonly string[];
}

/** How a web application firewall shows in manifests. Patterns are whole texts in which * stands for any run of characters; case counts not. */
export interface WafProduct {
  /** A key of your choice, or that of a known product, to which the marks here are added. */
  readonly id: string;
  /** As reports name it; the id without it. */
  readonly name?: string;
  /** Filters of a proxy that belong to it: one is enough. */
  readonly filters?: readonly WafFilterMark[];
  readonly agent?: WafAgent;
  /** Marks by which pods get the engine at admission. */
  readonly injected?: readonly WafInjection[];
  /** Annotations and objects in front of the mesh: one is enough. */
  readonly fronts?: readonly WafFront[];
  /** `seclang`: the plugin's configuration holds ModSecurity directives. */
  readonly rules?: 'seclang';
  /** The filter works only in the product's own proxy image. */
  readonly needsOwnProxy?: boolean;
}

/** For pods: dotted paths of the labels and of the namespace that they are selected by. */
export interface WafFrontPods {
  /** Path of the labels. */
  readonly labels: string;
  /** Path of the namespace. */
  readonly namespace?: string;
}

/** A step from an object to others that it names. */
export interface WafFrontReference {
  /** group/Kind of what is named. */
  readonly kind: string;
  /** Annotation that holds the names. */
  readonly annotation?: string;
  /** Dotted paths of the names. */
  readonly fields?: readonly string[];
  /** Field that must be set in what is named. */
  readonly holds?: string;
}

/** Where the ModSecurity directives of a front stand. */
export interface WafFrontRules {
  /** Dotted paths of texts or lists of them. */
  readonly fields: readonly string[];
  /** Fields that bring the OWASP Core Rule Set, with the directives that come with it. */
  readonly core?: readonly WafFrontCore[];
  /** What the engine does where no directive says so. */
  readonly engine: 'On' | 'Off';
}

/** A field that brings rules when it is set. */
export interface WafFrontCore {
  /** Dotted path of the field. */
  readonly field: string;
  /** Directives that it brings. */
  readonly directives: readonly string[];
}

/** Values by which nothing comes of it, and why. */
export interface WafFrontInert {
  /** Values. */
  readonly values: readonly string[];
  /** Why, for people. */
  readonly how: string;
}

/** A controller that is told not to act on it. */
export interface WafFrontUnmanaged {
  /** Images of the controller. */
  readonly images: readonly string[];
  /** Arguments. */
  readonly args: readonly string[];
  /** What is not seen then, for people. */
  readonly text: string;
}

/** Annotation of the pod that tells whether what is put there blocks. */
export interface WafInjectionMode {
  /** Name of the annotation. */
  readonly annotation: string;
  /** Values by which it only finds. */
  readonly detects: readonly string[];
}

/** Where a front tells that requests pass when it does not work. */
export interface WafFrontFailure {
  /** Dotted path of the field. */
  readonly field: string;
  /** Values by which they pass. */
  readonly opens: readonly string[];
}

/** The file .meshaudit.yaml: what `meshaudit audit` does in this directory. Options of the command line win over it. */
export interface Config {
  /** Files, directories and globs to audit when the command line names none; relative to this file. */
  readonly paths?: readonly string[];
  /** Paths of resources that complete the mesh but are not reported on. */
  readonly also?: readonly string[];
  /** `complete`: what the input does not hold does not exist. `partial`: it may live elsewhere. */
  readonly scope?: 'partial' | 'complete' | 'auto';
  /** Take every object as one that the API server has let in. */
  readonly stored?: boolean;
  /** Istio's version where the input shows none: `1.27` or `1.27.3`. */
  readonly istioVersion?: string;
  /** Of a live cluster list the names and types of Secrets, too; never their values. */
  readonly secretMetadata?: boolean;
  /** Which trees make up which cluster or environment, where folders do not tell. A tree may be part of several. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** Only these checks: ids or families. */
  readonly select?: readonly string[];
  /** All but these checks: ids or families. */
  readonly ignore?: readonly string[];
  /** `baseline`: what a reviewer would act on. `strict`: every check. Or the name of one under `profiles`. */
  readonly profile?: string;
  /** Profiles of your own, by name. */
  readonly profiles?: Readonly<Record<string, OwnProfile>>;
  /** Frameworks to report on, control by control. */
  readonly frameworks?: readonly string[];
  /** Severity of a check here, by id, instead of its own. */
  readonly severity?: Readonly<Record<string, Severity>>;
  /** Options of checks, by id: see the page of the check. */
  readonly options?: {
    /** Inbound ports bypass the proxy */
    readonly 'CAP-001'?: {
      /** Ports that may be left out of inbound capture, such as one for metrics. */
      readonly allowedPorts?: readonly number[];
    };
    /** Outbound traffic bypasses the proxy */
    readonly 'CAP-004'?: {
      /** Ports of destinations that may be left out of outbound capture, such as that of a database. */
      readonly allowedPorts?: readonly number[];
    };
    /** Control plane may run with too few pods */
    readonly 'CP-005'?: {
      /** The least number of pods of istiod that always run. */
      readonly minReplicas?: number;
    };
    /** Certificates of workloads live long */
    readonly 'CP-012'?: {
      /** The longest life of a certificate that is set for workloads, in hours. */
      readonly maxHours?: number;
      /** The longest life for which the CA may sign when a workload asks (MAX_WORKLOAD_CERT_TTL), in hours. */
      readonly maxRequestedHours?: number;
    };
    /** Keys of the mesh are too short */
    readonly 'CP-013'?: {
      /** The least length of an RSA key, in bits. */
      readonly minRsaBits?: number;
    };
    /** Workload is in no mesh */
    readonly 'ENR-001'?: {
      /** Namespaces whose workloads are meant to be in no mesh. */
      readonly outsideNamespaces?: readonly string[];
    };
    /** Gateway allows outdated TLS versions */
    readonly 'GW-003'?: {
      /** The least TLS version that a gateway may accept. */
      readonly minVersion?: '1.2' | '1.3';
    };
    /** Tracing samples too many requests */
    readonly 'TEL-006'?: {
      /** The lowest sampling rate that is too high, in percent of the requests. */
      readonly percentage?: number;
    };
  };
  /** What weighs more than the rest: findings on it are one step graver. */
  readonly sensitive?: readonly SensitivePart[];
  /** Web application firewalls of your own, or marks to add to those that are known. */
  readonly wafProducts?: readonly WafProduct[];
  /** Least severity that makes the exit code 1. */
  readonly failOn?: 'critical' | 'high' | 'medium' | 'low' | 'info' | 'never';
  /** Reports to write when the command line names none. */
  readonly outputs?: readonly Output[];
  readonly assume?: Assume;
  /** Findings that are accepted for a while. */
  readonly waivers?: readonly Waiver[];
  /** Files that hold more waivers, relative to this file. */
  readonly waiverFiles?: readonly string[];
  /** A file that --write-baseline has written: what it holds does not count. */
  readonly baseline?: string;
}
