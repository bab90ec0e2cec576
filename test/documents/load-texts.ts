import type { Loaded, Problem } from '#documents/document.js';
import { loadDocuments, type LoadOptions } from '#documents/load.js';

/** Loads texts from memory, with every kind read unless said otherwise. */
export function loadTexts(
  texts: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<Loaded> {
  const sources = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return loadDocuments({ paths: [], sources, cwd: '/', read: () => true, ...options });
}

/** `file:line:column code`, and a `?` for problems that do not spoil the audit. */
export function problemText({ file, line, column, code, fatal }: Problem): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(':')} ${code}${fatal ? '' : '?'}`;
}

/** `kind/name@file#document/path:line` */
export function resourceTexts({ resources }: Loaded): string[] {
  return resources.map(({ kind, name, origin }) => {
    const path = origin.path.map((step) => `/${String(step)}`).join('');
    return `${kind}/${name}@${origin.file}#${String(origin.document)}${path}:${String(origin.line)}`;
  });
}
