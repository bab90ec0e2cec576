import type { Mesh } from '#mesh/mesh.js';
import { asOf, releases } from './generated/releases.js';
import type { ReleaseNumber } from './version.js';
import { lineOf } from './version.js';

/** A release line of Istio with the days between which it is supported, as ISO dates. */
export interface Release {
  readonly line: string;
  readonly released: string;
  readonly endOfSupport: string;
  /** True while the last day is a forecast of the project. */
  readonly expected: boolean;
}

/** Whether a release line gets fixes on a day. */
export interface Support {
  readonly supported: boolean;
  /** Undefined for lines that are older than the table. */
  readonly endOfSupport: string | undefined;
  /** True where that day is a forecast. */
  readonly expected: boolean;
  readonly newest: string;
  /** The day that was judged by. */
  readonly day: string;
}

/** The day an audit judges by: the one it was told, else the one up to which the table of releases knows. */
export function dayOf(mesh: Mesh): string {
  return mesh.today ?? asOf;
}

/**
 * Support of a release line on the audit's day (https://istio.io/latest/docs/releases/supported-releases/); undefined
 * for a line newer than the table, of which nothing is known.
 */
export function supportOf(mesh: Mesh, release: ReleaseNumber): Support | undefined {
  const day = dayOf(mesh);
  const [newest] = releases;
  if (newest === undefined) return undefined;
  const found = releases.find(({ line }) => line === lineOf(release));
  if (found !== undefined) {
    const { endOfSupport, expected } = found;
    return { supported: day <= endOfSupport, endOfSupport, expected, newest: newest.line, day };
  }
  const oldest = Number(releases.at(-1)?.line.split('.')[1]);
  const isOlder = release.major < 1 || (release.major === 1 && release.minor < oldest);
  return isOlder
    ? { supported: false, endOfSupport: undefined, expected: false, newest: newest.line, day }
    : undefined;
}
