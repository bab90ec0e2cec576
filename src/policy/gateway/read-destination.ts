import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { completeHost } from './host-name.js';
import type { RouteDestination } from './route.js';

/** A resource whose short names are completed with its namespace. */
export interface Reader {
  readonly mesh: Mesh;
  readonly resource: Resource;
  readonly namespace: string;
}

/** A number of the input, or what stands for none. */
export function numberAt<T>(at: FieldRef, path: FieldPath, otherwise: T): number | T {
  const value = valueAt(at.resource.object, [...at.path, ...path]);
  return typeof value === 'number' ? value : otherwise;
}

/** The weighted destinations under `route` of a VirtualService's rule. */
export function readDestinations(
  { mesh, resource, namespace }: Reader,
  rule: FieldRef,
): readonly RouteDestination[] {
  return listAt(resource.object, ...rule.path, 'route').map((entry, index) => {
    const at = { resource, path: [...rule.path, 'route', index] };
    const host = stringAt(entry, 'destination', 'host') ?? '';
    return {
      host: completeHost(host, namespace, mesh.settings.domainSuffix),
      port: numberAt(at, ['destination', 'port', 'number'], undefined),
      subset: stringAt(entry, 'destination', 'subset') ?? '',
      weight: numberAt(at, ['weight'], 0),
      at,
    };
  });
}
