import type { FieldRef, Location, Resource } from '#documents/document.js';
import { placeKey } from './group-failures.js';
import type { ReportedSubject } from './result.js';
import type { SubjectRef } from './subject.js';

/** Where the document that holds a resource begins: known without reading its text again. */
export function documentStart({ origin }: Resource): Location {
  return { file: origin.file, line: origin.line, column: 1 };
}

/** Each subject once. Places are compared only among those of one name, which are few. */
function distinctSubjects(subjects: readonly SubjectRef[]): readonly SubjectRef[] {
  const placeOf = ({ at }: SubjectRef): string => (at === undefined ? '' : placeKey(at));
  const byName = new Map<string, { readonly first: SubjectRef; places?: Set<string> }>();
  return [...new Set(subjects)].filter((subject) => {
    const key = `${subject.namespace}\0${subject.kind}\0${subject.name}`;
    const known = byName.get(key);
    if (known === undefined) {
      byName.set(key, { first: subject });
      return true;
    }
    known.places ??= new Set([placeOf(known.first)]);
    const before = known.places.size;
    return known.places.add(placeOf(subject)).size > before;
  });
}

/** Subjects as reports name them, each once; in the order given. */
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
