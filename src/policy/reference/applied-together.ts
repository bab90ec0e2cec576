import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { contestedEvidence } from '#policy/contested.js';
import type { MissingEvidence } from '#policy/decision.js';

const directoryOf = ({ origin: { file } }: Resource): string => file.replace(/\/?[^/]*$/, '');

/**
 * What is missing for two objects to be known to stand in one cluster: files of a repository may be alternatives. Objects of
 * one directory are taken to be applied together, unless one of them exists in several forms; so is a whole cluster.
 */
export function togetherDoubts(mesh: Mesh, one: Resource, other: Resource): readonly MissingEvidence[] {
  const contested = [one, other].filter((each) => mesh.isContested(each));
  if (contested.length > 0) return contested.map((each) => contestedEvidence(mesh, each));
  if (mesh.scope === 'complete' || directoryOf(one) === directoryOf(other)) return [];
  const names = [one, other].map(({ kind, name, origin }) => `${kind} ${name} (${origin.file})`);
  return [{ key: 'applied-together', text: `whether ${names.join(' and ')} are applied to one cluster` }];
}
