import { loadMeshes, type InputOptions } from './load-meshes.js';

/** A folder at the top of the input with manifests in it. */
export interface InputFolder {
  /** Relative to the working directory; `.` for the files right in it. */
  readonly path: string;
  readonly resources: number;
  /** How many of them are Istio's own, or of the Gateway API. */
  readonly meshResources: number;
}

/** What an input holds, before anything in it is judged. */
export interface InputDescription {
  /** By path. */
  readonly folders: readonly InputFolder[];
  /** Names of the environments that the folders tell apart; none when there is one. */
  readonly environments: readonly string[];
  /** Releases of Istio that the input shows. */
  readonly istioVersions: readonly string[];
}

const isOfMesh = (group: string): boolean => /(?:^|\.)istio\.io$|^gateway\.networking\.k8s\.io$/.test(group);

/** Looks at what there is: where manifests lie, which environments they make up. Reads all, judges nothing. */
export async function describeInput(options: InputOptions): Promise<InputDescription> {
  const { loaded, meshes } = await loadMeshes(options);
  const folders = new Map<string, { resources: number; meshResources: number }>();
  for (const { origin, group } of loaded.resources) {
    const slash = origin.file.indexOf('/');
    const path = slash < 0 ? '.' : origin.file.slice(0, slash);
    const count = folders.get(path) ?? { resources: 0, meshResources: 0 };
    folders.set(path, {
      resources: count.resources + 1,
      meshResources: count.meshResources + (isOfMesh(group) ? 1 : 0),
    });
  }
  return {
    folders: [...folders]
      .map(([path, count]) => ({ path, ...count }))
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    environments: meshes.length < 2 ? [] : meshes.map(({ environment }) => environment),
    istioVersions: [...new Set(meshes.flatMap(({ settings }) => Object.values(settings.versions)))].sort(),
  };
}
