import { fitsSome } from './glob.js';
import type { OwnProduct } from './merge-products.js';

/** Which kinds products of one's own are told by, beside those that are read anyway. */
export function ownKinds(products: readonly OwnProduct[] = []): (group: string, kind: string) => boolean {
  const patterns = products.flatMap(({ fronts = [] }) => fronts.flatMap(({ kinds = [] }) => kinds));
  if (patterns.length === 0) return () => false;
  return (group, kind) => fitsSome(patterns, `${group}/${kind}`);
}
