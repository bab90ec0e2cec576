import type { TextSource } from '#documents/read-source.js';
import type { HelmOptions } from '#templating/helm.js';
import type { TemplateFlags } from './template-flags.js';
import { wantsTemplates } from './template-flags.js';
import { UsageError } from './usage-error.js';

/** Where rendering takes place, and how paths of today are called there. */
export interface RenderPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pathOf?: (today: string) => string;
}

/**
 * What kustomize and helm make of the directories and charts that the options name; none when they name none.
 *
 * @throws UsageError when a tool is missing or fails, or options for helm are given without a chart.
 */
export async function renderedSources(
  flags: TemplateFlags,
  place: RenderPlace,
): Promise<readonly TextSource[]> {
  refuseStray(flags);
  if (!wantsTemplates(flags)) return [];
  const { cwd, env, pathOf = (path: string) => path } = place;
  const { renderHelm } = await import('#templating/helm.js');
  const { renderKustomize } = await import('#templating/kustomize.js');
  const { TemplatingError } = await import('#templating/run-tool.js');
  const { kustomize = [], helm = [] } = flags;
  const options = helmOptions(flags, pathOf);
  const sources: TextSource[] = [];
  try {
    for (const directory of kustomize) sources.push(await renderKustomize(pathOf(directory), { cwd, env }));
    for (const chart of helm) sources.push(await renderHelm(pathOf(chart), options, { cwd, env }));
  } catch (error) {
    if (error instanceof TemplatingError) throw new UsageError(error.message, error.hint);
    throw error;
  }
  return sources;
}

function helmOptions(flags: TemplateFlags, pathOf: (path: string) => string): HelmOptions {
  const { values, set, release, releaseNamespace, kubeVersion, apiVersions } = flags;
  return {
    ...(values === undefined ? {} : { values: values.map(pathOf) }),
    ...(set === undefined ? {} : { set }),
    ...(release === undefined ? {} : { release }),
    ...(releaseNamespace === undefined ? {} : { namespace: releaseNamespace }),
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    ...(apiVersions === undefined ? {} : { apiVersions }),
  };
}

const forHelm = ['values', 'set', 'release', 'releaseNamespace', 'kubeVersion', 'apiVersions'] as const;

function refuseStray(flags: TemplateFlags): void {
  if (flags.helm !== undefined) return;
  const stray = forHelm.find((name) => flags[name] !== undefined);
  if (stray === undefined) return;
  const typed = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${typed} is for a chart`, 'Add --helm <chart>.');
}
