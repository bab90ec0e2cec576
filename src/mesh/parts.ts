import type { Disputes } from './disputes.js';
import { getOrMake } from './lazy.js';
import type { Placement } from './placements.js';

/** One of several ways in which a tree can be deployed. */
export interface Alternative {
  /** Names of the directories that make the difference, from the top: `prod`, `eu/prod`. */
  readonly label: string;
  /** Path of the directory (or file) that holds it. */
  readonly path: string;
  readonly placements: readonly Placement[];
}

/** What a directory holds in every case, and the alternatives beside it (none: the directory is one deployment). */
export interface Split {
  readonly shared: readonly Placement[];
  readonly alternatives: readonly Alternative[];
}

/** A child directory, or files of the directory itself, under its name. */
export interface Part {
  readonly name: string;
  readonly path: string;
  readonly split: Split;
}

/** The name of the part that a directory's own files make. */
export const ownFiles = '.';

/** Which forms of a disputed object some parts hold, and how these would meet. */
export interface Holding {
  readonly parts: Set<Part>;
  readonly shared: Set<string>;
  readonly byLabel: Map<string, Set<string>>;
}

/** Finds for each disputed object which of the parts hold it, and in which forms. */
export function holdingsOf(parts: readonly Part[], disputes: Disputes): readonly Holding[] {
  const holdings = new Map<string, Holding>();
  const note = (part: Part, placement: Placement, label: string | undefined): void => {
    const dispute = disputes.get(placement);
    if (dispute === undefined) return;
    const empty = (): Holding => ({ parts: new Set(), shared: new Set(), byLabel: new Map() });
    const holding = getOrMake(holdings, dispute.identity, empty);
    holding.parts.add(part);
    const variants =
      label === undefined ? holding.shared : getOrMake(holding.byLabel, label, () => new Set());
    variants.add(dispute.variant);
  };
  for (const part of parts) {
    for (const placement of part.split.shared) note(part, placement, undefined);
    for (const { label, placements } of part.split.alternatives) {
      for (const placement of placements) note(part, placement, label);
    }
  }
  return [...holdings.values()];
}

/**
 * True when parts that would be deployed together hold different forms of one object. Alternatives of one label
 * meet each other, and what their part shares; those of different labels never meet.
 */
export function clashes({ parts, shared, byLabel }: Holding): boolean {
  if (parts.size < 2) return false;
  if (shared.size > 1) return true;
  return [...byLabel.values()].some((variants) => new Set([...shared, ...variants]).size > 1);
}

/** The alternatives that a part becomes when it cannot be deployed beside some other part. */
export function alternativesOf({ name, path, split }: Part): readonly Alternative[] {
  if (split.alternatives.length === 0) return [{ label: name, path, placements: split.shared }];
  return split.alternatives.map(({ label, path: inner, placements }) => ({
    label: label === ownFiles ? name : `${name}/${label}`,
    path: inner,
    placements: [...split.shared, ...placements],
  }));
}
