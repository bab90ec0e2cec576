import type { SubjectRef } from './subject.js';

/** Orders two strings by UTF-16 code unit: the same on every machine and locale. */
export function byCodeUnit(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Orders by the first comparison that tells the two apart. */
export function firstDifference(...comparisons: readonly number[]): number {
  return comparisons.find((comparison) => comparison !== 0) ?? 0;
}

/** Orders subjects by namespace, kind, name. */
export function bySubject(a: Omit<SubjectRef, 'at'>, b: Omit<SubjectRef, 'at'>): number {
  return byCodeUnit(a.namespace, b.namespace) || byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name);
}
