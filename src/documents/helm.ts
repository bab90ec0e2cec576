import { existsSync } from 'node:fs';
import path from 'node:path';

/** Finds the chart that a file belongs to, by the nearest Chart.yaml above it. */
export interface Charts {
  /** The chart's folder as shown; undefined outside of charts. */
  readonly chartOf: (shown: string) => string | undefined;
}

/**
 * Charts known from the files of the input and, where the input is on disk (`cwd`), from the folders above it, up to
 * and including the working directory.
 */
export function createCharts(shownFiles: ReadonlySet<string>, cwd: string | undefined): Charts {
  const known = new Map<string, boolean>();
  const isChart = (folder: string): boolean => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const file = folder === '.' ? 'Chart.yaml' : `${folder}/Chart.yaml`;
    const is = shownFiles.has(file) || (cwd !== undefined && existsSync(path.resolve(cwd, file)));
    known.set(folder, is);
    return is;
  };
  return {
    chartOf: (shown) => {
      for (let folder = path.posix.dirname(shown); ; folder = path.posix.dirname(folder)) {
        if (isChart(folder)) return folder;
        if (folder === '.' || folder === '/' || folder.endsWith('..')) return undefined;
      }
    },
  };
}

/** True for a file in the `templates/` folder of its chart, all of which Helm renders. */
export function isInTemplates(shown: string, chart: string | undefined): boolean {
  if (chart === undefined) return false;
  const inside = chart === '.' ? shown : shown.slice(chart.length + 1);
  return inside.startsWith('templates/');
}
