import path from 'node:path';

/** The name of a file in an archive, relative to its top; or why the name is refused. */
export type EntryName = { readonly name: string } | { readonly refused: string };

const longest = 4096;

/**
 * Settles the name of an entry: `./a//b` is `a/b`. A name that leads out of the archive (`../x`), or begins at the root
 * of a file system, is refused: whoever unpacks such an archive has files overwritten.
 */
export function entryName(written: string): EntryName {
  if (written.length > longest) return { refused: 'has a name of more than 4096 characters' };
  if (written.includes('\0')) return { refused: 'has a NUL character in its name' };
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(written)) return { refused: 'has an absolute path' };
  if (written.split(/[/\\]/).includes('..')) return { refused: 'has a path that leads out of the archive' };
  const name = path.posix.normalize(written).replace(/\/+$/, '');
  return { name: name === '.' ? '' : name };
}

/** Where a link of an archive leads, relative to its top; undefined when it leads out of it. */
export function linkTarget(name: string, target: string, hard: boolean): string | undefined {
  if (/^(?:[/\\]|[A-Za-z]:[/\\])/.test(target)) return undefined;
  const folder = hard ? '.' : path.posix.dirname(name);
  const joined = path.posix.join(folder, target);
  return joined === '..' || joined.startsWith('../') ? undefined : joined;
}
