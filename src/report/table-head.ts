import type { AuditedEnvironment, AuditResult } from '#check/index.js';
import { columns } from './columns.js';
import type { Column } from './columns.js';
import { printable, printableName } from './printable.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { more } from './table-undecided.js';
import { isEmpty } from './tally.js';

const shownEnvironments = 8;
const shownNotes = 4;

/** What was read: figures of the input and of each mesh found in it, and what was assumed for want of evidence. */
export function headSection(result: AuditResult, style: Style): string {
  const { tool, inputs, environments } = result;
  const { files, bytes, documents, resources } = inputs.stats;
  const read = `${counted(files, 'file')} (${size(bytes)}), ${counted(documents, 'document')}, ${counted(resources, 'resource')}`;
  const [only, ...others] = environments;
  return [
    style.ink.bold(`${tool.name} ${tool.version}`),
    ...style.labelled('Read     ', read, 2),
    ...(isEmpty(result)
      ? []
      : [
          ...(only !== undefined && others.length === 0
            ? meshLines(only, style)
            : meshTable(environments, style)),
          ...assumptionLines(environments, style),
        ]),
  ].join('\n');
}

function meshLines(environment: AuditedEnvironment, style: Style): readonly string[] {
  const { name, scope, namespaces, workloads, services, policies, istioVersion } = environment;
  const figures = [
    counted(workloads, 'workload'),
    counted(namespaces, 'namespace'),
    counted(services, 'service'),
    counted(policies, 'policy', 'policies'),
    `${scope} scope`,
    ...(istioVersion === undefined ? [] : [`Istio ${printableName(istioVersion)}`]),
  ].map((figure) => figure.replaceAll(' ', '\u00a0'));
  const whose = name === '' ? '' : `${printableName(name)}: `;
  return style.labelled('Mesh     ', `${whose}${figures.join('\u00a0· ')}`, 2);
}

/** Several meshes in a line each, those with most workloads first; what all share is said once. */
function meshTable(environments: readonly AuditedEnvironment[], style: Style): readonly string[] {
  const shared = (value: (one: AuditedEnvironment) => string | undefined): string | undefined => {
    const values = new Set(environments.map(value));
    return values.size === 1 ? [...values][0] : undefined;
  };
  const scope = shared((one) => one.scope);
  const version = shared((one) => one.istioVersion ?? '');
  const all = [
    `${String(environments.length)} environments in the input`,
    ...(scope === undefined ? [] : [`${scope} scope`]),
    ...(version === undefined || version === '' ? [] : [`Istio ${printableName(version)}`]),
  ];
  const width = style.width - (version === undefined ? 42 : 28);
  const head = ['', 'workloads', 'policies', ...(version === undefined ? ['Istio'] : [])];
  const rows = [...environments]
    .sort((a, b) => b.workloads - a.workloads)
    .slice(0, shownEnvironments)
    .map(({ name, workloads, policies, istioVersion }) => [
      ending(printableName(name), width),
      String(workloads),
      String(policies),
      ...(version === undefined ? [printableName(istioVersion ?? '·')] : []),
    ]);
  const layout: readonly Column[] = [{ width }, { align: 'right' }, { align: 'right' }, {}];
  return [
    ...style.labelled('Meshes   ', all.join(' · '), 2),
    columns([head.map((title) => style.ink.dim(title)), ...rows], layout.slice(0, head.length)),
    ...more(environments.length - shownEnvironments, 'other mesh', style, 'other meshes'),
  ];
}

/** The end of a path, which tells it from its neighbours. */
function ending(path: string, width: number): string {
  return path.length <= width ? path : `…${path.slice(path.length - width + 1)}`;
}

/** Each assumption once, and in how many environments where not in all. */
function assumptionLines(environments: readonly AuditedEnvironment[], style: Style): readonly string[] {
  const held = new Map<string, number>();
  for (const { assumptions } of environments) {
    for (const text of new Set(assumptions.map((assumption) => assumption.text))) {
      held.set(text, (held.get(text) ?? 0) + 1);
    }
  }
  const notes = [...held].sort(([, a], [, b]) => b - a);
  return [
    ...notes.slice(0, shownNotes).flatMap(([text, count]) => {
      const where = count === environments.length ? '' : ` (in ${counted(count, 'mesh', 'meshes')})`;
      return style.labelled('Note     ', `${printable(text)}${where}`, 2);
    }),
    ...more(notes.length - shownNotes, 'other note', style),
  ];
}

function size(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  const kilobytes = bytes / 1000;
  return kilobytes < 1000 ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}
