import type { AuditResult, CheckOutcome, Finding } from '#check/index.js';
import { listSubjects } from '#report/subject-list.js';

/** What the policy report says of one rule. */
export type ReportedResult = 'pass' | 'fail' | 'warn' | 'error' | 'skip';

/** A member of `results`, the same in both APIs of policy reports. */
export interface PolicyResult {
  readonly source: 'meshaudit';
  readonly policy: string;
  readonly rule: string;
  readonly category: string;
  readonly severity: string;
  readonly result: ReportedResult;
  readonly scored: boolean;
  readonly message: string;
  readonly timestamp: { readonly seconds: number; readonly nanos: 0 };
  readonly properties: Readonly<Record<string, string>>;
  readonly resources?: readonly { kind: string; name: string; namespace?: string }[];
}

/** A result, and the namespace whose report it belongs to; undefined: the cluster's. */
export interface PlacedResult {
  readonly namespace: string | undefined;
  readonly result: PolicyResult;
}

const shownSubjects = 20;

/** One result for each finding, and one for each check that found nothing or left subjects undecided. */
export function policyResults(result: AuditResult, now: Date): readonly PlacedResult[] {
  const timestamp = { seconds: Math.floor(now.getTime() / 1000), nanos: 0 } as const;
  const checks = new Map(result.checks.map((check) => [check.id, check]));
  return [
    ...result.findings.flatMap((finding) => {
      const check = checks.get(finding.checkId);
      return check === undefined ? [] : [ofFinding(finding, check, timestamp)];
    }),
    ...result.checks.map((check) => ({ namespace: undefined, result: ofCheck(check, timestamp) })),
  ];
}

function ofFinding(
  finding: Finding,
  check: CheckOutcome,
  timestamp: PolicyResult['timestamp'],
): PlacedResult {
  const { suppression, location, subjects } = finding;
  const resource = resourceOf(finding.resource);
  return {
    namespace: resource?.namespace,
    result: {
      ...describe(check, timestamp),
      rule: finding.messageKey,
      severity: finding.severity,
      result: suppression === undefined ? 'fail' : 'skip',
      message: finding.message,
      ...(resource === undefined ? {} : { resources: [resource] }),
      properties: {
        confidence: finding.confidence,
        fingerprint: finding.fingerprint,
        place: `${location.file}:${String(location.line)}`,
        remediation: finding.remediation,
        subjects: listSubjects(subjects, shownSubjects),
        ...(suppression === undefined ? {} : { waived: suppression.justification }),
      },
    },
  };
}

function ofCheck(check: CheckOutcome, timestamp: PolicyResult['timestamp']): PolicyResult {
  const { pass, fail, unknown, notApplicable, error, reasons } = check;
  return {
    ...describe(check, timestamp),
    rule: 'summary',
    result: summaryOf(check),
    message: `${String(pass)} passed, ${String(fail)} failed, ${String(unknown)} undecided`,
    properties: {
      pass: String(pass),
      fail: String(fail),
      unknown: String(unknown),
      notApplicable: String(notApplicable),
      error: String(error),
      ...(reasons.length === 0 ? {} : { reasons: reasons.join('; ') }),
    },
  };
}

/** Failures are counted where they are: the summary of a check that failed only says how many there are. */
function summaryOf({ pass, fail, unknown, error }: CheckOutcome): ReportedResult {
  if (error > 0) return 'error';
  if (fail > 0 || unknown > 0) return 'warn';
  return pass > 0 ? 'pass' : 'skip';
}

function describe(check: CheckOutcome, timestamp: PolicyResult['timestamp']) {
  return {
    source: 'meshaudit',
    policy: check.id,
    category: check.family,
    severity: check.meta.severity,
    scored: true,
    timestamp,
  } as const;
}

/** `Kind namespace/name` as an object reference. */
function resourceOf(text: string): { kind: string; name: string; namespace?: string } | undefined {
  const [, kind, namespace, name] = /^(\S+) (?:([^/]+)\/)?(\S+)$/.exec(text) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
