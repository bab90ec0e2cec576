import type { SensitivePart } from '#check/sensitive.js';
import { isSensitive } from '#check/sensitive.js';
import type { Locate } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { PolicyOptions } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { productsWith } from '#policy/waf/merge-products.js';
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
  /** What rows are to be marked as sensitive; default: none. */
  readonly sensitive?: readonly SensitivePart[];
}

/**
 * Works out what Istio does for every workload: enrolment, mTLS, authorization, tokens, exposure, egress, access log.
 * Never writes and never throws for bad input, which becomes `inputs.problems`.
 *
 * @throws TypeError when neither paths nor sources are given.
 */
export async function posture(options: PostureOptions): Promise<PostureResult> {
  const { sensitive = [] } = options;
  const wafProducts = productsWith(options.wafProducts);
  return survey(await loadMeshes(options), options.filter ?? {}, { wafProducts, sensitive });
}

type SurveyOptions = PolicyOptions & Pick<PostureOptions, 'sensitive'>;

/** The same for meshes that are loaded already. */
export function survey(
  { loaded, meshes, problems }: LoadedMeshes,
  filter: PostureFilter,
  options: SurveyOptions = {},
): PostureResult {
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version },
    environments: meshes.map((mesh) => {
      const { name, scope, workloads, istioVersion, assumptions } = describeEnvironment(mesh, loaded);
      return { name, scope, workloads, istioVersion, assumptions };
    }),
    inputs: { stats: loaded.stats, problems: [...problems].sort(byPlace) },
    workloads: meshes.flatMap((mesh) =>
      rowsOf(effectivePolicies(mesh, options), filter, loaded.locate).map(({ row, workload }) =>
        marked(row, { workload, mesh, parts: options.sensitive ?? [] }),
      ),
    ),
    unmatched: unmatched(meshes, filter),
  };
}

interface Row {
  readonly row: PostureRow;
  readonly workload: Workload;
}

/** A row that says so when its workload is sensitive. */
function marked(
  row: PostureRow,
  {
    workload,
    mesh,
    parts,
  }: { readonly workload: Workload; readonly mesh: Mesh; readonly parts: readonly SensitivePart[] },
): PostureRow {
  const { kind, namespace, name, resource, podPath } = workload;
  const subject = { kind, namespace, name, at: { resource, path: podPath } };
  return isSensitive(parts, subject, mesh) ? { ...row, sensitive: true } : row;
}

function rowsOf(policies: EffectivePolicies, filter: PostureFilter, locate: Locate): readonly Row[] {
  const wanted = policies.mesh.workloads
    .filter((workload) => workload.resource.reported && isWanted(workload, filter))
    .sort(byName);
  const conditions = filter.where ?? [];
  return wanted.flatMap((workload) => {
    const found = postureOf(policies, workload);
    if (!meets(found, conditions)) return [];
    const row = makeRow(found, filter.workloads === undefined ? undefined : tellStory(found, locate));
    return [{ row, workload }];
  });
}

/** By namespace, kind and name, by code unit. */
function byName(a: Workload, b: Workload): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
