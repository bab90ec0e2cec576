import type { Locate } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { PostureFilter } from '#posture/filter.js';
import { isWanted, meets, unmatched } from '#posture/filter.js';
import { makeRow } from '#posture/make-row.js';
import { postureOf } from '#posture/posture.js';
import type { PostureResult } from '#posture/result.js';
import type { PostureRow } from '#posture/row.js';
import { tellStory } from '#posture/story.js';
import type { InputOptions, LoadedMeshes } from './load-meshes.js';
import { byPlace, describeEnvironment, loadMeshes } from './load-meshes.js';
import { version } from './version.js';

/** What to survey, and which workloads to show. */
export interface PostureOptions extends InputOptions {
  /** Default: every workload that is reported on. With `workloads` each row tells its whole story. */
  readonly filter?: PostureFilter;
}

/**
 * Works out what Istio does for every workload: enrolment, mTLS, authorization, tokens, exposure, egress, access log.
 * Never writes and never throws for bad input, which becomes `inputs.problems`.
 *
 * @throws TypeError when neither paths nor sources are given.
 */
export async function posture(options: PostureOptions): Promise<PostureResult> {
  return survey(await loadMeshes(options), options.filter ?? {});
}

/** The same for meshes that are loaded already. */
export function survey({ loaded, meshes, problems }: LoadedMeshes, filter: PostureFilter): PostureResult {
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version },
    environments: meshes.map((mesh) => {
      const { name, scope, workloads, istioVersion, assumptions } = describeEnvironment(mesh);
      return { name, scope, workloads, istioVersion, assumptions };
    }),
    inputs: { stats: loaded.stats, problems: [...problems].sort(byPlace) },
    workloads: meshes.flatMap((mesh) => rowsOf(mesh, filter, loaded.locate)),
    unmatched: unmatched(meshes, filter),
  };
}

function rowsOf(mesh: Mesh, filter: PostureFilter, locate: Locate): readonly PostureRow[] {
  const policies = effectivePolicies(mesh);
  const wanted = mesh.workloads
    .filter((workload) => workload.resource.reported && isWanted(workload, filter))
    .sort(byName);
  const conditions = filter.where ?? [];
  return wanted.flatMap((workload) => {
    const found = postureOf(policies, workload);
    if (!meets(found, conditions)) return [];
    return [makeRow(found, filter.workloads === undefined ? undefined : tellStory(found, locate))];
  });
}

/** By namespace, kind and name, by code unit. */
function byName(a: Workload, b: Workload): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
