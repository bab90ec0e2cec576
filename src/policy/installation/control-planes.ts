import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh } from '#mesh/mesh.js';
import type { ControlPlaneFacts, EnvEntry } from '#mesh/settings/control-plane.js';
import { readControlPlanes } from '#mesh/settings/control-planes.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import { byTrust } from '#mesh/settings/revisions.js';
import { podPathOf, readPodTemplate } from '#mesh/pod-template.js';

/** A control plane that the input shows: istiod's Deployment, else what an installer is asked for. */
export interface ControlPlane {
  readonly revision: string;
  readonly namespace: string;
  /** The Deployment, or the installer's resource. */
  readonly resource: Resource;
  readonly rendered: boolean;
  /** As written; undefined where nothing shows it. */
  readonly version: string | undefined;
  /** The field that sets the version, else the resource. */
  readonly versionAt: FieldRef;
  /** Environment of istiod, as far as this resource sets it. */
  readonly env: readonly EnvEntry[];
  /** The container of istiod; undefined for installers. */
  readonly container: Container | undefined;
  /** The chart values of an installer as written and where they stand; undefined where they are text, or for istiod itself. */
  readonly values: { readonly path: FieldPath; readonly object: JsonObject } | undefined;
}

/** Where installers say which version they install, the most telling first. */
const versionPaths: readonly FieldPath[] = [
  ['spec', 'values', 'pilot', 'tag'],
  ['spec', 'tag'],
  ['spec', 'version'],
  ['spec', 'values', 'global', 'tag'],
  ['spec', 'chart', 'spec', 'version'],
  ['spec', 'source', 'targetRevision'],
];

function discoveryOf(resource: Resource): Container | undefined {
  if (resource.kind !== 'Deployment') return undefined;
  const { containers } = readPodTemplate(resource, podPathOf('Deployment'));
  return containers.find(({ name }) => name === 'discovery');
}

const valuesPaths: readonly FieldPath[] = [
  ['spec', 'values'],
  ['spec', 'source', 'helm', 'valuesObject'],
];

/** Chart values; absent ones are empty, those that are text cannot be pointed into. */
function valuesOf({ object, kind }: Resource): ControlPlane['values'] {
  if (kind === 'Deployment' || valueAt(object, ['spec', 'source', 'helm', 'values']) !== undefined)
    return undefined;
  const path = valuesPaths.find((each) => objectAt(object, ...each) !== undefined) ?? ['spec', 'values'];
  return { path, object: objectAt(object, ...path) ?? {} };
}

function versionField(resource: Resource, version: string | undefined): FieldPath {
  const container = discoveryOf(resource);
  if (container !== undefined) return [...container.path, 'image'];
  const holds = (path: FieldPath): boolean =>
    stringAt(resource.object, ...path)?.includes(version ?? '\0') === true ||
    typeof valueAt(resource.object, path) === 'number';
  return versionPaths.find(holds) ?? [];
}

function toControlPlane(fact: ControlPlaneFacts): ControlPlane {
  const { revision, namespace, resource, version, env = [] } = fact;
  return {
    revision,
    namespace,
    resource,
    rendered: fact.origin === 'rendered',
    version,
    versionAt: { resource, path: versionField(resource, version) },
    env,
    container: discoveryOf(resource),
    values: valuesOf(resource),
  };
}

/** ConfigMaps tell settings, not which istiod runs. */
const isInstallation = ({ resource }: ControlPlaneFacts): boolean => resource.kind !== 'ConfigMap';

/** The mesh with those Deployments only that may be of istiod: the others have been read once already. */
function withIstiods(mesh: Mesh): ResourceIndex {
  const istiods = mesh.workloads
    .filter(
      ({ kind, containers }) => kind === 'Deployment' && containers.some(({ name }) => name === 'discovery'),
    )
    .map(({ resource }) => resource);
  return {
    ...mesh,
    ofKind: (group, kind) => (group === 'apps' && kind === 'Deployment' ? istiods : mesh.ofKind(group, kind)),
  };
}

const known = new WeakMap<Mesh, readonly ControlPlane[]>();

/** The control planes of a mesh, one a revision and namespace: what runs counts before what an installer is asked for. */
export function controlPlanes(mesh: Mesh): readonly ControlPlane[] {
  return getOrMake(known, mesh, () => {
    const found = new Map<string, ControlPlane>();
    for (const fact of byTrust(readControlPlanes(withIstiods(mesh), mesh.parseYaml).facts).filter(
      isInstallation,
    ))
      getOrMake(found, `${fact.namespace}/${fact.revision}`, () => toControlPlane(fact));
    return [...found.values()];
  });
}
