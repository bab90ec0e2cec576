import type { AuditResult, CheckOutcome, Family, Finding, Severity } from '#check/index.js';

/** Severities, gravest first. */
export const severities = [
  'critical',
  'high',
  'medium',
  'low',
  'info',
] as const satisfies readonly Severity[];

/** How many of something there are of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** Numbers of subjects by outcome. */
export interface OutcomeCounts {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly error: number;
}

/** Outcomes of all checks of one family. */
export interface FamilyCounts extends OutcomeCounts {
  readonly family: Family;
  readonly checks: number;
}

/** True for a finding that counts: nobody has suppressed it. */
export function isActive(finding: Finding): boolean {
  return finding.suppression === undefined;
}

/** True for `medium` when the threshold is `low`: at least as grave. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

/** Active findings by severity. */
export function countBySeverity(findings: readonly Finding[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const finding of findings) if (isActive(finding)) counts[finding.severity]++;
  return counts;
}

/** Sums of outcomes over checks. */
export function sumOutcomes(checks: readonly CheckOutcome[]): OutcomeCounts {
  const sum = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 };
  for (const check of checks) {
    sum.pass += check.pass;
    sum.fail += check.fail;
    sum.unknown += check.unknown;
    sum.notApplicable += check.notApplicable;
    sum.error += check.error;
  }
  return sum;
}

/** Outcomes family by family, in the order in which the catalogue first names them. */
export function countByFamily(checks: readonly CheckOutcome[]): readonly FamilyCounts[] {
  const families = new Map<Family, CheckOutcome[]>();
  for (const check of checks) {
    const known = families.get(check.family);
    if (known === undefined) families.set(check.family, [check]);
    else known.push(check);
  }
  return [...families].map(([family, members]) => ({
    family,
    checks: members.length,
    ...sumOutcomes(members),
  }));
}

/** Problems because of which the audit cannot be trusted; the runner has made one of each crashed check. */
export function countFatal({ inputs }: AuditResult): number {
  return inputs.problems.filter(({ fatal }) => fatal).length;
}

/** True when the input held no object of Kubernetes: then no outcome says anything about a mesh. */
export function isEmpty({ inputs, findings }: AuditResult): boolean {
  return inputs.stats.resources === 0 && findings.length === 0;
}
