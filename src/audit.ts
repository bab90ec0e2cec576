import { catalogue } from '#checks';
import { advisoriesOf } from '#check/advisories-of.js';
import { withUnlisted } from '#check/with-unlisted.js';
import { applyBaseline, type Baseline } from '#check/baseline.js';
import type { AuditedEnvironment, AuditResult, CatalogueCheck } from '#check/index.js';
import { builtInProfile, checksOf, runChecks } from '#check/index.js';
import { assessFramework, bearsOn } from '#controls/assess.js';
import { requireFramework } from '#controls/select-framework.js';
import { createWaiving } from '#check/waivers/waive.js';
import type { Waiver } from '#check/waivers/waiver.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { inspectionCoverage } from '#policy/waf/coverage.js';
import { productsWith } from '#policy/waf/merge-products.js';
import type { Mesh } from '#mesh/mesh.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { InputOptions } from './load-meshes.js';
import { byPlace, describeEnvironment, loadMeshes } from './load-meshes.js';
import { homepage, version } from './version.js';

/** What to audit, and how. */
export interface AuditOptions extends InputOptions {
  /** Default: the profile `baseline`; with `frameworks` the whole catalogue. */
  readonly checks?: readonly CatalogueCheck[];
  /** Frameworks to report on (`pci-dss-4.0.1`, `nist-800-53-r5:moderate`): only checks that bear on them run. */
  readonly frameworks?: readonly string[];
  /** What somebody accepts, and until when; default: nothing but what annotations and comments in the input say. */
  readonly waivers?: readonly Waiver[];
  /** Findings known before, which are kept but do not count. */
  readonly baselines?: readonly Baseline[];
}

/**
 * Audits manifests: load, validate, build the mesh of each environment, judge. Never writes and never throws for bad
 * input, which becomes `inputs.problems`; the same input yields the same result.
 *
 * @throws TypeError when neither paths nor sources are given.
 * @throws RangeError when there is no such framework.
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const frameworks = (options.frameworks ?? []).map(requireFramework);
  const profile = builtInProfile(frameworks.length > 0 ? 'strict' : 'baseline', catalogue);
  const checks = (options.checks ?? checksOf(profile, catalogue)).filter(
    ({ meta }) => frameworks.length === 0 || frameworks.some((framework) => bearsOn(meta, framework)),
  );
  const { loaded, meshes, problems } = await loadMeshes(options);
  const wafProducts = productsWith(options.wafProducts);
  const policiesOf = (mesh: Mesh): EffectivePolicies => effectivePolicies(mesh, { wafProducts });
  const contexts = meshes.map((mesh) => ({ mesh, policies: policiesOf(mesh) }));
  const { problems: crashes, ...judged } = runChecks(withUnlisted(checks, { meshes, policiesOf }), contexts, {
    locate: loaded.locate,
    waiving: createWaiving({
      waivers: options.waivers ?? [],
      today: options.today ?? new Date().toISOString().slice(0, 10),
      commentsAt: loaded.waiverComments,
    }),
  });
  const { findings, ...rest } = judged;
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version, ...(homepage === undefined ? {} : { homepage }) },
    environments: meshes.map((mesh) => withAssumed(describeEnvironment(mesh, loaded), options.assumed ?? [])),
    inputs: {
      stats: loaded.stats,
      skipped: loaded.skipped,
      problems: [...problems, ...crashes].sort(byPlace),
    },
    ...rest,
    advisories: contexts.flatMap(advisoriesOf),
    inspection: contexts.map(({ mesh, policies }) => ({
      environment: mesh.environment,
      ...inspectionCoverage(policies),
    })),
    ...(frameworks.length === 0
      ? {}
      : { frameworks: frameworks.map((framework) => assessFramework(framework, rest.checks)) }),
    findings: (options.baselines ?? []).reduce(applyBaseline, findings),
  };
}

function withAssumed(environment: AuditedEnvironment, assumed: readonly string[]): AuditedEnvironment {
  const stated = assumed.map((text) => ({ key: 'assumed', text }));
  return { ...environment, assumptions: [...environment.assumptions, ...stated] };
}
