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

/** The one mesh of resources that hold all that matters, each object stored. */
export function meshOfResources(resources) {
  const { meshes } = builder.buildMeshes(resources, { scope: 'complete', stored: true, parseYaml });
  if (meshes.length !== 1) throw new Error(`${meshes.length} environments where there is one`);
  return meshes[0];
}
