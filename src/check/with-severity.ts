import type { CatalogueCheck, Judged } from './define-check.js';
import type { Severity } from './verdict.js';

/** A check whose findings all have one severity, whatever it would give them itself. */
export function withSeverity(check: CatalogueCheck, severity: Severity): CatalogueCheck {
  const graded = ({ subject, verdict }: Judged): Judged =>
    verdict.outcome === 'fail'
      ? { subject, verdict: { ...verdict, failures: verdict.failures.map((f) => ({ ...f, severity })) } }
      : { subject, verdict };
  return {
    ...check,
    meta: { ...check.meta, severity },
    run: (context, given) => check.run(context, given).map(graded),
  };
}
