import type { Problem, Resource } from '#documents/document.js';

/** The problem of a MeshConfig that Istio's reader refuses as a whole. */
export function refusedMeshConfig(resource: Resource, field: string, why: string): Problem {
  const { kind, namespace, name, origin } = resource;
  return {
    code: 'invalid-resource',
    file: origin.file,
    line: origin.line,
    message: `${[kind, namespace === undefined ? name : `${namespace}/${name}`].join(' ').trim()}: Istio cannot read the mesh configuration in ${field}: ${why}.`,
    hint: `Mend ${field}; until then the settings of the mesh count as unknown.`,
    fatal: true,
  };
}
