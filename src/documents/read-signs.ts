import type { FoundObject, FoundProblem, Signs } from './found-object.js';
import type { Source } from './read-source.js';
import type { Slice } from './split-yaml.js';
import { waiverMark } from './waiver-comments.js';

/** What was read of a file so far. */
export interface ReadSoFar {
  readonly source: Source;
  readonly objects: readonly FoundObject[];
  readonly problems: readonly FoundProblem[];
}

/** Notes what the text of a file shows beside its documents. */
export function readSigns({ source: { bytes }, objects, problems }: ReadSoFar): Signs {
  const template = holdsTemplate(bytes);
  const broken = problems.some(isSyntaxProblem);
  const kubernetes = !broken || showsKubernetes(bytes);
  const waiver = bytes.includes(waiverMark);
  if (!broken || !template) return { template, waiver, kubernetes, templated: new Set() };
  const slices = [
    ...objects.map(({ place }) => place.slice),
    ...problems.flatMap(({ slice }) => slice ?? []),
  ];
  const templated = slices.filter(({ start, end }) => holdsTemplate(bytes.subarray(start, end)));
  return { template, waiver, kubernetes, templated: new Set<Slice>(templated) };
}

/** True for a problem that says that a text is no YAML or JSON. */
export function isSyntaxProblem({ code }: Pick<FoundProblem, 'code'>): boolean {
  return code === 'syntax' || code === 'broken-list-item';
}

function holdsTemplate(bytes: Buffer): boolean {
  return bytes.includes('{{');
}

function showsKubernetes(bytes: Buffer): boolean {
  return /^[\s{,-]*["']?(?:apiVersion|kind)["']?\s*:/m.test(bytes.toString('latin1'));
}
