import { getOrMake } from './lazy.js';
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
}

/** Members by the value of one label, by label. */
type Pairs<T> = ReadonlyMap<string, ReadonlyMap<string, readonly T[]>>;

function indexPairs<T extends Labelled>(members: readonly T[]): Pairs<T> {
  const byKey = new Map<string, Map<string, T[]>>();
  for (const member of members) {
    const { labels } = member;
    for (const key of Object.keys(labels)) {
      const byValue = getOrMake(byKey, key, () => new Map<string, T[]>());
      getOrMake(byValue, labels[key] ?? '', () => []).push(member);
    }
  }
  return byKey;
}

/** Indexes by namespace and single label pair; a look-up walks only the rarest pair it asks for. */
export function indexLabels<T extends Labelled>(members: readonly T[]): LabelIndex<T> {
  const byNamespace = new Map<string, T[]>();
  for (const member of members) getOrMake(byNamespace, member.namespace, () => []).push(member);
  const pairs = new Map<string, Pairs<T>>();
  const inNamespace = (namespace: string): readonly T[] => byNamespace.get(namespace) ?? [];
  const carrying = (namespace: string, key: string, value: string): readonly T[] =>
    getOrMake(pairs, namespace, () => indexPairs(inNamespace(namespace)))
      .get(key)
      ?.get(value) ?? [];
  return {
    inNamespace,
    matching: (namespace, labels) => {
      const wanted = Object.entries(labels);
      if (wanted.length === 0) return inNamespace(namespace);
      const lists = wanted.map(([key, value]) => carrying(namespace, key, value));
      const shortest = lists.reduce((least, list) => (list.length < least.length ? list : least));
      return wanted.length === 1 ? shortest : shortest.filter((member) => containsAll(member.labels, labels));
    },
  };
}
