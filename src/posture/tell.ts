import type { FieldRef, Locate } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import type { StoryChapter, StoryStep } from './row.js';

/** Words and places for what a decision points at. */
export interface Teller {
  readonly mesh: Mesh;
  readonly locate: Locate;
}

/** A field as a step of a story. */
export function stepOf({ mesh, locate }: Teller, at: FieldRef, note: string | undefined): StoryStep {
  const { resource } = at;
  const namespace = mesh.namespaceOf(resource);
  const name = namespace === '' ? resource.name : `${namespace}/${resource.name}`;
  return { resource: `${resource.kind} ${name}`, note, location: locate(at) };
}

/** A decision as a chapter: its answer in words, what decided it, what was looked at. */
export function chapter<T>(
  teller: Teller,
  title: string,
  decision: Decision<T>,
  answer: (value: T) => string,
): StoryChapter {
  const considered = decision.considered.map(({ at, note }) => stepOf(teller, at, note));
  if (!decision.known)
    return { title, answer: 'unknown', decidedBy: undefined, considered, missing: decision.missing };
  const { value, decidedBy } = decision;
  return {
    title,
    answer: decidedBy === 'default' ? `${answer(value)} (Istio's default)` : answer(value),
    decidedBy: decidedBy === 'default' ? undefined : stepOf(teller, decidedBy, undefined),
    considered,
    missing: [],
  };
}
