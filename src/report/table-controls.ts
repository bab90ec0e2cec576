import type { AuditResult } from '#check/index.js';
import type { ControlAssessment, ControlStatus, FrameworkAssessment } from '#controls/assess.js';
import { countByStatus, statusTitles } from '#controls/status.js';
import { columns } from './columns.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';

/** One section for each framework that was asked for: how its controls fare, and how many subjects say so. */
export function controlSections({ frameworks = [] }: AuditResult, style: Style): readonly string[] {
  return frameworks.map((framework) => frameworkSection(framework, style));
}

const signs: Readonly<Record<ControlStatus, string>> = {
  satisfied: '✔',
  'not-satisfied': '✖',
  'not-decided': '?',
  'not-assessable': '–',
};

const order: readonly ControlStatus[] = ['satisfied', 'not-satisfied', 'not-decided', 'not-assessable'];

function inkOf(status: ControlStatus, { ink }: Style): (text: string) => string {
  if (status === 'satisfied') return ink.green;
  if (status === 'not-satisfied') return ink.red;
  return status === 'not-decided' ? ink.yellow : ink.dim;
}

function frameworkSection({ title, version, baseline, controls }: FrameworkAssessment, style: Style): string {
  const counts = countByStatus(controls);
  const there = order.filter((status) => counts[status] > 0);
  const words = there.map((status) => `${signs[status]} ${String(counts[status])} ${statusTitles[status]}`);
  const name = [title.split(',')[0], version, ...(baseline === undefined ? [] : [baseline])].join(' ');
  const judged = controls.filter(({ status }) => status !== 'not-assessable');
  const left = controls.filter(({ status }) => status === 'not-assessable');
  return [
    style.heading(name, counted(controls.length, 'control')),
    ...style.labelled('', words.join('  '), 2),
    ...(judged.length === 0 ? [] : ['', controlTable(judged, style)]),
    ...notAssessable(left, style),
  ].join('\n');
}

/** True when all that manifests show of a control is well, and they do not show all of it. */
function isInPart({ status, relation }: ControlAssessment): boolean {
  return status === 'satisfied' && relation !== 'full';
}

function controlTable(controls: readonly ControlAssessment[], style: Style): string {
  const { ink } = style;
  const head = ['  control', '', 'pass', 'fail', 'unknown'].map((text) => ink.dim(text));
  const rows = controls.map((control) => {
    const { clause, title, status, subjects } = control;
    const sign = inkOf(status, style)(signs[status]);
    const counts = [subjects.pass, subjects.fail, subjects.unknown];
    return [
      `${sign} ${clause}${isInPart(control) ? '*' : ''}`,
      title,
      ...counts.map((count) => (count === 0 ? ink.dim('·') : String(count))),
    ];
  });
  const clauses = Math.max(...controls.map(({ clause }) => clause.length), 'control'.length);
  const right = { align: 'right' } as const;
  return [
    columns([head, ...rows], [{}, { width: Math.max(16, style.width - clauses - 32) }, right, right, right]),
    ...(controls.some(isInPart)
      ? style.labelled('* ', 'As far as manifests show it, which is not all that the control asks for.', 2)
      : []),
  ].join('\n');
}

/** Controls that the audit says nothing of, by the reason why. */
function notAssessable(controls: readonly ControlAssessment[], style: Style): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { clause, reason } of controls) byReason.set(reason, [...(byReason.get(reason) ?? []), clause]);
  if (byReason.size === 0) return [];
  return [
    '',
    ...style.labelled('', 'Not assessable, and counted neither way:', 2),
    columns(
      [...byReason].map(([reason, clauses]) => [reason, style.ink.dim(clauses.join(' '))]),
      [{ width: Math.floor(style.width * 0.4) }, { width: Math.floor(style.width * 0.6) - 6 }],
    ),
  ];
}
