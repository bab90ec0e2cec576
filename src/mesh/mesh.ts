import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Validation } from '#schemas/validation.js';

/**
 * What the input claims to hold. `complete`: a whole cluster, what is absent does not exist.
 * `partial`: files of a repository, what is absent may live elsewhere.
 */
export type Scope = 'partial' | 'complete';

/** A namespace that some resource names; `resource` only when the Namespace object is in the input. */
export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The Namespace object, or undefined: then its labels are not known in a partial scope. */
  readonly resource: Resource | undefined;
}

/** Kinds whose pods we judge; a Pod that has no controller stands for itself. */
export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'DeploymentConfig'
  | 'Job'
  | 'CronJob'
  | 'Rollout'
  | 'Pod'
  | 'WorkloadEntry'
  | 'WorkloadGroup';

/** One container of the pod template, wherever it is listed. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly list: 'containers' | 'initContainers' | 'ephemeralContainers';
  readonly spec: JsonObject;
  /** Path in the workload's resource. */
  readonly path: FieldPath;
  /** Declared TCP container ports (`protocol` TCP or absent). */
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly number: number;
  readonly name: string | undefined;
  readonly path: FieldPath;
}

/** Pods behind one controller (or a WorkloadEntry/WorkloadGroup) with labels and a service account. */
export interface Workload {
  /** `namespace/Kind/name`, unique in a mesh; the further forms of a contested name end in `#2`, `#3` … */
  readonly id: string;
  /** Its place among the workloads of its mesh, from 0; -1 where it stands for pods that the input does not hold. */
  readonly ordinal: number;
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string;
  /**
   * The controller's object (or the Pod, WorkloadEntry, WorkloadGroup): the one that holds the pod template. For a Rollout
   * with workloadRef the workload it refers to; for pods whose controller is not in the input the first of them.
   */
  readonly resource: Resource;
  /** Where the pod template stands in the resource: `['spec', 'template']`, `[]` for a Pod. */
  readonly podPath: FieldPath;
  /** Labels of the pod template (of the entry for WorkloadEntry; of `spec.metadata` for WorkloadGroup). */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly podSpec: JsonObject;
  readonly serviceAccount: string;
  /** `<trust domain>/ns/<namespace>/sa/<service account>`. */
  readonly principal: string;
  readonly hostNetwork: boolean;
  readonly containers: readonly Container[];
  /** Pods of the input that belong to it (dumps), a bare Pod's own object included; empty when the input has none. */
  readonly pods: readonly Resource[];
}

/** Protocol as Istio selects it for a port (pkg/config/kube/conversion.go, pkg/config/protocol/instance.go). */
export type PortProtocol =
  | 'HTTP'
  | 'HTTP2'
  | 'HTTP_PROXY'
  | 'GRPC'
  | 'GRPC-Web'
  | 'HTTPS'
  | 'TLS'
  | 'TCP'
  | 'Mongo'
  | 'Redis'
  | 'MySQL'
  | 'UDP'
  | 'SCTP'
  | 'auto';

export interface ServicePort {
  readonly number: number;
  readonly name: string | undefined;
  /** Target port as written: number, name, or undefined (= number). */
  readonly targetPort: number | string | undefined;
  readonly protocol: PortProtocol;
  readonly path: FieldPath;
}

/** A Kubernetes Service. */
export interface Service {
  readonly name: string;
  readonly namespace: string;
  /** `<name>.<namespace>.svc.<domain suffix>`. */
  readonly host: string;
  readonly resource: Resource;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  readonly externalName: string | undefined;
  /** Empty or absent selects nothing (endpoints are managed by hand). */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
}

/** A fact about the input that we assumed for want of evidence; printed in every report that relied on it. */
export interface Assumption {
  readonly key: string;
  readonly text: string;
}

/** The mesh-wide settings that decisions read, over Istio's defaults (pkg/config/mesh/mesh.go). */
export interface MeshSettings {
  /** Resources that the settings were read from, in the order applied; empty: nothing in the input says. */
  readonly sources: readonly FieldRef[];
  /** True when a value absent here is really absent: a source was found, or the scope is complete. */
  readonly known: boolean;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly domainSuffix: string;
  /** The merged MeshConfig, camelCase field names, defaults of Istio not filled in. */
  readonly config: JsonObject;
  /** Environment of istiod (container `discovery`), chart values and operator resources folded in. */
  readonly env: Readonly<Record<string, string>>;
  /** Where each of those env values stands. */
  readonly envSource: Readonly<Record<string, FieldRef>>;
  /** Istio's version, when the input shows one (`1.30.2`), per revision (`default` for the unnamed one). */
  readonly versions: Readonly<Record<string, string>>;
  /** Istio's version that we were told to take where the input shows none. */
  readonly toldVersion: string | undefined;
  /** Revision whose settings these are: the one tagged `default`, else the unnamed one, else the only or newest one. */
  readonly defaultRevision: string;
  /** Revision tags of the input: tag → revision. */
  readonly revisionTags: Readonly<Record<string, string>>;
  /**
   * Sidecar injector settings as read: `policy`, `defaultTemplates`, `aliases`, never/alwaysInjectSelector,
   * `injectedAnnotations`, `enableNamespacesByDefault`; `values`: the chart values the injector renders with.
   */
  readonly injector: JsonObject | undefined;
  /** Where the injector settings stand. */
  readonly injectorSource: FieldRef | undefined;
  /** Field of a source that sets a MeshConfig value, to point a finding at; undefined when none does. */
  readonly fieldOf: (path: FieldPath) => FieldRef | undefined;
}

/** Settings of istio-cni that decide which pods ambient mode takes in; a member that is not written has its default. */
export interface CniSettings {
  readonly resource: Resource;
  readonly excludeNamespaces: readonly string[] | undefined;
  /** Pairs of `podSelector` and `namespaceSelector`, of which one has to match. */
  readonly enablementSelectors: readonly JsonValue[] | undefined;
}

/** Resources of one name whose contents differ, so that nobody can say which of them is applied. */
export interface Contested {
  readonly key: string;
  readonly variants: readonly Resource[];
}

/** A kind by name. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
}

/** The model of one environment: immutable, indexed; no decision scans it as a whole. */
export interface Mesh {
  /**
   * Name of the environment when the input holds several, `''` when it is the only one: the path of the directory or file
   * that makes it different (`overlays/prod`); two asterisks stand for several directories with alternatives of one name;
   * several names with commas where their resources are the same.
   */
  readonly environment: string;
  readonly scope: Scope;
  /** Of the default revision. */
  readonly settings: MeshSettings;
  /** Settings of the other revisions that the input shows, by revision. */
  readonly revisions: ReadonlyMap<string, MeshSettings>;
  /** What the input shows of istio-cni; undefined: nothing. */
  readonly cni: CniSettings | undefined;
  readonly assumptions: readonly Assumption[];
  /** Kinds of a live cluster that may be there and were not read; `*`: a whole group, or those of namespaces that were not read. */
  readonly unlisted: readonly KindName[];
  /** True when all Secrets of a live cluster were listed, be it without their entries. */
  readonly listsSecrets: boolean;
  /** The day that an audit was told to judge by (`2026-08-27`); undefined: that of the tables it carries. */
  readonly today: string | undefined;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly contested: readonly Contested[];
  /** All resources of the environment that take part in decisions, in input order. */
  readonly resources: readonly Resource[];
  /** Resources that repeat what another one of their name says word for word; the first of them is in `resources`. */
  readonly duplicates: readonly Resource[];
  /** Istio objects that the API server would refuse and that are not known to be stored: they take no part in decisions. */
  readonly refused: readonly Resource[];
  /** What the API server and the webhook say of an Istio object, refused or not; undefined for kinds that are not validated. */
  readonly validationOf: (resource: Resource) => Validation | undefined;
  /** Resources of a kind in creation order (oldest first; then name, then namespace). Any served version. */
  readonly ofKind: (group: string, kind: string) => readonly Resource[];
  /** The same, of one namespace only. */
  readonly inNamespace: (group: string, kind: string, namespace: string) => readonly Resource[];
  readonly find: (
    group: string,
    kind: string,
    namespace: string | undefined,
    name: string,
  ) => Resource | undefined;
  /** Namespace a resource lives in: as written, else `default`. `''` for cluster-scoped kinds. */
  readonly namespaceOf: (resource: Resource) => string;
  /** True when this resource may not be what is applied: another one of its name differs, or a kustomization patches it. */
  readonly isContested: (resource: Resource) => boolean;
  readonly workloadsIn: (namespace: string) => readonly Workload[];
  /** Workloads of a namespace whose labels contain all the given pairs; an empty map selects all. */
  readonly workloadsMatching: (
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ) => readonly Workload[];
  readonly servicesOf: (workload: Workload) => readonly Service[];
  readonly workloadsOf: (service: Service) => readonly Workload[];
  readonly serviceByHost: (host: string) => Service | undefined;
  /** Reads the YAML that annotations hold (`proxy.istio.io/config`); undefined for text that is none. */
  readonly parseYaml: (text: string) => JsonValue | undefined;
}
