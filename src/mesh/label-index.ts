import { getOrMake, lazy } from './lazy.js';
import { containsAll } from './string-map.js';
import type { StringMap } from './string-map.js';

/** Something that has labels and a namespace. */
interface Labelled {
  readonly namespace: string;
  readonly labels: StringMap;
}

/** Finds the members of a namespace whose labels contain all given pairs. */
export interface LabelIndex<T> {
  readonly inNamespace: (namespace: string) => readonly T[];
  readonly matching: (namespace: string, labels: StringMap) => readonly T[];
  /** How many members of a namespace carry one pair. */
  readonly frequency: (namespace: string, key: string, value: string) => number;
}

/** Key of one label pair in a namespace; joined with NUL, which YAML does not admit. */
export function pairKey(namespace: string, key: string, value: string): string {
  return `${namespace}\0${key}\0${value}`;
}

function indexPairs<T extends Labelled>(members: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const byPair = new Map<string, T[]>();
  for (const member of members)
    for (const [key, value] of Object.entries(member.labels))
      getOrMake(byPair, pairKey(member.namespace, key, value), () => []).push(member);
  return byPair;
}

/** Indexes by namespace and single label pair; a look-up walks only the rarest pair it asks for. */
export function indexLabels<T extends Labelled>(members: readonly T[]): LabelIndex<T> {
  const byNamespace = new Map<string, T[]>();
  for (const member of members) getOrMake(byNamespace, member.namespace, () => []).push(member);
  const byPair = lazy(() => indexPairs(members));
  const inNamespace = (namespace: string): readonly T[] => byNamespace.get(namespace) ?? [];
  const carrying = (namespace: string, key: string, value: string): readonly T[] =>
    byPair().get(pairKey(namespace, key, value)) ?? [];
  return {
    inNamespace,
    frequency: (namespace, key, value) => carrying(namespace, key, value).length,
    matching: (namespace, labels) => {
      const pairs = Object.entries(labels);
      if (pairs.length === 0) return inNamespace(namespace);
      const lists = pairs.map(([key, value]) => carrying(namespace, key, value));
      const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least));
      return pairs.length === 1 ? shortest : shortest.filter((member) => containsAll(member.labels, labels));
    },
  };
}
