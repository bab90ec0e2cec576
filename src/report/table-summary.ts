import type { AuditResult } from '#check/index.js';
import { columns } from './columns.js';
import { printable } from './printable.js';
import type { RenderOptions } from './renderer.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import type { OutcomeCounts } from './tally.js';
import { wafLine } from './waf-line.js';
import {
  countByFamily,
  countBySeverity,
  countFatal,
  isActive,
  isAtLeast,
  isEmpty,
  severities,
  sumOutcomes,
} from './tally.js';

/** Outcomes by family, then the verdict in one line; the latter alone where the input held nothing to judge. */
export function summarySection(result: AuditResult, style: Style, options: RenderOptions): string {
  if (isEmpty(result))
    return [
      `${style.ink.dim('·')} Nothing to judge: the input holds no Kubernetes object`,
      ...fatalLine(result, style),
    ].join('\n');
  return [
    style.heading('Summary', 'verdicts on subjects'),
    familyTable(result, style),
    '',
    ...verdictLines(result, style, options),
  ].join('\n');
}

function familyTable({ checks }: AuditResult, style: Style): string {
  const { ink } = style;
  const head = ['', 'checks', 'pass', 'fail', 'unknown', 'n/a'].map((title) => ink.dim(title));
  const families = countByFamily(checks);
  const rows = families.map((counts) => [counts.family, String(counts.checks), ...cells(counts, style)]);
  const total = [ink.bold('all'), String(checks.length), ...cells(sumOutcomes(checks), style)];
  return columns(
    [head, ...rows, ...(families.length > 1 ? [total] : [])],
    [{}, ...Array.from({ length: 5 }, () => ({ align: 'right' }) as const)],
  );
}

function cells(
  { pass, fail, unknown, notApplicable, error }: OutcomeCounts,
  { ink }: Style,
): readonly string[] {
  const cell = (count: number, paint: (text: string) => string): string =>
    count === 0 ? ink.dim('·') : paint(String(count));
  const failed =
    error === 0 ? cell(fail, ink.red) : ink.red(`${String(fail)} + ${counted(error, 'crash', 'crashes')}`);
  return [cell(pass, ink.green), failed, cell(unknown, ink.yellow), cell(notApplicable, ink.dim)];
}

function verdictLines(result: AuditResult, style: Style, { failOn }: RenderOptions): readonly string[] {
  const { ink } = style;
  const counts = countBySeverity(result.findings);
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const suppressed = result.findings.filter((finding) => !isActive(finding)).length;
  const graded = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => style.severity[severity](`${String(counts[severity])} ${severity}`));
  const failing = failOn !== 'never' && severities.some((s) => isAtLeast(s, failOn) && counts[s] > 0);
  const mark = failing ? ink.red('✖') : ink.green('✔');
  const aside = suppressed === 0 ? '' : ink.dim(` (${String(suppressed)} suppressed)`);
  return [
    `${mark} ${ink.bold(total === 0 ? 'No findings' : counted(total, 'finding'))}${aside}`,
    ...(graded.length === 0 ? [] : [`  ${graded.join(' · ')}`]),
    ...undecidedLine(result, style),
    ...inspectionLine(result, style),
    ...fatalLine(result, style),
  ];
}

function fatalLine(result: AuditResult, { ink }: Style): readonly string[] {
  const fatal = countFatal(result);
  if (fatal === 0) return [];
  return [
    `${ink.red('✖')} ${ink.bold('Not to be trusted')}: ${counted(fatal, 'part')} of the input not judged`,
  ];
}

/** How much web application firewalls inspect. */
function inspectionLine({ inspection }: AuditResult, style: Style): readonly string[] {
  const line = wafLine(inspection);
  if (line === undefined) return [];
  return [`${style.ink.dim('·')} WAF: ${line.text}${style.ink.dim(` (${printable(line.aside, 200)})`)}`];
}

function undecidedLine({ checks }: AuditResult, { ink }: Style): readonly string[] {
  const { unknown } = sumOutcomes(checks);
  return unknown === 0
    ? []
    : [`${ink.yellow('?')} ${counted(unknown, 'verdict')} undecided for want of evidence`];
}
