import type { AuditedEnvironment, AuditResult } from '#check/index.js';
import { printable, printableName } from './printable.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { more } from './table-undecided.js';

const shownEnvironments = 8;

/** What was read: figures of the input and of each mesh found in it, and what was assumed for want of evidence. */
export function headSection({ tool, inputs, environments }: AuditResult, style: Style): string {
  const { files, bytes, documents, resources } = inputs.stats;
  const read = `${counted(files, 'file')} (${size(bytes)}), ${counted(documents, 'document')}, ${counted(resources, 'resource')}`;
  return [
    style.ink.bold(`${tool.name} ${tool.version}`),
    ...style.labelled('Read     ', read, 2),
    ...environments.slice(0, shownEnvironments).flatMap((environment) => meshLines(environment, style)),
    ...more(environments.length - shownEnvironments, 'other mesh', style, 'other meshes'),
    ...assumptionLines(environments, style),
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

/** Each assumption once, and in how many environments where not in all. */
function assumptionLines(environments: readonly AuditedEnvironment[], style: Style): readonly string[] {
  const held = new Map<string, number>();
  for (const { assumptions } of environments) {
    for (const text of new Set(assumptions.map((assumption) => assumption.text))) {
      held.set(text, (held.get(text) ?? 0) + 1);
    }
  }
  return [...held].flatMap(([text, count]) => {
    const where = count === environments.length ? '' : ` (in ${counted(count, 'mesh', 'meshes')})`;
    return style.labelled('Note     ', `${printable(text)}${where}`, 2);
  });
}

function size(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} B`;
  const kilobytes = bytes / 1000;
  return kilobytes < 1000 ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}
