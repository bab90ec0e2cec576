import type { Directory } from './directory-tree.js';
import type { Disputes } from './disputes.js';
import { getOrMake } from './lazy.js';
import { alternativesOf, clashes, holdingsOf, ownFiles } from './parts.js';
import type { Alternative, Holding, Part, Split } from './parts.js';
import type { Placement } from './placements.js';

/** The files of a directory: those that clash with a child are a part of their own, the rest belongs to all. */
interface OwnFiles {
  readonly shared: readonly Placement[];
  readonly apart: readonly Part[];
}

function splitOwnFiles(own: Part, clashing: readonly Holding[], disputes: Disputes): OwnFiles {
  const { shared } = own.split;
  const variants = new Set(
    clashing.filter(({ parts }) => parts.has(own)).flatMap((each) => [...each.shared]),
  );
  const isApart = (placement: Placement): boolean => variants.has(disputes.get(placement)?.variant ?? '');
  const units = new Set(shared.filter(isApart).map(({ unit }) => unit));
  if (units.size === 0) return { shared, apart: [] };
  const placements = shared.filter(({ unit }) => units.has(unit));
  const [unit, ...others] = units;
  const isFile = others.length === 0 && !placements.some(({ kustomized }) => kustomized);
  const path = isFile ? (unit ?? own.path) : own.path;
  return {
    shared: shared.filter((placement) => !units.has(placement.unit)),
    apart: [{ name: ownFiles, path, split: { shared: placements, alternatives: [] } }],
  };
}

/** Puts alternatives of one name from several directories together: `a/prod` and `b/prod` are one environment. */
function joinByLabel(directory: Directory, alternatives: readonly Alternative[]): readonly Alternative[] {
  const byLabel = new Map<string, Alternative[]>();
  for (const alternative of alternatives) getOrMake(byLabel, alternative.label, () => []).push(alternative);
  return [...byLabel].map(([label, group]) => {
    const path =
      group.length === 1 ? group[0]?.path : [directory.path, '**', label].filter(Boolean).join('/');
    return { label, path: path ?? label, placements: group.flatMap(({ placements }) => placements) };
  });
}

/** How a tree is split. */
export interface Splitting {
  readonly disputes: Disputes;
  /** More alternatives than these leave a directory whole. */
  readonly most: number;
  readonly onTooMany: (directory: Directory, alternatives: number) => void;
}

function allOf({ split }: Part): readonly Placement[] {
  return [...split.shared, ...split.alternatives.flatMap(({ placements }) => placements)];
}

function countOf({ split }: Part): number {
  return Math.max(1, split.alternatives.length);
}

/**
 * Tells apart what under a directory cannot be deployed together. Parts (child directories, and the directory's own
 * files) that hold different forms of one object are alternatives; everything else is shared by all of them.
 * Alternatives of one name in unrelated children are joined, so their number never exceeds that of directories.
 */
export function splitDirectory(directory: Directory, splitting: Splitting): Split {
  const { disputes, most } = splitting;
  const own: Part = {
    name: ownFiles,
    path: directory.path,
    split: { shared: directory.own, alternatives: [] },
  };
  const children = [...directory.children].map(([name, child]): Part => {
    return { name, path: child.path, split: splitDirectory(child, splitting) };
  });
  const clashing = holdingsOf([own, ...children], disputes).filter(clashes);
  const clashingParts = new Set(clashing.flatMap(({ parts }) => [...parts]));
  const files = splitOwnFiles(own, clashing, disputes);
  const apart = [...files.apart, ...children.filter((part) => clashingParts.has(part))];
  const count = apart.reduce((sum, part) => sum + countOf(part), 0);
  if (count > most) {
    splitting.onTooMany(directory, count);
    return { shared: [own, ...children].flatMap(allOf), alternatives: [] };
  }
  const together = children.filter((part) => !clashingParts.has(part)).map(({ split }) => split);
  return {
    shared: [...files.shared, ...together.flatMap(({ shared }) => shared)],
    alternatives: joinByLabel(directory, [
      ...apart.flatMap(alternativesOf),
      ...together.flatMap(({ alternatives }) => alternatives),
    ]),
  };
}
