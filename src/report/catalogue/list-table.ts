import type { CatalogueCheck } from '#check/index.js';
import { columns } from '#report/columns.js';
import type { Style } from '#report/table-style.js';
import { counted } from '#report/table-style.js';
import type { ControlMap, MappedControl } from './control-map.js';

/** Checks by family, one a line. */
export function listTable(checks: readonly CatalogueCheck[], { ink, severity }: Style): string {
  const width = Math.max(0, ...checks.map(({ meta }) => meta.id.length));
  const lines = checks.map(({ meta, family }, index) => {
    const head =
      family === checks[index - 1]?.family ? '' : `${index === 0 ? '' : '\n'}${ink.bold(family)}\n`;
    const grade = severity[meta.severity](meta.severity.padEnd(8));
    const strict = meta.profile === 'strict' ? ink.dim(' (strict)') : '';
    return `${head}  ${meta.id.padEnd(width)}  ${grade}  ${meta.title}${strict}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Frameworks with how many of their controls checks look at. */
export function frameworkTable(maps: readonly ControlMap[], style: Style): string {
  const { ink } = style;
  const head = ['framework', '', 'controls', 'checked', 'checks'].map((title) => ink.dim(title));
  const rows = maps.map(({ id, framework, controls }) => [
    id,
    `${framework.title.split(',')[0] ?? ''} ${framework.version}`,
    String(controls.length),
    String(
      controls.filter(({ checks, beyondManifests }) => checks.length > 0 && beyondManifests === undefined)
        .length,
    ),
    String(new Set(controls.flatMap(({ checks }) => checks.map(({ check }) => check.meta.id))).size),
  ]);
  const right = { align: 'right' } as const;
  const names = maps.flatMap(({ framework }) =>
    Object.keys(framework.baselines ?? {}).map((name) => `${framework.id}:${name}`),
  );
  return [
    columns([head, ...rows], [{}, {}, right, right, right]),
    '',
    ...style.labelled('', `Baselines: ${names.join(', ')}.`, 2),
    '',
  ].join('\n');
}

/** The checks of each control of a framework. */
export function mapTable({ framework, baseline, controls }: ControlMap, style: Style): string {
  const { ink } = style;
  const name = [framework.title, framework.version, ...(baseline === undefined ? [] : [baseline])].join(' ');
  const checked = controls.filter(({ checks }) => checks.length > 0);
  const left = controls.filter(({ checks }) => checks.length === 0);
  const clauses = Math.max(0, ...checked.map(({ clause }) => clause.length));
  const rest = style.width - clauses - 8;
  return [
    style.heading(name.split(',')[0] ?? '', counted(controls.length, 'control')),
    columns(
      checked.map((control) => [
        control.clause,
        control.title + (control.beyondManifests === undefined ? '' : ink.dim(' (evidence only)')),
        idsOf(control),
      ]),
      [{}, { width: Math.floor(rest * 0.45) }, { width: Math.floor(rest * 0.55) }],
    ),
    ...(left.length === 0
      ? []
      : ['', ...style.labelled('', `No check: ${left.map(({ clause }) => clause).join(' ')}`, 2)]),
    '',
  ].join('\n');
}

/** Ids of a control's checks; those that show all of it come first, with a mark. */
function idsOf({ checks }: MappedControl): string {
  const full = checks.filter(({ relation }) => relation === 'full').map(({ check }) => `${check.meta.id}!`);
  const others = checks.filter(({ relation }) => relation !== 'full').map(({ check }) => check.meta.id);
  return [...full, ...others].join(' ');
}
