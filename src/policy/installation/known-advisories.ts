import type { Mesh } from '#mesh/mesh.js';
import type { Advisory } from './advisory.js';
import { affects } from './advisory.js';
import { exposurePatterns } from './advisory-patterns.js';
import { advisories } from './generated/advisories.js';
import { releases } from './generated/releases.js';
import type { ReleaseNumber } from './version.js';
import { lineOf } from './version.js';

/** What the bulletins say of a release in a mesh. */
export interface KnownAdvisories {
  /** Those that count, the gravest first; `shown` where the configuration has the exposed pattern. */
  readonly counting: readonly { readonly advisory: Advisory; readonly shown: boolean }[];
  /** Those of which the input does not show whether the exposed pattern is used, or whether the release is named. */
  readonly undecided: readonly Advisory[];
  /** The first release of the same line that no bulletin names; undefined where the line gets no more fixes. */
  readonly fixedIn: string | undefined;
}

/** The number of a bulletin by which patterns are kept: `2026-001`. */
function numberOf({ id }: Advisory): string {
  return id.slice(-8);
}

/**
 * What the configuration says of a bulletin that names the release: it has the exposed pattern; nothing shows that it
 * lacks it; it lacks what every part of the bulletin needs; the input does not show which.
 */
export type AdvisoryStanding = 'shown' | 'counts' | 'absent' | 'undecided';

/** A bulletin that names a release, or may. */
export interface StandingAdvisory {
  readonly advisory: Advisory;
  readonly standing: AdvisoryStanding;
}

function standingOf(mesh: Mesh, advisory: Advisory): AdvisoryStanding {
  const pattern = exposurePatterns.get(numberOf(advisory));
  if (pattern === undefined) return 'counts';
  if (pattern.isShown(mesh)) return 'shown';
  if (!pattern.decisive) return 'counts';
  return mesh.scope === 'complete' ? 'absent' : 'undecided';
}

/**
 * The bulletins that bear on a release, each with its standing, as they are published; undecided where it cannot be told
 * whether the release is named. Without a release all of them are.
 */
export function standingAdvisories(
  mesh: Mesh,
  release: ReleaseNumber | undefined,
): readonly StandingAdvisory[] {
  return advisories.flatMap((advisory): readonly StandingAdvisory[] => {
    const affected = release === undefined ? undefined : affects(advisory, release);
    if (affected === false) return [];
    return [{ advisory, standing: affected === undefined ? 'undecided' : standingOf(mesh, advisory) }];
  });
}

/** The first release of the same line that no bulletin names; undefined where the line gets no more fixes. */
export function fixedIn(release: ReleaseNumber): string | undefined {
  const { major, minor } = release;
  const patches = advisories.flatMap(({ affected }) =>
    affected.flatMap((range) => {
      const [one, two, three] = 'before' in range ? range.before : range.to;
      return one === major && two === minor ? ['before' in range ? three : three + 1] : [];
    }),
  );
  const isLine = releases.some(({ line }) => line === lineOf(release));
  return isLine && patches.length > 0 ? `${lineOf(release)}.${String(Math.max(...patches))}` : undefined;
}

const byGravity = (one: { advisory: Advisory }, other: { advisory: Advisory }): number =>
  (other.advisory.score ?? 0) - (one.advisory.score ?? 0) || (one.advisory.id < other.advisory.id ? 1 : -1);

/** The bulletins that bear on a release of Istio in a mesh, by release and by the configuration that each exposes. */
export function knownAdvisories(mesh: Mesh, release: ReleaseNumber): KnownAdvisories {
  const standing = standingAdvisories(mesh, release);
  return {
    counting: standing
      .filter((each) => each.standing === 'shown' || each.standing === 'counts')
      .map((each) => ({ advisory: each.advisory, shown: each.standing === 'shown' }))
      .sort(byGravity),
    undecided: standing.filter((each) => each.standing === 'undecided').map(({ advisory }) => advisory),
    fixedIn: fixedIn(release),
  };
}
