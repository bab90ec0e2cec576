import type { FieldRef } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** Names of a cluster that say nothing: those of the charts. */
const unnamed: ReadonlySet<string> = new Set(['', 'Kubernetes']);

/**
 * What shows that the mesh spans several clusters: a Secret by which istiod reads another one, networks in the mesh
 * config, or a name for this cluster; undefined when nothing does.
 */
export function otherClusters(mesh: Mesh): FieldRef | undefined {
  const { settings } = mesh;
  const secret = mesh
    .inNamespace('', 'Secret', settings.rootNamespace)
    .find(({ object }) => stringAt(object, 'metadata', 'labels', 'istio/multiCluster') === 'true');
  if (secret !== undefined) return { resource: secret, path: ['metadata', 'labels', 'istio/multiCluster'] };
  const networks = settings.fieldOf(['meshNetworks']);
  if (networks !== undefined) return networks;
  const { env, envSource, injector, injectorSource } = settings;
  const named = Object.hasOwn(env, 'CLUSTER_ID') ? env['CLUSTER_ID'] : undefined;
  const at = Object.hasOwn(envSource, 'CLUSTER_ID') ? envSource['CLUSTER_ID'] : undefined;
  if (named !== undefined && at !== undefined && !unnamed.has(named)) return at;
  const cluster = stringAt(injector, 'values', 'global', 'multiCluster', 'clusterName') ?? '';
  return unnamed.has(cluster) ? undefined : injectorSource;
}
