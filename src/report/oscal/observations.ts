import type { AuditResult, CheckOutcome, Finding } from '#check/index.js';
import { sentence } from '#report/sarif-rules.js';
import { listSubjects } from '#report/subject-list.js';
import { isActive } from '#report/tally.js';
import { uuidOf } from '#report/uuid.js';

/** Name space of the properties that are ours. */
const ns = 'urn:meshaudit';
const shownFindings = 100;
const shownSubjects = 20;

/** The id of what a check observed: the same from run to run. */
export function observationId(checkId: string): string {
  return uuidOf('observation', checkId);
}

/** What each check that ran has observed, with the places of its findings as evidence. */
export function observations({ checks, findings }: AuditResult, collected: string) {
  return checks.map((check) => ({
    uuid: observationId(check.id),
    title: `${check.id} ${check.meta.title}`,
    description: described(check),
    props: outcomeProps(check),
    methods: ['TEST'],
    types: ['control-objective'],
    ...evidence(findings.filter(({ checkId }) => checkId === check.id)),
    collected,
  }));
}

function described({ pass, fail, unknown, meta, reasons }: CheckOutcome): string {
  if (pass + fail + unknown === 0) return `Nothing was judged: ${reasons.join('; ')}.`;
  return `Of ${meta.examines}, ${String(pass)} passed, ${String(fail)} failed and ${String(unknown)} could not be decided.`;
}

function outcomeProps(check: CheckOutcome) {
  const { pass, fail, unknown, notApplicable, error } = check;
  return Object.entries({ pass, fail, unknown, 'not-applicable': notApplicable, error }).map(
    ([name, value]) => ({ name, ns, value: String(value) }),
  );
}

function evidence(findings: readonly Finding[]) {
  const active = findings.filter(isActive).slice(0, shownFindings);
  if (active.length === 0) return {};
  return {
    'relevant-evidence': active.map(({ location, message, subjects }) => ({
      href: encodeURI(`${location.file}#L${String(location.line)}`),
      description: `${sentence(message)} Subjects: ${listSubjects(subjects, shownSubjects)}.`,
    })),
  };
}

/** Findings that somebody has accepted, each as a risk that was. */
export function risks(findings: readonly Finding[]) {
  return findings.flatMap(({ suppression, fingerprint, checkId, resource, message }) =>
    suppression === undefined
      ? []
      : [
          {
            uuid: uuidOf('risk', fingerprint),
            title: `${checkId} on ${resource}`,
            description: sentence(message),
            statement: suppression.justification,
            status: 'deviation-approved',
          },
        ],
  );
}
