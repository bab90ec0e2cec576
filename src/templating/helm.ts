import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Location } from '#documents/document.js';
import type { Relocate, TextSource } from '#documents/read-source.js';
import { shownPath } from '#documents/shown-path.js';
import { findOnPath } from './find-tool.js';
import { runTool, TemplatingError } from './run-tool.js';
import { templatePlace } from './template-lines.js';

/** How `helm template` is called. */
export interface HelmOptions {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

/** Where tools run: paths are relative to `cwd`, and shown so. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Renders a chart with the user's own helm (MESHAUDIT_HELM, else the one on the PATH). Findings in the text point at the
 * chart's templates where these are files on disk.
 *
 * @throws TemplatingError when helm is not there or fails.
 */
export async function renderHelm(chart: string, options: HelmOptions, place: Place): Promise<TextSource> {
  const named = place.env['MESHAUDIT_HELM'];
  const command = named !== undefined && named !== '' ? named : findOnPath(['helm'], place.env)?.file;
  if (command === undefined) {
    const hint = 'Install helm, name it in MESHAUDIT_HELM, or audit what "helm template" prints.';
    throw new TemplatingError('--helm needs helm, which is not on the PATH', hint);
  }
  if (chart.startsWith('-')) throw new TemplatingError(`--helm: "${chart}" is no chart`);
  const folder = path.resolve(place.cwd, chart);
  const args = [options.release ?? 'release-name', existsSync(folder) ? folder : chart, ...flagsOf(options)];
  const title = `helm template ${chart}`;
  const text = await runTool({ command, args: ['template', ...args] }, { ...place, title });
  return {
    path: `helm:${chart.split(path.sep).join('/').replace(/\/+$/, '')}/rendered.yaml`,
    text,
    relocate: toTemplates(text, folder, place.cwd),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  };
}

function flagsOf({ values, set, namespace, kubeVersion, apiVersions }: HelmOptions): readonly string[] {
  const each = (flag: string, given: readonly string[] = []): readonly string[] =>
    given.flatMap((value) => [flag, value]);
  return [
    ...each('--values', values),
    ...each('--set', set),
    ...each('--namespace', namespace === undefined ? [] : [namespace]),
    ...each('--kube-version', kubeVersion === undefined ? [] : [kubeVersion]),
    ...each('--api-versions', apiVersions),
  ];
}

interface Template {
  readonly file: string;
  readonly lines: readonly string[];
}

/** Helm writes `# Source: chart/templates/x.yaml` above each document; the first step is the chart's own name. */
function toTemplates(text: string, chart: string, cwd: string): Relocate {
  const lines = text.split('\n');
  const templates = new Map<string, Template | undefined>();
  const templateOf = (source: string): Template | undefined => {
    if (templates.has(source)) return templates.get(source);
    const template = readTemplate(chart, source, cwd);
    templates.set(source, template);
    return template;
  };
  return (_, { line }) => {
    const source = sourceAbove(lines, line);
    const template = source === undefined ? undefined : templateOf(source);
    if (template === undefined) return undefined;
    const found: Location = { file: template.file, ...templatePlace(template.lines, lines, line) };
    return found;
  };
}

function sourceAbove(lines: readonly string[], line: number): string | undefined {
  for (let at = line; at >= 1; at--) {
    const source = /^# Source: (\S.*)$/.exec(lines[at - 1] ?? '')?.[1];
    if (source !== undefined) return source;
  }
  return undefined;
}

function readTemplate(chart: string, source: string, cwd: string): Template | undefined {
  const inside = source.split('/').slice(1);
  if (inside.length === 0 || inside.includes('..')) return undefined;
  const file = path.join(chart, ...inside);
  try {
    return { file: shownPath(file, cwd), lines: readFileSync(file, 'utf8').split(/\r?\n/) };
  } catch {
    return undefined;
  }
}
