import type { FieldRef } from '#documents/document.js';
import type { CheckMeta } from './define-check.js';
import { placeKey } from './group-failures.js';
import type { Occurrence } from './group-failures.js';

/** A check with the failures that it found. */
export interface Found {
  readonly meta: Pick<CheckMeta, 'id' | 'tellsMoreThan'>;
  readonly occurrences: readonly Occurrence[];
}

/** An EnvoyFilter's patches are each for themselves; other objects are one place. */
function objectOf({ resource, path }: FieldRef): string {
  const isPatch = path[0] === 'spec' && path[1] === 'configPatches' && path.length > 2;
  return placeKey({ resource, path: isPatch ? path.slice(0, 3) : [] });
}

const placesOf = ({ failure: { at, related = [] } }: Occurrence): readonly FieldRef[] => [
  at,
  ...related.map((one) => one.at),
];

/** Id of the check that says the same of an occurrence of another one, and more of it; undefined: none does. */
export type Retold = (id: string, occurrence: Occurrence) => string | undefined;

/**
 * One cause is one finding: where a check that knows more (which product it is, and what that means) found something in an
 * object, what the checks that it names in `tellsMoreThan` say of that object is the same cause. Only checks that ran
 * count, so nothing is left out for one that was not asked for.
 */
export function retoldBy(found: readonly Found[]): Retold {
  const told = new Map<string, string>();
  for (const { meta, occurrences } of found)
    for (const other of meta.tellsMoreThan ?? [])
      for (const place of occurrences.flatMap(placesOf)) told.set(`${other} ${objectOf(place)}`, meta.id);
  if (told.size === 0) return () => undefined;
  return (id, { failure }) => told.get(`${id} ${objectOf(failure.at)}`);
}
