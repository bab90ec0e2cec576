import { getOrMake } from './lazy.js';
import type { Placement } from './placements.js';

/** A directory of the input with what is placed directly in it. */
export interface Directory {
  /** As shown; `''` for the top. */
  readonly path: string;
  readonly own: readonly Placement[];
  readonly children: ReadonlyMap<string, Directory>;
}

interface Growing {
  readonly path: string;
  readonly own: Placement[];
  readonly children: Map<string, Growing>;
}

function grow(path: string): Growing {
  return { path, own: [], children: new Map() };
}

function steps(directory: string): readonly string[] {
  return directory === '.' ? [] : directory.split('/');
}

/** Goes down while there is nothing but one child: the lowest directory that all placements share. */
function lowestShared(tree: Directory): Directory {
  let current = tree;
  for (;;) {
    const [only, ...others] = [...current.children.values()];
    if (only === undefined || others.length > 0 || current.own.length > 0) return current;
    current = only;
  }
}

/** The tree of directories, from the lowest one that all placements share; children in order of name. */
export function directoryTree(placements: readonly Placement[]): Directory {
  const top = grow('');
  for (const placement of placements) {
    let node = top;
    for (const step of steps(placement.directory)) {
      const path = node === top ? step : `${node.path}/${step}`;
      node = getOrMake(node.children, step, () => grow(path));
    }
    node.own.push(placement);
  }
  return lowestShared(sorted(top));
}

function sorted(node: Growing): Directory {
  const children = new Map(
    [...node.children.keys()].sort().map((step) => [step, node.children.get(step) ?? grow('')]),
  );
  return { ...node, children: new Map([...children].map(([step, child]) => [step, sorted(child)])) };
}
