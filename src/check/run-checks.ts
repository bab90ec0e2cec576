import type { Locate, Problem } from '#documents/document.js';
import { isPatchedAt } from '#mesh/kustomize-patched.js';
import { getOrMake } from '#mesh/lazy.js';
import { contestedEvidence } from '#policy/contested.js';
import type { CatalogueCheck, Judged } from './define-check.js';
import { byPlace } from './finding.js';
import { findingsOf } from './findings-of.js';
import { stablePath } from './fingerprint.js';
import type { Occurrence } from './group-failures.js';
import { byCodeUnit, firstDifference } from './order.js';
import { missingPlaceholder, placeholdersOf } from './render-message.js';
import type { Retold } from './retold.js';
import { retoldBy } from './retold.js';
import type { CheckOutcome, Finding, Undecided } from './result.js';
import type { CheckContext, SubjectRef } from './subject.js';
import { nameOf } from './subject.js';
import type { Undecidable } from './undecided.js';
import { toUndecided } from './undecided.js';
import type { Waiving } from './waivers/waive.js';
import type { Failure } from './verdict.js';

export interface RunOptions {
  readonly locate: Locate;
  /** What somebody has waived; default: nothing. */
  readonly waiving?: Waiving;
}

/** What running checks yields; `problems` are the checks that crashed, and waivers that are of no use. */
export interface RunResult {
  readonly checks: readonly CheckOutcome[];
  /** Sorted by file, line, column, check id, by code unit. */
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
  readonly problems: readonly Problem[];
}

interface Crash {
  readonly subject: SubjectRef | undefined;
  readonly cause: string;
}

/** What one check said over all environments, not yet grouped. */
interface Tally {
  pass: number;
  fail: number;
  readonly occurrences: Occurrence[];
  readonly undecidable: Undecidable[];
  readonly reasons: Map<string, { count: number }>;
  readonly crashes: Crash[];
}

type Judge = (judged: Judged, context: CheckContext) => void;

/** Names of placeholders a failure has to fill: of its message and of its remediation. */
function templatesOf({ meta }: CatalogueCheck): (failure: Failure) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const names = (template: string): readonly string[] => {
    const found = known.get(template) ?? placeholdersOf(template);
    known.set(template, found);
    return found;
  };
  const all = new Map<string, Map<string, readonly string[]>>();
  return ({ message, remediation = meta.remediation }) => {
    const ofMessage = getOrMake(all, message, () => new Map<string, readonly string[]>());
    return getOrMake(ofMessage, remediation, () => {
      const template = Object.hasOwn(meta.messages, message) ? meta.messages[message] : undefined;
      if (template === undefined) throw new Error(`no message "${message}"`);
      return [...names(template), ...names(remediation)];
    });
  };
}

function crashOf(
  failures: readonly Failure[],
  templates: ReturnType<typeof templatesOf>,
): string | undefined {
  if (failures.length === 0) return 'failed without saying where';
  for (const failure of failures) {
    const missing = missingPlaceholder(templates(failure), failure.data);
    if (missing !== undefined) return `message "${failure.message}" has no value for {${missing}}`;
  }
  return undefined;
}

/** A failure whose place is not reported on (`--also`) is shown at its subject instead, with that place as its cause. */
function atReported(failure: Failure, { at }: SubjectRef): Failure {
  if (failure.at.resource.reported || at === undefined) return failure;
  const elsewhere = { at: failure.at, note: 'decided here, outside what is reported on' };
  const { kind, namespace, name } = failure.at.resource;
  const place = `${kind} ${nameOf(namespace ?? '', name)} ${stablePath(failure.at).join('.')}`;
  return { ...failure, at, cause: failure.cause ?? place, related: [...(failure.related ?? []), elsewhere] };
}

/** Failures that stand; where every place may be patched into another, nothing is known. */
function addFailures(
  tally: Tally,
  { subject, failures }: { readonly subject: SubjectRef; readonly failures: readonly Failure[] },
  { mesh }: CheckContext,
): void {
  const standing = failures.filter(({ at }) => !isPatchedAt(at.resource, at.path));
  if (standing.length === 0) {
    const missing = failures.map(({ at }) => contestedEvidence(mesh, at.resource));
    tally.undecidable.push({ subject, missing, environment: mesh.environment });
    return;
  }
  tally.fail += 1;
  for (const failure of standing)
    tally.occurrences.push({ subject, failure: atReported(failure, subject), mesh });
}

function addReason({ reasons }: Tally, reason: string): void {
  const known = reasons.get(reason);
  if (known === undefined) reasons.set(reason, { count: 1 });
  else known.count += 1;
}

/** Most verdicts pass or do not apply, and there are very many: nothing is made for those. */
function tallier(check: CatalogueCheck, tally: Tally): Judge {
  const templates = templatesOf(check);
  const addFail = (subject: SubjectRef, failures: readonly Failure[], context: CheckContext): void => {
    const crash = crashOf(failures, templates);
    if (crash === undefined) addFailures(tally, { subject, failures }, context);
    else tally.crashes.push({ subject, cause: crash });
  };
  return (judged, context) => {
    const { subject, verdict } = judged;
    if (verdict.outcome === 'pass') tally.pass += 1;
    else if (verdict.outcome === 'notApplicable') addReason(tally, verdict.reason);
    else if (verdict.outcome === 'fail') addFail(subject, verdict.failures, context);
    else if (verdict.outcome === 'error') tally.crashes.push({ subject, cause: verdict.cause });
    else {
      const { environment } = context.mesh;
      tally.undecidable.push({ subject, missing: verdict.missing, environment });
    }
  };
}

function judgeAll(check: CatalogueCheck, contexts: readonly CheckContext[]): Tally {
  const tally: Tally = {
    pass: 0,
    fail: 0,
    occurrences: [],
    undecidable: [],
    reasons: new Map(),
    crashes: [],
  };
  const judge = tallier(check, tally);
  for (const context of contexts) {
    try {
      check.run(context).forEach((judged) => {
        judge(judged, context);
      });
    } catch (cause) {
      tally.crashes.push({ subject: undefined, cause: String(cause) });
    }
  }
  return tally;
}

/** Takes out what another check tells better; a subject of which nothing else is wrong is that check's affair. */
function withoutRetold({ meta }: CatalogueCheck, tally: Tally, retold: Retold): Tally {
  const by = new Map<SubjectRef, string>();
  const occurrences = tally.occurrences.filter((occurrence) => {
    const other = retold(meta.id, occurrence);
    if (other !== undefined) by.set(occurrence.subject, other);
    return other === undefined;
  });
  if (by.size === 0) return tally;
  for (const { subject } of occurrences) by.delete(subject);
  for (const other of by.values()) addReason(tally, `${other} tells it`);
  return { ...tally, fail: tally.fail - by.size, occurrences };
}

function reasonsOf({ meta }: CatalogueCheck, tally: Tally): readonly string[] {
  const judged = tally.pass + tally.fail + tally.undecidable.length + tally.crashes.length;
  if (judged === 0 && tally.reasons.size === 0) return [`no ${meta.examines} in the input`];
  return [...tally.reasons]
    .sort(([a, m], [b, n]) => firstDifference(n.count - m.count, byCodeUnit(a, b)))
    .map(([reason]) => reason);
}

function toOutcome(check: CatalogueCheck, tally: Tally): CheckOutcome {
  return {
    id: check.meta.id,
    family: check.family,
    slug: check.slug,
    meta: check.meta,
    pass: tally.pass,
    fail: tally.fail,
    unknown: tally.undecidable.length,
    notApplicable: [...tally.reasons.values()].reduce((sum, { count }) => sum + count, 0),
    error: tally.crashes.length,
    reasons: reasonsOf(check, tally),
  };
}

function toProblem({ meta }: CatalogueCheck, crashes: readonly Crash[]): readonly Problem[] {
  const [first] = crashes;
  if (first === undefined) return [];
  const origin = first.subject?.at?.resource.origin;
  const where =
    first.subject === undefined
      ? 'while listing its subjects'
      : `on ${first.subject.kind} ${first.subject.namespace}/${first.subject.name}`;
  const others = crashes.length > 1 ? ` (and ${String(crashes.length - 1)} times more)` : '';
  return [
    {
      code: 'check-crashed',
      file: origin?.file ?? '',
      ...(origin === undefined ? {} : { line: origin.line }),
      message: `Check ${meta.id} crashed ${where}${others}: ${first.cause}`,
      hint: 'This is a bug of the check: please report it with the resource it crashed on.',
      fatal: true,
    },
  ];
}

/**
 * Judges every subject of every check in every environment. Failures of one check with one cause are one finding with
 * all subjects named; what cannot be decided is listed with the evidence that is missing; a check that throws is a
 * fatal problem and loses none of the others. Linear in the number of subjects.
 */
export function runChecks(
  checks: readonly CatalogueCheck[],
  contexts: readonly CheckContext[],
  options: RunOptions,
): RunResult {
  const judged = checks.map((check) => ({ check, tally: judgeAll(check, contexts) }));
  const retold = retoldBy(
    judged.map(({ check: { meta }, tally: { occurrences } }) => ({ meta, occurrences })),
  );
  const tallies = judged.map(({ check, tally }) => ({ check, tally: withoutRetold(check, tally, retold) }));
  const findings = tallies.flatMap(({ check, tally }) => findingsOf(check, tally.occurrences, options));
  return {
    checks: tallies.map(({ check, tally }) => toOutcome(check, tally)),
    findings: findings.sort(byPlace),
    undecided: tallies.flatMap(({ check, tally }) => toUndecided(check.meta.id, tally.undecidable)),
    problems: [
      ...tallies.flatMap(({ check, tally }) => toProblem(check, tally.crashes)),
      ...(options.waiving?.problems(checks) ?? []),
    ],
  };
}
