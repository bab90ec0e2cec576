import type { CatalogueCheck } from '#check/index.js';
import { controlLinks } from '#controls/links.js';
import type { ControlMap, MappedControl } from './control-map.js';

/** A bar in a cell would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A table of checks with their controls, for a page or a pull request. */
export function listMarkdown(checks: readonly CatalogueCheck[]): string {
  const rows = checks.map(({ meta, family }) => [
    meta.id,
    family,
    meta.severity,
    meta.profile ?? 'baseline',
    meta.title,
    String(controlLinks(meta).length),
    (meta.aliases ?? []).join(', '),
  ]);
  return `${table(['check', 'family', 'severity', 'profile', 'title', 'controls', 'also known as'], rows)}\n`;
}

function mappedTo({ checks, beyondManifests }: MappedControl): string {
  const ids = checks.map(({ check, relation }) => `${check.meta.id}${relation === 'full' ? ' (full)' : ''}`);
  if (beyondManifests === undefined) return ids.length === 0 ? 'no check' : ids.join(', ');
  return [
    `not assessable: ${beyondManifests}`,
    ...(ids.length === 0 ? [] : [`evidence: ${ids.join(', ')}`]),
  ].join('; ');
}

/** The checks of each control of frameworks, one table each. */
export function mapMarkdown(maps: readonly ControlMap[]): string {
  const sections = maps.map(({ framework, baseline, controls }) => {
    const rows = controls.map((control) => [control.clause, control.title, mappedTo(control)]);
    const name = [framework.title, framework.version, ...(baseline === undefined ? [] : [baseline])].join(
      ' ',
    );
    return `## ${name}\n\n${table(['control', 'what it is about', 'checks'], rows)}`;
  });
  return `${sections.join('\n\n')}\n`;
}
