/**
 * One mark of a product; every field that is given must hold. `*` in a pattern stands for any text; case counts not.
 * The kind of a filter alone (`ext_authz`, `lua`, `wasm`) is never a mark: look-alikes use the same kinds.
 */
export interface FilterMark {
  /** Patterns of the filter's name. */
  readonly names?: readonly string[];
  /** Patterns of the full name of the configuration's message. */
  readonly types?: readonly string[];
  /** Patterns of the name of the cluster that is called. */
  readonly clusters?: readonly string[];
  /** Patterns of the address that is called: of the cluster's endpoints or of `target_uri`. */
  readonly addresses?: readonly string[];
  /** Patterns of the Wasm module's address. */
  readonly moduleUrls?: readonly string[];
  /** Patterns of modules that a Lua script requires. */
  readonly luaModules?: readonly string[];
  /** Patterns of the library id of a Go filter. */
  readonly libraries?: readonly string[];
}

/**
 * How an agent takes requests. `ext_authz`, `ext_proc`: asked by Envoy over gRPC. `reverse-proxy`: it stands in front of
 * the application. `module`: asked over a socket by a module of the application's web server. `in-process`: the engine
 * is in the proxy's own image and runs once a filter calls it.
 */
export type AgentMode = 'ext_authz' | 'ext_proc' | 'reverse-proxy' | 'module' | 'in-process';

/** An environment variable that puts an agent into a mode, and may hold the address where it listens. */
export interface AgentListener {
  readonly mode: AgentMode;
  /** Patterns of the variable's name. */
  readonly env: readonly string[];
  /** Pattern of the value; absent: any value but the empty one and `false`. */
  readonly value?: string;
  /** True when the value holds `address:port` (or several, each behind `listener=`). */
  readonly holdsAddress?: boolean;
}

/** A setting of the agent's container by which it only looks on. */
export interface DetectMark {
  readonly env: readonly string[];
  /** Pattern of the value. */
  readonly value: string;
}

/** What tells a product's container, and how that works. One of `images`, `env` is enough to recognise it. */
export interface AgentMark {
  /** Patterns of the image without tag and digest. */
  readonly images?: readonly string[];
  /** Patterns of names of environment variables: told also in images of one's own build. */
  readonly env?: readonly string[];
  /** Patterns of arguments of the container, one of which must be there too: an image that inspects only when told so. */
  readonly args?: readonly string[];
  /** Patterns of images that are the product's and serve nothing as a container. */
  readonly servesNothing?: readonly string[];
  readonly listeners?: readonly AgentListener[];
  /** Ports where it listens when no variable says so, by mode. */
  readonly defaultPorts?: Readonly<Partial<Record<AgentMode, number>>>;
  /** The mode when no listener's variable is there; absent: then it takes no requests. */
  readonly defaultMode?: AgentMode;
  /** Socket for modules that it opens when nothing says how it listens; counts only where another container shares it. */
  readonly defaultSocket?: string;
  readonly detectsOnly?: readonly DetectMark[];
  /** Settings by which requests pass when it can not judge them. */
  readonly opens?: readonly DetectMark[];
  /** Arguments that each bring a ModSecurity directive, as `-name=directive` or `-name directive`. */
  readonly directiveArgs?: readonly string[];
  /** It also takes ext_authz over HTTP (`http_service`, `envoyExtAuthzHttp`), not over gRPC alone. */
  readonly takesHttp?: boolean;
  /** What it inspects is decided in a console outside of the cluster: its presence proves nothing, either way. */
  readonly unproven?: boolean;
}

/** Where a front tells whether it blocks: an annotation beside the mark's own, or a field of the object. */
export interface FrontMode {
  /** Name of the annotation. */
  readonly annotation?: string;
  /** Dotted path of the field; `*` steps into every member of a list. */
  readonly field?: string;
  /** Patterns of values by which it blocks. */
  readonly blocks?: readonly string[];
  /** Patterns of values by which it only finds. */
  readonly detects?: readonly string[];
  /** True where the value holds ModSecurity directives, of which the last `SecRuleEngine` tells. */
  readonly directives?: boolean;
  /** Where nothing is written, or a value that no pattern names. `unseen`: the rules lie outside of the cluster. */
  readonly otherwise: 'blocks' | 'detects' | 'unseen';
}

/** Where a front tells that requests pass when it does not work. */
export interface FrontFailure {
  /** Dotted path of the field. */
  readonly field: string;
  /** Patterns of values by which they pass. */
  readonly opens: readonly string[];
}

/** A step from an object to others that it names. */
export interface FrontReference {
  /** `group/Kind` of what is named. */
  readonly kind: string;
  /** Annotation that holds the names, commas between. */
  readonly annotation?: string;
  /** Dotted paths of the names: a text (`name`, `namespace/name`), or an object with `name` and `namespace`. */
  readonly fields?: readonly string[];
  /** Dotted path of a field that must be set in what is named for the front to count at all. */
  readonly holds?: string;
}

/** Where the ModSecurity directives (SecLang) of a front stand. */
export interface FrontRules {
  /** Dotted paths of texts, or of lists of them, in the order in which they are read. */
  readonly fields: readonly string[];
  /** Fields that bring the OWASP Core Rule Set when they are set, with the directives that come with it. */
  readonly core?: readonly { readonly field: string; readonly directives: readonly string[] }[];
  /** What the engine does where no directive says so. */
  readonly engine: 'On' | 'Off';
}

/**
 * An object or annotation by which something in front of, or beside, the mesh is told to inspect. Every part that is
 * given must hold.
 */
export interface FrontMark {
  /** Patterns `group/Kind` of an object that is itself the policy, or is referred to; the group of the core is empty. */
  readonly kinds?: readonly string[];
  /** Kinds that carry the annotation: `Ingress`, `Service`, `Gateway`, `Pod`, `Namespace` … */
  readonly on?: readonly string[];
  /** Annotation's name (pattern), with the pattern of the value that switches inspection on; absent: any but `false`, `off`, `none`, an empty one. */
  readonly annotation?: { readonly name: string; readonly value?: string };
  /** Dotted path of a field of the object (of `kinds`) that must be set for it to count; `*` steps into every member of a list. */
  readonly field?: string;
  /** Pattern of that field's value; absent: any but `false`, an empty one. */
  readonly fieldValue?: string;
  /** The way to the objects that tell the mode, or hold the rules, where these are not the front's own. */
  readonly refers?: readonly FrontReference[];
  readonly mode?: FrontMode;
  readonly rules?: FrontRules;
  readonly failure?: FrontFailure;
  /** Values of the annotation or field by which nothing comes of it, and why. */
  readonly inert?: { readonly values: readonly string[]; readonly how: string };
  /** A controller that is told not to act on it: then what is attached, from elsewhere, is not seen. */
  readonly unmanaged?: {
    readonly images: readonly string[];
    readonly args: readonly string[];
    readonly text: string;
  };
  /** What of the requests it leaves out, for people: it stands before some of its object's routes only. */
  readonly leavesOut?: string;
  /** Annotation by whose value objects belong together: what one of them is told holds for all (`on`). */
  readonly shared?: string;
  /**
   * What an object of `kinds` inspects. `targets`: what its `targetRef(s)` or `target` name (Gateway, HTTPRoute, Service).
   * `referring-services`: Services that name it in the annotation `referredBy`, as JSON or plain. `upstreams`: the Services
   * that it leads to itself (an ingress object). `ingress-class`: Ingresses of the class whose parameters it is.
   * `gateway-parameters`: Gateways of another controller whose parameters, or whose class's, it is. `ingress-classes`: Ingresses
   * of the classes in `classes`. `ingresses`: those that it names. `pods`: the gateway's pods that it selects. `own-engines`:
   * nothing itself, it tells the mode of the product's engines in the mesh. `unseen`: something that the manifests do not tell, so
   * that ways in which nothing else inspects are unknown. Absent: it is only recognised.
   */
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
  /** For `ingress-classes`: patterns of names of classes. */
  readonly classes?: readonly string[];
  /** For `ingress-classes`: annotation by which an Ingress is taken out (`false`, `off` …). */
  readonly unless?: string;
  /** For `ingresses`: dotted path of their names. */
  readonly ingresses?: string;
  /** For `pods`: dotted paths of the labels and of the namespace that they are selected by; without one the object's own. */
  readonly pods?: { readonly labels: string; readonly namespace?: string };
  /** Names of the annotations by which Services (`referring-services`) name the object. */
  readonly referredBy?: readonly string[];
  /** For `upstreams`: dotted paths of the names of Services (`spec.upstreams.*.service`), optional `namespace/` or host form. */
  readonly upstreams?: readonly string[];
}

/** Where a webhook of the product is told to put its engine into pods; what it puts there the manifests do not show. */
export interface InjectionMark {
  /** `label`, `annotation`: of the pod; `namespace-label`: of its namespace. */
  readonly on: 'label' | 'annotation' | 'namespace-label';
  /** The whole name. */
  readonly name: string;
  /** Pattern of the value; absent: any but `false`, `disabled`, an empty one. */
  readonly value?: string;
  /** Annotation of the pod that tells whether what is put there blocks. */
  readonly mode?: { readonly annotation: string; readonly detects: readonly string[] };
}

/** How a web application firewall shows in manifests: plain data, so that a configuration file can add to it. */
export interface WafProduct {
  /** Stable key. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Filters of a proxy that belong to it: one mark is enough. */
  readonly filters?: readonly FilterMark[];
  readonly agent?: AgentMark;
  /** Marks by which pods get the engine at admission: one is enough. */
  readonly injected?: readonly InjectionMark[];
  /** Cloud WAFs, ingress controllers and custom resources: one mark is enough. */
  readonly fronts?: readonly FrontMark[];
  /** `seclang`: the plugin's configuration holds ModSecurity directives, which say whether it blocks. */
  readonly rules?: 'seclang';
  /** The filter works only where the product's own proxy image runs (agent mark `in-process`). */
  readonly needsOwnProxy?: boolean;
}
