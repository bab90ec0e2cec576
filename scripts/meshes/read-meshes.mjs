import { loadSource } from '../load-source.mjs';

const [loader, limits, yaml, builder] = await loadSource(
  'src/documents/load.ts',
  'src/documents/limits.ts',
  'src/documents/read-any-yaml.ts',
  'src/mesh/build-meshes.ts',
);

function parseYaml(text) {
  const result = yaml.readAnyYaml(text, limits.defaultLimits);
  return 'value' in result ? result.value : undefined;
}

/** Resources of YAML texts `{ path, text }`, of every kind. Throws when a text is not read to the end. */
export async function readResources(...sources) {
  const loaded = await loader.loadDocuments({ paths: [], sources, cwd: '/', read: () => true });
  const [problem] = loaded.problems;
  if (problem) throw new Error(`${problem.file}: ${problem.message}`);
  return loaded.resources;
}

/** Stands for the Secrets of a mesh: without any, an input counts as one that was taken without them. */
export const secretsGiven = {
  path: 'secrets-given.yaml',
  text: 'apiVersion: v1\nkind: Secret\nmetadata: { name: none, namespace: default }\n',
};

/** The one mesh of resources that hold all that matters, each object stored; further options of the builder where needed. */
export function meshOfResources(resources, options = {}) {
  const { meshes } = builder.buildMeshes(resources, {
    scope: 'complete',
    stored: true,
    parseYaml,
    ...options,
  });
  if (meshes.length !== 1) throw new Error(`${meshes.length} environments where there is one`);
  return meshes[0];
}
