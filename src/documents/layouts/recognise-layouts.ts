import type { DumpLayout } from '#documents/document.js';
import type { FileContent } from '#documents/found-object.js';
import { clusterInfoStream, layouts, type Layout } from './layout.js';

/** Finds out in which layouts of dumps the files of the input lie; each file belongs to one at most. */
export function recogniseLayouts(contents: readonly FileContent[]): readonly DumpLayout[] {
  const found: DumpLayout[] = [];
  const paths = contents.map(({ source }) => source.shown);
  for (const layout of layouts) {
    for (const [root, own] of byRoot(paths, layout)) {
      if (!layout.shows(own) || found.some((known) => isWithin(root, known))) continue;
      found.push(toDump(layout, { root, whole: root.replace(/\/$/, '').replace(/!$/, '') || '.' }));
    }
  }
  const streams = contents.filter(({ signs }) => signs.logs === true);
  const dumps = streams.map(({ source: { shown } }) =>
    toDump(clusterInfoStream, { root: shown, whole: shown }),
  );
  return [...found, ...dumps];
}

/** Paths relative to the folders that they speak for. */
function byRoot(paths: readonly string[], layout: Layout): ReadonlyMap<string, readonly string[]> {
  const roots = new Map<string, string[]>();
  for (const path of paths) {
    const root = layout.rootOf(path);
    if (root === undefined) continue;
    const own = roots.get(root) ?? [];
    own.push(path.slice(root.length));
    roots.set(root, own);
  }
  return roots;
}

function toDump(
  { name, says, holds, stored }: Layout,
  { root, whole }: { readonly root: string; readonly whole: string },
): DumpLayout {
  return { name, root, holds, stored: stored === true, says: `${whole} is ${says}` };
}

/** True for the files of a dump, and for folders in it. */
export function isWithin(path: string, { root }: Pick<DumpLayout, 'root'>): boolean {
  return path === root || root === '' || (root.endsWith('/') && path.startsWith(root));
}
