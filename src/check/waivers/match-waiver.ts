import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { CatalogueCheck } from '#check/define-check.js';
import type { Occurrence } from '#check/group-failures.js';
import { describe } from '#check/subject.js';
import type { Waiver } from './waiver.js';

/** True when a word is the check's id or family, whatever the case. */
export function namesCheck(word: string, { meta, family }: CatalogueCheck): boolean {
  const typed = word.toLowerCase();
  return typed === meta.id.toLowerCase() || typed === family;
}

/**
 * True when a waiver is about a failure: about the resource to edit, or about the subject that fails. A waiver of one
 * finding is matched by its fingerprint, later.
 */
export function coversOccurrence(waiver: Waiver, { subject, failure, mesh }: Occurrence): boolean {
  if (waiver.fingerprint !== undefined) return false;
  if (waiver.environment !== undefined && !matchesGlob(waiver.environment, mesh.environment)) return false;
  const resources = [failure.at.resource, ...(subject.at === undefined ? [] : [subject.at.resource])];
  return resources.some((resource) => covers(waiver, resource, mesh));
}

function covers({ resource, namespace, labels }: Waiver, candidate: Resource, mesh: Mesh): boolean {
  return (
    (resource === undefined || matchesGlob(resource, describe(mesh, candidate))) &&
    (namespace === undefined || matchesGlob(namespace, namespaceOf(candidate, mesh))) &&
    Object.entries(labels ?? {}).every(
      ([key, value]) => stringAt(candidate.object, 'metadata', 'labels', key) === value,
    )
  );
}

/** A Namespace object counts as part of itself. */
function namespaceOf(resource: Resource, mesh: Mesh): string {
  return resource.kind === 'Namespace' ? resource.name : mesh.namespaceOf(resource);
}

/** A pattern with `*` for any run of characters, held against a whole text; linear in their lengths' product. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
