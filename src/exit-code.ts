import type { AuditResult, Severity } from '#check/index.js';

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/**
 * 2: the audit cannot be trusted (a fatal problem, a crashed check); else 1: a finding that nobody suppressed is at or
 * above `failOn`; else 0. With `never` findings do not count.
 */
export function exitCode(
  result: AuditResult,
  { failOn }: { readonly failOn: Severity | 'never' },
): 0 | 1 | 2 {
  if (result.inputs.problems.some(({ fatal }) => fatal) || result.checks.some(({ error }) => error > 0))
    return 2;
  if (failOn === 'never') return 0;
  const failing = order.slice(0, order.indexOf(failOn) + 1);
  return result.findings.some((f) => f.suppression === undefined && failing.includes(f.severity)) ? 1 : 0;
}
