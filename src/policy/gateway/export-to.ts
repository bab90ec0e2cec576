import { stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/**
 * Namespaces that an object is exported to: its own list, else the mesh's default of its kind, else all. `.` becomes the
 * object's own namespace (convertExportToSet in pilot/pkg/model/virtualservice_controller.go).
 */
export function exportSet(
  mesh: Mesh,
  written: readonly string[],
  { namespace, setting }: { readonly namespace: string; readonly setting: string },
): ReadonlySet<string> {
  const config: JsonValue = mesh.settings.config;
  const byDefault = Object.hasOwn(config, setting) ? stringsAt(config, setting) : ['*'];
  const list = written.length > 0 ? written : byDefault;
  return new Set(list.map((entry) => (entry === '.' ? namespace : entry)));
}
