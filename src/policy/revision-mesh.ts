import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, MeshSettings } from '#mesh/mesh.js';
import type { Decision } from './decision.js';
import type { Enrolment } from './policies.js';

const views = new WeakMap<Mesh, Map<string, Mesh>>();

/** Settings of a control plane that the input does not show: only what all of them must agree on is kept. */
function unseen(settings: MeshSettings, revision: string): MeshSettings {
  return {
    ...settings,
    sources: [],
    known: false,
    config: {},
    env: {},
    envSource: {},
    defaultRevision: revision,
    injector: undefined,
    injectorSource: undefined,
    fieldOf: () => undefined,
  };
}

/**
 * True when the settings that stand for the mesh are those of a revision: by its name, as the default, or because there
 * is no other control plane that could have it.
 */
function isOwn({ settings, revisions, scope }: Mesh, revision: string): boolean {
  if (revision === settings.defaultRevision) return true;
  if (revision === 'default' && !revisions.has(revision)) return true;
  return revisions.size === 0 && (scope === 'complete' || !settings.known);
}

/**
 * The mesh with the settings of one revision's control plane: each has a MeshConfig, an environment and an injector of
 * its own (ConfigMaps `istio-<revision>`, `istio-sidecar-injector-<revision>`). A revision that the input does not
 * show has unknown settings, where the input shows others.
 */
export function meshOfRevision(mesh: Mesh, revision: string): Mesh {
  if (isOwn(mesh, revision)) return mesh;
  const kept = getOrMake(views, mesh, () => new Map<string, Mesh>());
  return getOrMake(kept, revision, () => {
    const settings = mesh.revisions.get(revision) ?? unseen(mesh.settings, revision);
    return { ...mesh, settings };
  });
}

/** The mesh as the control plane of a workload's proxy sees it; as the default one does where no revision is known. */
export function meshSeenBy(mesh: Mesh, enrolment: Decision<Enrolment>): Mesh {
  const revision = enrolment.known ? enrolment.value.revision : undefined;
  return revision === undefined ? mesh : meshOfRevision(mesh, revision);
}
