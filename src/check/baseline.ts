import type { Finding, ReportedSubject } from './result.js';
import { kindAndName } from './subject.js';

/** A finding that was known when the baseline was written. */
export interface BaselineEntry {
  readonly fingerprint: string;
  /** For people who read the file. */
  readonly checkId: string;
  readonly resource: string;
  /** The subjects it concerned then: `Kind namespace/name`. */
  readonly subjects: readonly string[];
}

/** The findings of an earlier audit, from which only what is new shall count. */
export interface Baseline {
  /** Where it comes from, as a report names it: a file, a revision. */
  readonly name: string;
  readonly entries: readonly BaselineEntry[];
}

/** The findings that count today, as the entries of a baseline; by fingerprint, so that two files can be compared. */
export function baselineOf(findings: readonly Finding[]): readonly BaselineEntry[] {
  return findings
    .filter(({ suppression }) => suppression === undefined)
    .map(({ fingerprint, checkId, resource, subjects }) => ({
      fingerprint,
      checkId,
      resource,
      subjects: [...new Set(subjects.map(nameOfSubject))],
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

/**
 * Suppresses what the baseline holds. A finding that has come to concern another subject since then counts again: a
 * workload that a known gap newly exposes is news.
 */
export function applyBaseline(findings: readonly Finding[], { name, entries }: Baseline): readonly Finding[] {
  const known = new Map(entries.map(({ fingerprint, subjects }) => [fingerprint, new Set(subjects)]));
  return findings.map((finding) => {
    const subjects = known.get(finding.fingerprint);
    const isKnown =
      finding.suppression === undefined &&
      subjects !== undefined &&
      finding.subjects.every((subject) => subjects.has(nameOfSubject(subject)));
    const suppression = { kind: 'external', justification: `Known before: ${name}.` } as const;
    return isKnown ? { ...finding, suppression } : finding;
  });
}

function nameOfSubject(subject: ReportedSubject): string {
  return kindAndName(subject);
}
