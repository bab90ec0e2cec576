import type { FieldRef } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** The mesh configuration as one source holds it: a text of YAML, the object itself, or a member of chart values. */
function configurationAt(mesh: Mesh, { resource, path }: FieldRef): JsonObject | undefined {
  const written = valueAt(resource.object, path);
  const value = typeof written === 'string' ? mesh.parseYaml(written) : written;
  if (!isObject(value)) return undefined;
  return objectAt(value, 'meshConfig') ?? value;
}

/**
 * Names of extension providers that one source of the mesh configuration defines more than once: reading it keeps the
 * last definition of each name (ApplyMeshConfig in pkg/config/mesh/mesh.go).
 */
export function duplicateProviders(
  mesh: Mesh,
): readonly { readonly provider: string; readonly at: FieldRef }[] {
  return mesh.settings.sources.flatMap((at) => {
    const providers = listAt(configurationAt(mesh, at) ?? null, 'extensionProviders');
    const names = providers.map((one) => stringAt(one, 'name') ?? '');
    const twice = names.filter((name, index) => name !== '' && names.indexOf(name) < index);
    return [...new Set(twice)].map((provider) => ({ provider, at }));
  });
}
