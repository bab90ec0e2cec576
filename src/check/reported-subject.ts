import type { FieldRef, Location, Resource } from '#documents/document.js';
import { placeKey } from './group-failures.js';
import { bySubject } from './order.js';
import type { ReportedSubject } from './result.js';
import type { SubjectRef } from './subject.js';

/** Where the document that holds a resource begins: known without reading its text again. */
export function documentStart({ origin }: Resource): Location {
  return { file: origin.file, line: origin.line, column: 1 };
}

const placeOf = ({ at }: SubjectRef): string => (at === undefined ? '' : placeKey(at));

/** Each subject once. Those of one name follow each other; their places tell whether they are the same. */
function distinctSubjects(subjects: readonly SubjectRef[]): readonly SubjectRef[] {
  let first: SubjectRef | undefined;
  let places: Set<string> | undefined;
  return subjects.filter((subject) => {
    if (first !== undefined && bySubject(first, subject) === 0) {
      if (subject === first) return false;
      places ??= new Set([placeOf(first)]);
      const before = places.size;
      return places.add(placeOf(subject)).size > before;
    }
    first = subject;
    places = undefined;
    return true;
  });
}

/** Subjects as reports name them, each once; given and returned by namespace, kind and name. */
export function reportSubjects(
  subjects: readonly SubjectRef[],
  locate: (at: FieldRef) => Location,
): readonly ReportedSubject[] {
  return distinctSubjects(subjects).map(({ kind, namespace, name, at }) => ({
    kind,
    namespace,
    name,
    location: at === undefined ? undefined : locate(at),
  }));
}
