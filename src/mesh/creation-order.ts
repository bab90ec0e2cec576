import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';

/** Code-unit comparison, the order Go's strings.Compare gives for ASCII names: -1, 0 or 1. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Creation time of an object in milliseconds; `-Infinity` when the input shows none, because Go's zero time
 * sorts before every real one.
 */
export function createdAt(resource: Resource): number {
  const written = stringAt(resource.object, 'metadata', 'creationTimestamp');
  const time = written === undefined ? NaN : Date.parse(written);
  return Number.isNaN(time) ? -Infinity : time;
}

function compareTime(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A thing of a certain age, with what breaks ties among things of one age. */
interface Aged<T> {
  readonly item: T;
  readonly time: number;
  readonly ties: readonly string[];
}

function compareAged<T>(a: Aged<T>, b: Aged<T>): number {
  const byTime = compareTime(a.time, b.time);
  if (byTime !== 0) return byTime;
  for (const [index, tie] of a.ties.entries()) {
    const byTie = compareText(tie, b.ties[index] ?? '');
    if (byTie !== 0) return byTie;
  }
  return 0;
}

/** Sorts by creation time, then by the given texts; stable. Reads each timestamp once. */
export function sortByAge<T>(
  items: readonly T[],
  resourceOf: (item: T) => Resource,
  tiesOf: (item: T) => readonly string[],
): readonly T[] {
  const aged = items.map((item) => ({ item, time: createdAt(resourceOf(item)), ties: tiesOf(item) }));
  return aged.sort(compareAged).map(({ item }) => item);
}

/**
 * Resources of one kind in the order Istio reads them: creation time, then name, then namespace
 * (pilot/pkg/model/config.go, configCompareByCreationTime).
 */
export function inCreationOrder(resources: readonly Resource[]): readonly Resource[] {
  return sortByAge(
    resources,
    (resource) => resource,
    (resource) => [resource.name, resource.namespace ?? ''],
  );
}
