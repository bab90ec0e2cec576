import type { Resource } from '#documents/document.js';

const numbers = new WeakMap<Resource, number>();
let last = 0;

function numberOf(resource: Resource): number {
  const known = numbers.get(resource);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(resource, last);
  return last;
}

/** A key that is the same for the same resources in the same order, so that what follows from them is computed once. */
export function keyOf(resources: readonly Resource[]): string {
  return resources.map(numberOf).join(',');
}
