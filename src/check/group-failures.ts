import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { bySubject } from './order.js';
import type { SubjectRef } from './subject.js';
import type { Failure } from './verdict.js';

/** One failure of one subject in one environment. */
export interface Occurrence {
  readonly subject: SubjectRef;
  readonly failure: Failure;
  readonly mesh: Mesh;
}

/** Failures with one message and one cause: what becomes one finding. */
export interface FailureGroup {
  readonly messageKey: string;
  readonly cause: string | undefined;
  readonly at: FieldRef;
  /** By subject: namespace, kind, name; environments in their own order. */
  readonly occurrences: readonly Occurrence[];
}

/** Identity of a place in the input: two references with one key mean the same field of the same text. */
export function placeKey({ resource: { origin }, path }: FieldRef): string {
  return JSON.stringify([origin.file, origin.document, origin.path, path]);
}

/** Puts values into lists by key, lists in order of first appearance. */
export function groupBy<T>(values: Iterable<T>, keyOf: (value: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Most come in order: the subjects of a mesh are listed so, and groups of one environment are put together as they are. */
function isSorted(occurrences: readonly Occurrence[]): boolean {
  return occurrences.every(({ subject }, index) => {
    const before = occurrences[index - 1]?.subject;
    return before === undefined || before === subject || bySubject(before, subject) <= 0;
  });
}

function toGroup(occurrences: Occurrence[]): FailureGroup | undefined {
  if (!isSorted(occurrences)) occurrences.sort((a, b) => bySubject(a.subject, b.subject));
  const first = occurrences[0]?.failure;
  if (first === undefined) return undefined;
  return { messageKey: first.message, cause: first.cause, at: first.at, occurrences };
}

const toGroups = (groups: Iterable<Occurrence[]>): readonly FailureGroup[] =>
  Array.from(groups, toGroup).filter((group) => group !== undefined);

const isString = (cause: string | undefined): cause is string => cause !== undefined;

/** What the runs of like failures have in common without looking closer: most come in runs of one cause or place. */
const commonOf = ({ failure: { like, cause, at } }: Occurrence): string | FieldRef => like ?? cause ?? at;

/** Occurrences that follow each other and have one message, cause and place are keyed once. */
function groupLocally(occurrences: readonly Occurrence[]): ReadonlyMap<string, Occurrence[]> {
  const groups = new Map<string, Occurrence[]>();
  let before: Occurrence | undefined;
  let group: Occurrence[] = [];
  for (const occurrence of occurrences) {
    const isAlike =
      before?.mesh === occurrence.mesh &&
      before.failure.message === occurrence.failure.message &&
      commonOf(before) === commonOf(occurrence);
    if (!isAlike) group = getOrMake(groups, localKey(occurrence), () => []);
    group.push(occurrence);
    before = occurrence;
  }
  return groups;
}

/** Within an environment the cause is the one the failure names, else its place; what is alike is so everywhere. */
function localKey({ failure, mesh }: Occurrence): string {
  const { message, cause, like } = failure;
  if (isString(like)) return JSON.stringify([message, like]);
  return isString(cause) ? `${message}\0${mesh.environment}\0${cause}` : `${message} ${placeKey(failure.at)}`;
}

/**
 * Groups the failures of one check by message and by what they have in common: alike, of one cause, or at one place.
 * Groups of several environments are one when they stand at the same place of the same file.
 */
export function groupFailures(occurrences: readonly Occurrence[]): readonly FailureGroup[] {
  const local = groupLocally(occurrences);
  const shared = groupBy(toGroups(local.values()), ({ messageKey, cause, at }) =>
    JSON.stringify([messageKey, cause ?? '', placeKey(at)]),
  );
  return toGroups(Array.from(shared.values(), (groups) => groups.flatMap((group) => [...group.occurrences])));
}
