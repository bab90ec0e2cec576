import type { Mesh } from '#mesh/mesh.js';

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

/** The version of a revision's control plane: as the input shows it, that of the only one shown, else the newest known. */
export function istioVersionOf(mesh: Mesh, revision: string | undefined): IstioVersion {
  const { versions } = mesh.settings;
  const name = revision ?? 'default';
  const shown = Object.values(versions);
  const own = Object.hasOwn(versions, name) ? versions[name] : undefined;
  return parse(own ?? (shown.length === 1 ? shown[0] : undefined)) ?? newestVersion;
}

/** True when a version is the given release line of Istio 1 or newer: features exist from their first line on. */
export function isAtLeast(version: IstioVersion, minor: number): boolean {
  return version.major > 1 || (version.major === 1 && version.minor >= minor);
}
