import type { Mesh } from '#mesh/mesh.js';

/**
 * The version of the control plane of a revision as the input shows it: that of the revision, else the only one shown.
 * Undefined where nothing shows it; a version that was told is not taken, for it says nothing of single pods.
 */
export function controlPlaneVersion({ settings }: Mesh, revision: string | undefined): string | undefined {
  const { versions, defaultRevision } = settings;
  const name = revision ?? defaultRevision;
  if (Object.hasOwn(versions, name)) return versions[name];
  const shown = Object.values(versions);
  return shown.length === 1 ? shown[0] : undefined;
}
