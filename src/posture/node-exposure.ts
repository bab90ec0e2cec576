import type { FieldRef } from '#documents/document.js';
import { listAt, valueAt } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';

/** A way into a pod by the address of the node that it runs on. */
export interface NodeExposure {
  readonly kind: 'hostNetwork' | 'hostPort';
  /** Ports of the node; empty: every port that the pod listens on. */
  readonly ports: readonly number[];
  readonly at: FieldRef;
}

/** Ways into a workload's pods by their nodes' addresses, past gateways and Services (Kubernetes' Pod API). */
export function nodeExposure({
  hostNetwork,
  containers,
  resource,
  podPath,
}: Workload): readonly NodeExposure[] {
  const mapped = containers.flatMap(({ spec, path }) =>
    listAt(spec, 'ports').flatMap((port, index): readonly NodeExposure[] => {
      const number = valueAt(port, ['hostPort']);
      if (typeof number !== 'number' || number === 0) return [];
      const at = { resource, path: [...path, 'ports', index, 'hostPort'] };
      return [{ kind: 'hostPort', ports: [number], at }];
    }),
  );
  if (!hostNetwork) return mapped;
  const at = { resource, path: [...podPath, 'spec', 'hostNetwork'] };
  return [{ kind: 'hostNetwork', ports: [], at }, ...mapped];
}
