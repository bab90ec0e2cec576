import { hearOnce, isHeard, tellAgain } from '#mesh/hearing.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';

/** Computes each key's value once. The keys are parts of the mesh, which lives as long as its policies do. */
export function memo<K extends object, V extends object>(compute: (key: K) => V): (key: K) => V {
  const kept = new Map<K, V>();
  return (key) => getOrMake(kept, key, () => compute(key));
}

/** As `memo`, for workloads: checks ask for each of them over and over, and by its place it is found without a search. */
export function workloadMemo<V extends object>(
  { workloads }: Mesh,
  compute: (workload: Workload) => V,
): (workload: Workload) => V {
  let kept: (V | undefined)[] | undefined;
  const others = memo(compute);
  return (workload) => {
    kept ??= new Array<V | undefined>(workloads.length);
    const { ordinal } = workload;
    if (workloads[ordinal] !== workload) return others(workload);
    if (!isHeard()) return (kept[ordinal] ??= compute(workload));
    const found = kept[ordinal];
    if (found === undefined) return (kept[ordinal] = hearOnce(kept, ordinal, () => compute(workload)));
    tellAgain(kept, ordinal);
    return found;
  };
}
