import { catalogue } from '#checks';
import { applyBaseline, type Baseline } from '#check/baseline.js';
import type { AuditedEnvironment, AuditResult, CatalogueCheck } from '#check/index.js';
import { builtInProfile, checksOf, runChecks } from '#check/index.js';
import { assessFramework, bearsOn } from '#controls/assess.js';
import { requireFramework } from '#controls/select-framework.js';
import { createWaiving } from '#check/waivers/waive.js';
import type { Waiver } from '#check/waivers/waiver.js';
import { effectivePolicies } from '#policy/effective-policies.js';
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
  const contexts = meshes.map((mesh) => ({ mesh, policies: effectivePolicies(mesh) }));
  const { problems: crashes, ...judged } = runChecks(checks, contexts, {
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
    environments: meshes.map((mesh) => withAssumed(describeEnvironment(mesh), options.assumed ?? [])),
    inputs: {
      stats: loaded.stats,
      skipped: loaded.skipped,
      problems: [...problems, ...crashes].sort(byPlace),
    },
    ...rest,
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
