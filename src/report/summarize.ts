import type { AuditResult } from '#check/index.js';
import { printable } from './printable.js';
import { countBySeverity, countFatal, isEmpty, severities, sumOutcomes } from './tally.js';

const shownProblems = 3;

/** The outcome in a few plain lines, for logs: findings by severity, then what makes the audit untrustworthy. */
export function summarize(result: AuditResult): readonly string[] {
  const { unknown } = sumOutcomes(result.checks);
  const fatal = result.inputs.problems.filter((problem) => problem.fatal);
  const rest = countFatal(result) - shownProblems;
  return [
    [
      verdict(result),
      ...(unknown === 0 || isEmpty(result) ? [] : [`${String(unknown)} undecided`]),
      ...(fatal.length === 0 ? [] : ['not to be trusted']),
    ].join(', '),
    ...fatal
      .slice(0, shownProblems)
      .map(({ file, line, message }) =>
        printable(`${file}${line === undefined ? '' : `:${String(line)}`}: ${message}`, 300),
      ),
    ...(rest > 0 ? [`and ${String(rest)} other problems`] : []),
  ];
}

function verdict(result: AuditResult): string {
  if (isEmpty(result)) return 'nothing to judge, for the input holds no Kubernetes object';
  const counts = countBySeverity(result.findings);
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  const graded = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${String(counts[severity])} ${severity}`);
  return total === 0
    ? 'no findings'
    : `${String(total)} finding${total === 1 ? '' : 's'} (${graded.join(', ')})`;
}
