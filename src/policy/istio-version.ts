import type { Assumption, Mesh } from '#mesh/mesh.js';

/** A release line of Istio. */
export interface IstioVersion {
  readonly major: number;
  readonly minor: number;
  /** Whether the input shows it; otherwise it is the newest line that this project knows. */
  readonly shown: boolean;
}

/** The newest release line whose semantics are implemented here: taken where the input shows no version. */
export const newestVersion: IstioVersion = { major: 1, minor: 31, shown: false };

function parse(text: string | undefined): IstioVersion | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(text ?? '');
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), shown: true };
}

/** What counts where the input shows no version: as told, else the newest known. */
function fallback(mesh: Mesh): IstioVersion {
  const told = parse(mesh.settings.toldVersion);
  return told === undefined ? newestVersion : { ...told, shown: false };
}

/**
 * The version of a revision's control plane (undefined: of the one whose settings the mesh has): as the input shows it, that of the only one shown, else the one we were
 * told, else the newest known.
 */
export function istioVersionOf(mesh: Mesh, revision: string | undefined): IstioVersion {
  const { versions } = mesh.settings;
  const name = revision ?? mesh.settings.defaultRevision;
  const shown = Object.values(versions);
  const own = Object.hasOwn(versions, name) ? versions[name] : undefined;
  return parse(own ?? (shown.length === 1 ? shown[0] : undefined)) ?? fallback(mesh);
}

/** True when a version is the given release line of Istio 1 or newer: features exist from their first line on. */
export function isAtLeast(version: IstioVersion, minor: number): boolean {
  return version.major > 1 || (version.major === 1 && version.minor >= minor);
}

/** Revisions that the input has settings of and no version, where others have one. */
function revisionAssumptions(mesh: Mesh): readonly Assumption[] {
  const { versions, defaultRevision } = mesh.settings;
  const { major, minor } = fallback(mesh);
  return [defaultRevision, ...mesh.revisions.keys()]
    .filter((revision) => !Object.hasOwn(versions, revision))
    .map((revision) => {
      const text = `Istio ${major}.${minor} assumed for revision ${revision}: nothing in the input shows its version`;
      return { key: 'istio-version', text };
    });
}

/** What a report says of the version where the input does not show it, or shows another than we were told. */
export function versionAssumption(mesh: Mesh): readonly Assumption[] {
  const { versions, toldVersion } = mesh.settings;
  const shown = [...new Set(Object.values(versions))].sort();
  const { major, minor } = fallback(mesh);
  if (shown.length === 0) {
    const why = toldVersion === undefined ? 'the newest known' : 'as told';
    const text = `Istio ${major}.${minor} assumed, ${why}: nothing in the input shows a version`;
    return [{ key: 'istio-version', text }];
  }
  const assumed = Object.keys(versions).length > 1 ? revisionAssumptions(mesh) : [];
  if (toldVersion === undefined || shown.some((version) => parse(version)?.minor === minor)) return assumed;
  const text = `Istio ${toldVersion} was told but the input shows ${shown.join(', ')}, which counts`;
  return [{ key: 'istio-version', text }, ...assumed];
}
