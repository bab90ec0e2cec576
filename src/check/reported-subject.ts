import type { FieldRef, Location, Resource } from '#documents/document.js';
import { placeKey } from './group-failures.js';
import type { ReportedSubject } from './result.js';
import type { SubjectRef } from './subject.js';

/** Where the document that holds a resource begins: known without reading its text again. */
export function documentStart({ origin }: Resource): Location {
  return { file: origin.file, line: origin.line, column: 1 };
}

/** Subjects as reports name them, each once; in the order given. */
export function reportSubjects(
  subjects: readonly SubjectRef[],
  locate: (at: FieldRef) => Location,
): readonly ReportedSubject[] {
  const distinct = new Map<string, SubjectRef>();
  for (const subject of subjects) {
    const place = subject.at === undefined ? '' : placeKey(subject.at);
    const key = JSON.stringify([subject.namespace, subject.kind, subject.name, place]);
    if (!distinct.has(key)) distinct.set(key, subject);
  }
  return Array.from(distinct.values(), ({ kind, namespace, name, at }) => ({
    kind,
    namespace,
    name,
    location: at === undefined ? undefined : locate(at),
  }));
}
