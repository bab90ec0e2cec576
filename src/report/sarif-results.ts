import type { Finding } from '#check/index.js';
import type { Location } from '#documents/document.js';
import { physicalLocation } from './sarif-location.js';
import { levels, sentence } from './sarif-rules.js';
import { listSubjects, namesAll } from './subject-list.js';

/** Related locations of one result; GitHub shows a hundred, people read fewer. */
const shownRelated = 50;
const shownSubjects = 10;

/** One finding as a SARIF result of kind `fail`. */
export function toResult(finding: Finding, ruleIndex: number) {
  return {
    ruleId: finding.checkId,
    ruleIndex,
    kind: 'fail',
    level: levels[finding.severity],
    message: { text: messageOf(finding) },
    locations: [
      {
        physicalLocation: physicalLocation(finding.location),
        logicalLocations: [{ fullyQualifiedName: finding.resource, kind: 'resource' }],
      },
    ],
    relatedLocations: relatedOf(finding),
    partialFingerprints: { 'meshaudit/v1': finding.fingerprint },
    properties: {
      severity: finding.severity,
      ...(finding.raisedFrom === undefined ? {} : { raisedFrom: finding.raisedFrom }),
      confidence: finding.confidence,
      subjects: finding.subjects.length,
      environments: finding.environments,
    },
  };
}

function messageOf({ message, subjects, remediation, resource }: Finding): string {
  const names = listSubjects(subjects, shownSubjects);
  const affects = namesAll(`${resource} ${message}`, subjects) ? [] : [`Affects ${names}.`];
  return escapeLinks([sentence(message), ...affects, `Fix: ${sentence(remediation)}`].join('\n'));
}

/** `[text](target)` would become a link (SARIF 3.11.6); names from the input must not. */
function escapeLinks(text: string): string {
  return text.replace(/\[[^\]]*\]\(/g, (match) => match.replace('[', '\\[').replace('](', '\\]('));
}

function relatedOf({ related, subjects, location }: Finding) {
  const seen = new Set([keyOf(location)]);
  const places = [
    ...related.map(({ location: place, note }) => ({ place, text: note })),
    ...subjects.flatMap((subject) =>
      subject.location === undefined
        ? []
        : [{ place: subject.location, text: `Affected: ${listSubjects([subject], 1)}` }],
    ),
  ];
  const fresh = places.filter(({ place }) => !seen.has(keyOf(place)) && seen.add(keyOf(place)));
  return fresh.slice(0, shownRelated).map(({ place, text }, id) => ({
    id,
    message: { text: escapeLinks(sentence(text)) },
    physicalLocation: physicalLocation(place),
  }));
}

function keyOf({ file, line, column }: Location): string {
  return JSON.stringify([file, line, column]);
}
