import type { AuditResult } from '#check/index.js';
import { columns } from './columns.js';
import { printable } from './printable.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { sumOutcomes } from './tally.js';

const shownEvidence = 8;
const shownReasons = 5;

interface Evidence {
  readonly text: string;
  readonly checks: Set<string>;
  subjects: number;
}

/** What the input does not hold, and how much could not be judged for want of it. */
export function undecidedSection({ undecided, checks }: AuditResult, style: Style): string {
  if (undecided.length === 0) return '';
  const byEvidence = new Map<string, Evidence>();
  for (const { checkId, missing, subjects } of undecided) {
    for (const { key, text } of missing) {
      const evidence = byEvidence.get(`${key}\n${text}`) ?? { text, checks: new Set(), subjects: 0 };
      evidence.checks.add(checkId);
      evidence.subjects += subjects.length;
      byEvidence.set(`${key}\n${text}`, evidence);
    }
  }
  const sorted = [...byEvidence.values()].sort((a, b) => b.subjects - a.subjects);
  const left = Math.max(24, Math.floor((style.width - 2) * 0.45));
  const rows = sorted
    .slice(0, shownEvidence)
    .map(({ text, checks, subjects }) => [
      printable(text, 200),
      String(subjects),
      style.ink.dim([...checks].sort().join(' ')),
    ]);
  return [
    style.heading('Not decided', counted(sumOutcomes(checks).unknown, 'verdict')),
    style
      .labelled(
        '',
        'The input does not hold what would decide; nothing is guessed. Missing, and for how many subjects:',
        2,
      )
      .join('\n'),
    '',
    columns(rows, [{ width: left }, { align: 'right' }, { width: style.width - left - 14 }]),
    ...more(sorted.length - shownEvidence, 'other piece', style),
  ].join('\n');
}

/** How many checks judged no subject, and why: no finding from them is not a pass. */
export function idleSection({ checks }: AuditResult, style: Style): string {
  const idle = checks.filter(({ pass, fail, unknown, error }) => pass + fail + unknown + error === 0);
  if (idle.length === 0) return '';
  const byReason = new Map<string, number>();
  for (const { reasons } of idle) {
    const reason = reasons[0] ?? 'nothing to examine';
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const entries = [...byReason].sort(([, a], [, b]) => b - a);
  return [
    style.heading('Nothing to judge', counted(idle.length, 'check')),
    columns(
      entries.slice(0, shownReasons).map(([reason, count]) => [printable(reason, 200), String(count)]),
      [{ width: style.width - 10 }, { align: 'right' }],
    ),
    ...more(entries.length - shownReasons, 'other reason', style),
  ].join('\n');
}

/** A line for what a list leaves out; none when it leaves out nothing. */
export function more(count: number, one: string, style: Style, many = `${one}s`): readonly string[] {
  return count <= 0 ? [] : [`  ${style.ink.dim(`and ${counted(count, one, many)} (-f json lists all)`)}`];
}
