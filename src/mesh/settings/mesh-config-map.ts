import type { Problem, Resource } from '#documents/document.js';
import { isObject, stringAt } from '#documents/json.js';
import type { ConfigLayer, ControlPlaneFacts, ParseYaml } from './control-plane.js';
import { applyMeshConfig } from './merge-mesh-config.js';
import { refusedMeshConfig } from './refused-mesh-config.js';
import { readMeshConfigObject } from './read-mesh-config.js';

/** A ConfigMap's MeshConfig, or why Istio's reader refuses it. */
export type ReadLayer = { readonly layer: ConfigLayer } | { readonly problem: Problem };

/** The revision that a ConfigMap of this name configures (getMeshConfigMapName in pilot/pkg/bootstrap/mesh.go). */
export function revisionOfMeshConfigMap(name: string): string | undefined {
  if (name === 'istio') return 'default';
  return name.startsWith('istio-sidecar-injector') ? undefined : /^istio-(.+)$/.exec(name)?.[1];
}

function refused(resource: Resource, why: string): ReadLayer {
  return { problem: refusedMeshConfig(resource, 'data.mesh', why) };
}

/** Reads the MeshConfig in `data.mesh` of a ConfigMap; undefined when it has none. */
export function readMeshConfigMap(resource: Resource, parseYaml: ParseYaml): ReadLayer | undefined {
  const text = stringAt(resource.object, 'data', 'mesh');
  if (text === undefined) return undefined;
  const parsed = parseYaml(text);
  if (parsed === undefined) return refused(resource, 'it is not valid YAML');
  if (parsed !== null && !isObject(parsed)) return refused(resource, 'it is not a mapping');
  const read = readMeshConfigObject(parsed ?? {});
  if ('error' in read) return refused(resource, read.error);
  return { layer: { at: { resource, path: ['data', 'mesh'] }, opaque: true, config: read.config } };
}

/** What ConfigMaps give as the mesh configuration of a revision: a shared one first where istiod names one. */
export function meshConfigFacts(
  revision: string,
  resource: Resource,
  layers: readonly ConfigLayer[],
): ControlPlaneFacts {
  const config = layers.reduce((merged, layer) => applyMeshConfig(merged, layer.config), {});
  const namespace = resource.namespace ?? 'default';
  return { origin: 'rendered', revision, namespace, resource, meshConfig: { config, layers } };
}
