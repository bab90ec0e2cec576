import { hearOnce, isHeard, tellAgain } from './hearing.js';

/** A value that is computed when first asked for, then kept. */
export function lazy<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  const value = (): T => {
    if (!isHeard()) return (kept ??= { value: compute() }).value;
    if (kept === undefined) kept = { value: hearOnce(value, undefined, compute) };
    else tellAgain(value, undefined);
    return kept.value;
  };
  return value;
}

/** The value a map holds for a key, made and stored on first use. */
export function getOrMake<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const found = map.get(key);
  if (found !== undefined) {
    if (isHeard()) tellAgain(map, key);
    return found;
  }
  const made = isHeard() ? hearOnce(map, key, make) : make();
  map.set(key, made);
  return made;
}
