/** A way in which tools lay out what they took from a cluster. */
export interface Layout {
  readonly name: string;
  /** What is said of input in this layout. */
  readonly says: string;
  /** `part`: kinds or namespaces are missing by design, so that an absence proves nothing. */
  readonly holds: 'all' | 'part';
  /** True when the tool takes away what would show that the objects come from an API server. */
  readonly stored?: true;
  /** The folder, with a slash at its end, whose files are laid out so; undefined when this path shows nothing of it. */
  readonly rootOf: (path: string) => string | undefined;
  /** Whether the paths of a root, relative to it, are enough to tell. */
  readonly shows: (paths: readonly string[]) => boolean;
}

const some =
  (pattern: RegExp) =>
  (paths: readonly string[]): boolean =>
    paths.some((path) => pattern.test(path));

const rootBy =
  (pattern: RegExp) =>
  (path: string): string | undefined =>
    pattern.exec(path)?.[1];

const unknownRest = 'what it lacks counts as unknown (--scope complete: as absent)';

/** istio: tools/bug-report/pkg/content/content.go, GetK8sResources and GetCRs. */
const bugReport: Layout = {
  name: 'istioctl bug-report',
  says: `read as an istioctl bug-report, which holds no ServiceAccounts, no RBAC and no Secrets; ${unknownRest}`,
  holds: 'part',
  rootOf: rootBy(/^(.*\/|)cluster\/(?:k8s-resources|k8s-cluster-resources|crs|pods)$/),
  shows: some(/^cluster\/(?:k8s-resources|crs)$/),
};

/** openshift/oc: pkg/cli/admin/inspect. */
const mustGather: Layout = {
  name: 'must-gather',
  says: `read as a must-gather, which holds the kinds and namespaces that its images collect; ${unknownRest}`,
  holds: 'part',
  rootOf: rootBy(/^(.*\/|)(?:cluster-scoped-resources|namespaces)\/[^/]+\/.*[^/]+\.ya?ml$/),
  shows: (paths) =>
    some(/^cluster-scoped-resources\/[^/]+\/[^/]+(?:\/[^/]+)?\.yaml$/)(paths) &&
    some(/^namespaces\/([^/]+)\/(?:\1\.yaml|(?:core|apps|[^/]+\.[^/]+)\/[^/]+(?:\/[^/]+)?\.yaml)$/)(paths),
};

/** kubernetes: kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go. */
const clusterInfo: Layout = {
  name: 'kubectl cluster-info dump',
  says: `read as a kubectl cluster-info dump, which holds workloads and Services, but no Namespaces and nothing of Istio; ${unknownRest}`,
  holds: 'part',
  rootOf: rootBy(/^(.*\/|)(?:nodes|[^/]+\/(?:pods|replication-controllers))\.(?:json|yaml)$/),
  shows: (paths) =>
    some(/^nodes\.(?:json|yaml)$/)(paths) && some(/^[^/]+\/replication-controllers\.(?:json|yaml)$/)(paths),
};

/** The same on standard output: recognised by the logs between the lists. */
export const clusterInfoStream: Layout = { ...clusterInfo, rootOf: () => undefined, shows: () => false };

const veleroPath =
  /^(.*\/|)resources\/[a-z0-9.-]+\/(?:v\w+(?:-preferredversion)?\/)?(?:namespaces\/[^/]+|cluster)\/[^/]+\.json$/;

/** Velero's documentation: output file format. */
const velero: Layout = {
  name: 'Velero backup',
  says: 'read as a Velero backup; objects kept in several versions count once',
  holds: 'all',
  rootOf: rootBy(veleroPath),
  shows: some(veleroPath),
};

/** katafygio: pkg/recorder/recorder.go; pkg/controller/controller.go leaves out status and what changes in metadata. */
const katafygio: Layout = {
  name: 'katafygio tree',
  says: 'read as a tree that katafygio took from a cluster; its objects count as let in by the API server',
  holds: 'all',
  stored: true,
  rootOf: rootBy(/^(.*\/|)(?:namespace-[a-z0-9-]+|[a-z0-9-]+\/[a-z]+-[^/]+)\.yaml$/),
  shows: (paths) =>
    some(/^namespace-kube-system\.yaml$/)(paths) &&
    some(/^kube-system\/[a-z]+-[^/]+\.yaml$/)(paths) &&
    paths.every((path) => /^(?:[a-z0-9-]+\/)?[a-z0-9]+-[^/]+\.yaml$/.test(path)),
};

/** The layouts, the surest first. */
export const layouts: readonly Layout[] = [bugReport, mustGather, velero, clusterInfo, katafygio];
