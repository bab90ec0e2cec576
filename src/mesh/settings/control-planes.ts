import type { Problem, Resource } from '#documents/document.js';
import { compareText } from '#mesh/creation-order.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import type { ConfigLayer, ControlPlaneFacts, ParseYaml } from './control-plane.js';
import { revisionName } from './control-plane.js';
import { readInjectorConfigMap } from './injector-settings.js';
import { readInstallers } from './installers.js';
import { readIstiodDeployment } from './istiod-deployment.js';
import { meshConfigFacts, readMeshConfigMap, revisionOfMeshConfigMap } from './mesh-config-map.js';

/** Everything the input tells of control planes, and ConfigMaps that cannot be read. */
export interface ControlPlanes {
  readonly facts: readonly ControlPlaneFacts[];
  readonly problems: readonly Problem[];
}

function environmentValue(
  facts: readonly ControlPlaneFacts[],
  place: { revision: string; namespace: string },
  name: string,
): string | undefined {
  const istiod = facts.find(
    ({ revision, namespace }) => revision === place.revision && namespace === place.namespace,
  );
  return istiod?.env?.findLast((entry) => entry.name === name)?.value;
}

/** ConfigMaps of one name in one namespace; the first counts where the name is contested. */
interface MeshConfigMaps {
  readonly index: ResourceIndex;
  readonly istiods: readonly ControlPlaneFacts[];
  readonly parseYaml: ParseYaml;
}

/** Reads a ConfigMap `istio[-<revision>]` and the shared one that istiod's SHARED_MESH_CONFIG puts before it. */
function readMeshConfigMaps(
  resource: Resource,
  { index, istiods, parseYaml }: MeshConfigMaps,
): ControlPlanes {
  const revision = revisionName(revisionOfMeshConfigMap(resource.name));
  const primary = readMeshConfigMap(resource, parseYaml);
  if (primary === undefined) return { facts: [], problems: [] };
  const namespace = resource.namespace ?? 'default';
  const sharedName = environmentValue(istiods, { revision, namespace }, 'SHARED_MESH_CONFIG');
  const sharedMap = sharedName === undefined ? undefined : index.find('', 'ConfigMap', namespace, sharedName);
  const shared = sharedMap && readMeshConfigMap(sharedMap, parseYaml);
  const layers: ConfigLayer[] = [];
  const problems: Problem[] = [];
  for (const read of [shared, primary]) {
    if (read === undefined) continue;
    if ('problem' in read) problems.push(read.problem);
    else layers.push(read.layer);
  }
  return { facts: layers.length === 0 ? [] : [meshConfigFacts(revision, resource, layers)], problems };
}

function configMapsOf(index: ResourceIndex): readonly Resource[] {
  const maps = index
    .ofKind('', 'ConfigMap')
    .filter(({ name }) => name === 'istio' || name.startsWith('istio-'));
  return [...maps].sort((a, b) => compareText(a.namespace ?? '', b.namespace ?? ''));
}

/** Gathers what ConfigMaps, Deployments and installers of the input tell of Istio's control planes. */
export function readControlPlanes(index: ResourceIndex, parseYaml: ParseYaml): ControlPlanes {
  const istiods = index
    .ofKind('apps', 'Deployment')
    .map(readIstiodDeployment)
    .filter((fact) => fact !== undefined);
  const maps = configMapsOf(index);
  const configured = maps
    .filter(({ name }) => revisionOfMeshConfigMap(name) !== undefined)
    .map((resource) => readMeshConfigMaps(resource, { index, istiods, parseYaml }));
  const injectors = maps.map((resource) => readInjectorConfigMap(resource, parseYaml));
  const installers = readInstallers(index, parseYaml);
  return {
    facts: [
      ...istiods,
      ...configured.flatMap(({ facts }) => facts),
      ...injectors.flatMap(({ facts }) => facts ?? []),
      ...installers,
    ],
    problems: [
      ...[...configured, ...injectors].flatMap(({ problems }) => problems),
      ...installers.flatMap(({ refused }) => refused ?? []),
    ],
  };
}
