import type { AuditResult } from '#check/index.js';
import type { Problem, Skipped, SkipReason } from '#documents/document.js';
import { printable, printableName } from './printable.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { more } from './table-undecided.js';

const shownProblems = 15;
const shownSkipped = 3;
const shownKinds = 8;

const reasons: Readonly<Record<SkipReason, string>> = {
  'helm-template': 'Helm templates, not rendered',
  'kustomize-patch': 'kustomize patches, no whole objects',
  kustomization: 'kustomizations',
  'not-kubernetes': 'not Kubernetes',
  'unread-kind': 'kinds no check reads',
  empty: 'empty',
};

/** What could not be read or trusted; what makes the exit code 2 comes first. */
export function problemsSection(
  { inputs: { problems } }: { readonly inputs: Pick<AuditResult['inputs'], 'problems'> },
  style: Style,
): string {
  if (problems.length === 0) return '';
  const graded = [...problems.filter(({ fatal }) => fatal), ...problems.filter(({ fatal }) => !fatal)];
  return [
    style.heading('Problems', counted(problems.length, 'problem')),
    ...graded.slice(0, shownProblems).flatMap((problem, index) => {
      // Said once for neighbours that share it.
      const repeated = problem.hint !== undefined && problem.hint === graded[index + 1]?.hint;
      return problemLines(problem, style, repeated && index + 1 < shownProblems);
    }),
    ...more(graded.length - shownProblems, 'other problem', style),
  ].join('\n');
}

function problemLines(
  { file, line, column, message, hint, fatal, code }: Problem,
  style: Style,
  withoutHint: boolean,
): readonly string[] {
  const position = [line, column]
    .flatMap((part) => (part === undefined ? [] : [`:${String(part)}`]))
    .join('');
  const mark = fatal ? style.ink.red('✖') : style.ink.yellow('!');
  return [
    `  ${mark} ${style.ink.cyan(`${printable(file, 500)}${position}`)}  ${style.ink.dim(code)}`,
    ...style.labelled('', printable(message), 4),
    ...(hint === undefined || withoutHint
      ? []
      : style.labelled('', printable(hint), 4).map((text) => style.ink.dim(text))),
  ];
}

/** What was recognised and left alone on purpose. */
export function skippedSection({ inputs }: AuditResult, style: Style): string {
  const byReason = new Map<SkipReason, Skipped[]>();
  for (const skipped of inputs.skipped) {
    const known = byReason.get(skipped.reason);
    if (known === undefined) byReason.set(skipped.reason, [skipped]);
    else known.push(skipped);
  }
  if (byReason.size === 0) return '';
  return [
    style.heading('Left alone'),
    ...[...byReason].flatMap(([reason, members]) => skippedLines(reason, members, style)),
  ].join('\n');
}

function skippedLines(reason: SkipReason, members: readonly Skipped[], style: Style): readonly string[] {
  const count = members.reduce((sum, { documents, files }) => sum + Math.max(documents, files), 0);
  const label = `${String(count).padStart(6)}  `;
  if (reason === 'unread-kind') {
    const kinds = [...new Set(members.map(({ path, detail }) => detail ?? path))];
    const rest = kinds.length - shownKinds;
    const named = kinds.slice(0, shownKinds).map(printableName).join(', ');
    return style.labelled(
      label,
      `${reasons[reason]}: ${named}${rest > 0 ? ` and ${String(rest)} more` : ''}`,
      0,
    );
  }
  const rest = members.length - shownSkipped;
  return [
    ...style.labelled(label, reasons[reason], 0),
    ...members.slice(0, shownSkipped).map(({ path }) => `        ${style.ink.dim(printable(path, 500))}`),
    ...(rest > 0 ? [`        ${style.ink.dim(`and ${String(rest)} more`)}`] : []),
  ];
}
