import type { Search } from './find-files.js';

/** Adds the files that a glob matches to the search; false when the text is no glob. A glob without match adds a problem. */
export async function listGlob(search: Search, given: string): Promise<boolean> {
  const { default: fastGlob } = await import('fast-glob');
  const pattern = given.replaceAll('\\', '/');
  if (!fastGlob.isDynamicPattern(pattern)) return false;
  const matches = await fastGlob(endsOpen(pattern) ? withExtensions(pattern) : [pattern], {
    cwd: search.cwd,
    absolute: true,
    dot: true,
    onlyFiles: true,
    stats: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: ['**/node_modules/**', '**/.git/**'],
  });
  for (const match of matches) search.candidates.push({ path: match.path, linked: false });
  if (matches.length === 0) {
    search.problems.push({
      code: 'not-found',
      file: given,
      message: `No file matches ${given}`,
      fatal: true,
    });
  }
  return true;
}

/** `k8s/**` and `k8s/*` mean what a directory means: the manifest files in it. */
function endsOpen(pattern: string): boolean {
  return /(?:^|\/)\*\*?$/.test(pattern);
}

function withExtensions(pattern: string): string[] {
  const base = pattern.endsWith('**') ? `${pattern}/*` : pattern;
  return [`${base}.{yaml,yml,json}`, `${base.slice(0, -1)}Kustomization`];
}
