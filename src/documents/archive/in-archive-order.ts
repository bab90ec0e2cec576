import type { FileContent } from '#documents/found-object.js';
import { compareText } from '#documents/shown-path.js';

/** Puts the files of each archive into the order in which a folder would give them; of two with one path the last counts. */
export function inArchiveOrder(contents: readonly FileContent[]): FileContent[] {
  const archives = new Map<string, Map<string, FileContent>>();
  const groups: (readonly FileContent[] | Map<string, FileContent>)[] = [];
  for (const content of contents) {
    const { archive, shown } = content.source;
    if (archive === undefined) {
      groups.push([content]);
      continue;
    }
    const files = archives.get(archive) ?? new Map<string, FileContent>();
    if (files.size === 0) groups.push(files);
    archives.set(archive, files.set(shown, content));
  }
  return groups.flatMap((group) => [...group.values()].sort(byPath));
}

function byPath(a: FileContent, b: FileContent): number {
  return compareText(a.source.shown, b.source.shown);
}
