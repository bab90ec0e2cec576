import { catalogue } from '#checks';
import type { AuditResult, CatalogueCheck } from '#check/index.js';
import { runChecks } from '#check/index.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { InputOptions } from './load-meshes.js';
import { byPlace, describeEnvironment, loadMeshes } from './load-meshes.js';
import { homepage, version } from './version.js';

/** What to audit, and how. */
export interface AuditOptions extends InputOptions {
  /** Default: the whole catalogue. */
  readonly checks?: readonly CatalogueCheck[];
}

/**
 * Audits manifests: load, validate, build the mesh of each environment, judge. Never writes and never throws for bad
 * input, which becomes `inputs.problems`; the same input yields the same result.
 *
 * @throws TypeError when neither paths nor sources are given.
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const { loaded, meshes, problems } = await loadMeshes(options);
  const contexts = meshes.map((mesh) => ({ mesh, policies: effectivePolicies(mesh) }));
  const { problems: crashes, ...judged } = runChecks(options.checks ?? catalogue, contexts, {
    locate: loaded.locate,
  });
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version, ...(homepage === undefined ? {} : { homepage }) },
    environments: meshes.map(describeEnvironment),
    inputs: {
      stats: loaded.stats,
      skipped: loaded.skipped,
      problems: [...problems, ...crashes].sort(byPlace),
    },
    ...judged,
  };
}
