import type { FieldRef, Locate, Location } from '#documents/document.js';
import type { CatalogueCheck } from './define-check.js';
import { digest, fingerprint } from './fingerprint.js';
import type { FailureGroup } from './group-failures.js';
import { groupBy, placeKey } from './group-failures.js';
import { byCodeUnit, bySubject, firstDifference } from './order.js';
import { mergeSamePlace } from './merge-same-place.js';
import { enumerate, renderer } from './render-message.js';
import { documentStart, reportSubjects } from './reported-subject.js';
import type { Finding, RelatedLocation, ReportedSubject } from './result.js';
import { kindAndName } from './subject.js';
import type { Failure, Severity } from './verdict.js';

/** Orders findings by file, line, column, check, message, fingerprint. */
export function byPlace(a: Finding, b: Finding): number {
  return firstDifference(
    byCodeUnit(a.location.file, b.location.file),
    a.location.line - b.location.line,
    a.location.column - b.location.column,
    byCodeUnit(a.checkId, b.checkId),
    byCodeUnit(a.messageKey, b.messageKey),
    byCodeUnit(a.fingerprint, b.fingerprint),
  );
}

interface FindingOptions {
  readonly locate: Locate;
}

/** More places than this are given by the start of their document: exact ones cost a second reading of each. */
const exactPlaces = 25;

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

const locator = (count: number, locate: Locate): Locate =>
  count <= exactPlaces ? locate : ({ resource }: FieldRef): Location => documentStart(resource);

type Graded = (failure: Failure) => Severity | undefined;

/** The gravest severity of the failures of a group. */
function gravest({ meta }: CatalogueCheck, { occurrences }: FailureGroup, graded: Graded): Severity {
  const [first] = occurrences;
  const one = (first && graded(first.failure)) ?? meta.severity;
  if (occurrences.every(({ failure }) => (graded(failure) ?? meta.severity) === one)) return one;
  const found = new Set(occurrences.map(({ failure }) => graded(failure) ?? meta.severity));
  return severities.findLast((severity) => found.has(severity)) ?? meta.severity;
}

/** The severity of a finding, and what raised it where sensitive subjects did. */
function severityOf(check: CatalogueCheck, group: FailureGroup) {
  const severity = gravest(check, group, (failure) => failure.severity);
  const own = gravest(check, group, (failure) => failure.raisedFrom ?? failure.severity);
  if (own === severity) return { severity, said: '' };
  const sensitive = group.occurrences
    .filter(({ failure }) => failure.raisedFrom !== undefined)
    .map(({ subject }) => kindAndName(subject));
  const names = enumerate([...new Set(sensitive)], (name) => name);
  return { severity, raisedFrom: own, said: ` Raised from ${own}, for this is sensitive: ${names}.` };
}

function relatedOf({ occurrences, at }: FailureGroup, locate: Locate): readonly RelatedLocation[] {
  const all = occurrences.filter(({ failure }) => failure.related !== undefined);
  if (all.length === 0) return [];
  const distinct = new Map(
    all
      .flatMap(({ failure }) => failure.related ?? [])
      .map((related) => [`${placeKey(related.at)} ${related.note}`, related]),
  );
  const own = placeKey(at);
  const exact = locator(distinct.size, locate);
  return [...distinct.values()]
    .filter((related) => placeKey(related.at) !== own)
    .map((related) => ({ location: exact(related.at), note: related.note }));
}

/** Subjects of a finding in a sentence: `Deployment bookinfo/details-v1`, `…, … and 37 more`. */
function subjectPhrase(subjects: readonly ReportedSubject[]): string {
  const named = subjects.filter((subject, index) => {
    const before = subjects[index - 1];
    return before === undefined || bySubject(before, subject) !== 0;
  });
  return enumerate(named, kindAndName);
}

function toFinding(check: CatalogueCheck, group: FailureGroup, { locate }: FindingOptions): Finding {
  const { messageKey, occurrences, at } = group;
  const refs = occurrences.map(({ subject }) => subject);
  const subjects = reportSubjects(refs, locator(occurrences.length, locate));
  const phrase = { subjects: subjectPhrase(subjects) };
  const render = renderer([phrase, ...occurrences.map(({ failure }) => failure.data)]);
  const [first] = occurrences;
  const { said, ...graded } = severityOf(check, group);
  const remediation = first?.failure.remediation ?? check.meta.remediation;
  const namespace = first?.mesh.namespaceOf(at.resource) ?? '';
  return {
    checkId: check.meta.id,
    messageKey,
    message: `${render(check.meta.messages[messageKey] ?? '')}${said}`,
    ...graded,
    confidence: check.meta.confidence,
    remediation: render(remediation),
    location: locate(at),
    resource: kindAndName({ kind: at.resource.kind, namespace, name: at.resource.name }),
    subjects,
    related: relatedOf(group, locate),
    fingerprint: fingerprint({ checkId: check.meta.id, messageKey, cause: group.cause, at }),
    environments: [...new Set(occurrences.map(({ mesh }) => mesh.environment))].sort(byCodeUnit),
  };
}

/** Findings of one identity in several environments, or in rival copies of one object, get fingerprints of their own. */
function tellApart(findings: readonly Finding[]): readonly Finding[] {
  return [...groupBy(findings, (finding) => finding.fingerprint).values()].flatMap((copies) => {
    const alike = mergeSamePlace(copies);
    if (alike.length === 1) return alike;
    const environments = groupBy(alike, (finding) => finding.environments.join('\0'));
    return [...environments.values()].flatMap((rivals) =>
      rivals.sort(byPlace).map((finding, rank) => ({
        ...finding,
        fingerprint: digest([finding.fingerprint, ...finding.environments, rank]),
      })),
    );
  });
}

/** Turns the grouped failures of one check into findings, located and worded. */
export function toFindings(
  check: CatalogueCheck,
  groups: readonly FailureGroup[],
  options: FindingOptions,
): readonly Finding[] {
  return tellApart(groups.map((group) => toFinding(check, group, options)));
}
