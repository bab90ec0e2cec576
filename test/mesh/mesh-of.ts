import { LineCounter, parse, parseAllDocuments } from 'yaml';
import { isObject, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Resource } from '#documents/document.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { BuildOptions } from '#mesh/build-meshes.js';
import type { Mesh } from '#mesh/mesh.js';

/** Options of a test mesh, and what the documents layer would say of all resources. */
export type MeshOfOptions = Partial<BuildOptions> & {
  readonly file?: string;
  readonly storedObjects?: boolean;
  readonly reported?: boolean;
};

/** Reads embedded YAML for tests. */
export function parseYaml(text: string): JsonValue | undefined {
  try {
    return parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function resourceOf(
  object: JsonValue | undefined,
  document: number,
  place: { file: string; line: number },
): Resource | undefined {
  if (!isObject(object)) return undefined;
  const apiVersion = stringAt(object, 'apiVersion') ?? 'v1';
  const slash = apiVersion.indexOf('/');
  const namespace = stringAt(object, 'metadata', 'namespace');
  return {
    apiVersion,
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind: stringAt(object, 'kind') ?? '',
    name: stringAt(object, 'metadata', 'name') ?? '',
    namespace: namespace === '' ? undefined : namespace,
    object,
    origin: { file: place.file, document, path: [], line: place.line },
    stored: stringAt(object, 'metadata', 'uid') !== undefined,
    reported: true,
  };
}

/** Resources of a multi-document YAML text, as the documents layer would hand them on. */
export function resourcesOf(text: string, options: MeshOfOptions = {}): readonly Resource[] {
  const lines = new LineCounter();
  const resources = parseAllDocuments(text, { lineCounter: lines }).map((document, index) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const line = lines.linePos(document.range[0]).line;
    return resourceOf(document.toJS() as JsonValue, index, { file: options.file ?? 'mesh.yaml', line });
  });
  return resources
    .filter((resource) => resource !== undefined)
    .map((resource) => ({
      ...resource,
      stored: options.storedObjects ?? resource.stored,
      reported: options.reported ?? true,
    }));
}

/** The one mesh of a multi-document YAML text; scope `complete` unless told. Throws when there are several. */
export function meshOf(text: string, options: MeshOfOptions = {}): Mesh {
  const { meshes } = buildMeshes(resourcesOf(text, options), { scope: 'complete', parseYaml, ...options });
  const [mesh] = meshes;
  if (mesh === undefined || meshes.length > 1)
    throw new Error(`${String(meshes.length)} environments where a test expects one`);
  return mesh;
}
