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
  readonly listeners?: readonly AgentListener[];
  /** Ports where it listens when no variable says so, by mode. */
  readonly defaultPorts?: Readonly<Partial<Record<AgentMode, number>>>;
  /** The mode when no listener's variable is there; absent: then it takes no requests. */
  readonly defaultMode?: AgentMode;
  /** Socket for modules that it opens when nothing says how it listens; counts only where another container shares it. */
  readonly defaultSocket?: string;
  readonly detectsOnly?: readonly DetectMark[];
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
  readonly mode?: FrontMode;
  readonly failure?: FrontFailure;
  /**
   * What an object of `kinds` inspects. `targets`: what its `targetRef(s)` or `target` name (Gateway, HTTPRoute, Service).
   * `referring-services`: Services that name it in the annotation `referredBy`, as JSON or plain. `upstreams`: the Services
   * that it leads to itself (an ingress object). `ingress-class`: Ingresses of the class whose parameters it is. Absent: the manifests do not tie it to any way in, it is only recognised.
   */
  readonly covers?: 'targets' | 'referring-services' | 'upstreams' | 'ingress-class';
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
