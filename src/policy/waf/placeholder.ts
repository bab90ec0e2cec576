import type { Resource } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** What documentation and templating tools leave in a value for somebody to fill in: `<host>`, `${HOST}`, `{{ host }}`. */
const placeholder = /<[^<>\s]+>|\$\{[^}]*\}|\{\{[^}]*\}\}/;

/** True for an object that is refused only for a value which is still to be filled in. */
export function hasPlaceholder(mesh: Mesh, resource: Resource): boolean {
  const answer = mesh.validationOf(resource);
  const [first] = [...(answer?.schema ?? []), ...(answer?.webhook?.errors ?? [])];
  if (first === undefined) return false;
  const value = valueAt(resource.object, first.path);
  return placeholder.test(typeof value === 'string' ? value : first.message) || holdsPlaceholder(value);
}

/** True for a value with a member that is still to be filled in. */
export function holdsPlaceholder(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && placeholder.test(JSON.stringify(value));
}
