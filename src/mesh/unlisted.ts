import type { KindName } from './mesh.js';

/** Kinds whose objects change what others mean, and nothing else: the mesh is whole without them, but for those decisions. */
const changing: Readonly<Record<string, readonly string[]>> = {
  '': ['ServiceAccount'],
  autoscaling: ['HorizontalPodAutoscaler'],
  'extensions.istio.io': ['*'],
  'networking.istio.io': [
    'DestinationRule',
    'EnvoyFilter',
    'Gateway',
    'ProxyConfig',
    'ServiceEntry',
    'Sidecar',
    'VirtualService',
  ],
  'networking.k8s.io': ['NetworkPolicy'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['*'],
  'security.istio.io': ['*'],
  'telemetry.istio.io': ['*'],
};

/** True when what is missing of a cluster can be told decision by decision, so that all others are as in a complete scope. */
export function isWholeWithout(unlisted: readonly KindName[]): boolean {
  return unlisted.every(({ group, kind }) => {
    const kinds = Object.hasOwn(changing, group) ? changing[group] : undefined;
    return kinds?.includes('*') === true || kinds?.includes(kind) === true;
  });
}
