import type { Clause } from './written-rule.js';

/** A path of a rule beside one that it leaves out and that many servers take for the same. */
export interface PathNeighbour {
  readonly value: string;
  readonly neighbour: string;
}

/** True when one of the values takes the path: exact, as a prefix or as a suffix; templates are left aside. */
function isTaken(path: string, values: readonly string[]): boolean {
  return values.some((value) => {
    if (value === '*' || value.includes('{')) return true;
    if (value.endsWith('*')) return path.startsWith(value.slice(0, -1));
    return value.startsWith('*') ? path.endsWith(value.slice(1)) : value === path;
  });
}

function neighboursOf(value: string): readonly string[] {
  if (value.endsWith('/*') && value !== '/*') return [value.slice(0, -2)];
  if (value.startsWith('/') && !value.endsWith('*') && !/[{.]/.test(value))
    return value.endsWith('/') ? [value.slice(0, -1)].filter((path) => path !== '') : [`${value}/`];
  return [];
}

/** The neighbours that an operation leaves out: `/admin` beside `/admin/*`, `/admin/` beside `/admin`. */
export function leftOutPaths({ fields }: Clause): readonly PathNeighbour[] {
  const values = fields
    .filter(({ name, negative }) => name === 'paths' && !negative)
    .flatMap((field) => field.values);
  return values.flatMap((value) =>
    neighboursOf(value)
      .filter((neighbour) => !isTaken(neighbour, values))
      .map((neighbour) => ({ value, neighbour })),
  );
}
