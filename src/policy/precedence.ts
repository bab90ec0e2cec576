import type { Resource } from '#documents/document.js';
import { createdAt } from '#mesh/creation-order.js';
import type { Mesh } from '#mesh/mesh.js';
import { contestedEvidence, variantsOf } from './contested.js';
import type { MissingEvidence } from './decision.js';
import type { Visibility } from './revision-visibility.js';

/** The object that counts at one level of a hierarchy, or those that may be it as far as the input shows. */
export interface Level {
  /** One member when it is certain; undefined stands for "no object at this level". */
  readonly winners: readonly (Resource | undefined)[];
  /** What the input would have to hold to leave one winner only. */
  readonly doubts: readonly MissingEvidence[];
  /** The objects of the level that do not count: younger ones, and those that the control plane does not read. */
  readonly losers: readonly Resource[];
}

/** A level at which there is nothing. */
export const vacant: Level = { winners: [undefined], doubts: [], losers: [] };

interface Contest {
  readonly winners: Set<Resource | undefined>;
  readonly doubts: MissingEvidence[];
}

/** Those that may be the oldest: files mostly carry no creation time, and then a partial input cannot tell. */
function oldest(mesh: Mesh, objects: readonly Resource[]): readonly Resource[] {
  if (mesh.scope === 'complete') return objects.slice(0, 1);
  const undated = objects.filter((object) => createdAt(object) === -Infinity);
  const dated = objects.find((object) => createdAt(object) !== -Infinity);
  return dated === undefined ? undated : [...undated, dated];
}

function ageEvidence(mesh: Mesh, objects: readonly Resource[]): MissingEvidence {
  const names = [...new Set(objects.map((object) => `${mesh.namespaceOf(object)}/${object.name}`))];
  const kind = objects[0]?.kind ?? 'object';
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  return { key: 'creation-time', text: `which ${kind} is the oldest: ${shown}` };
}

function addVariants(mesh: Mesh, object: Resource, objects: readonly Resource[], contest: Contest): void {
  const variants = variantsOf(mesh, object);
  contest.doubts.push(contestedEvidence(mesh, object));
  const present = variants.filter((variant) => objects.includes(variant));
  for (const variant of present) contest.winners.add(variant);
  // A variant that does not belong to this level, or may not once it is patched, leaves the place to the next object.
  if (present.length < variants.length || object.patched !== undefined)
    contest.winners.add(objects.find((other) => !mesh.isContested(other)));
}

/**
 * The one object that counts among those of a level, given oldest first: the oldest that the control plane reads.
 * Where age, contested names or revisions leave several possible, all of them, with what is missing.
 */
export function oldestOf(
  mesh: Mesh,
  objects: readonly Resource[],
  visibilityOf: (object: Resource) => Visibility,
): Level {
  if (objects.length === 0) return vacant;
  const read = objects.filter((object) => visibilityOf(object) !== 'hidden');
  const contest: Contest = { winners: new Set(), doubts: [] };
  const first = oldest(mesh, read);
  for (const object of first) {
    if (mesh.isContested(object)) addVariants(mesh, object, read, contest);
    else contest.winners.add(object);
  }
  if (new Set(first.map(({ name }) => name)).size > 1) contest.doubts.unshift(ageEvidence(mesh, first));
  const unsure = read.filter((object) => visibilityOf(object) === 'unknown');
  if (unsure.length > 0) {
    contest.winners.add(read.find((object) => visibilityOf(object) === 'visible'));
    contest.doubts.push({
      key: 'revision',
      text: `which control plane revision reads ${unsure[0]?.name ?? ''}`,
    });
  }
  if (contest.winners.size === 0) contest.winners.add(undefined);
  const winners = [...contest.winners];
  return { winners, doubts: contest.doubts, losers: objects.filter((object) => !winners.includes(object)) };
}
