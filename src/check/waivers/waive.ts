import type { FieldRef, Problem, Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { CatalogueCheck } from '#check/define-check.js';
import type { Occurrence } from '#check/group-failures.js';
import type { Finding, Suppression } from '#check/result.js';
import { coversOccurrence, namesCheck } from './match-waiver.js';
import { parseInlineWaivers, waiveAnnotation, type Waiver } from './waiver.js';

/** What somebody accepts, and what day it is. */
export interface WaiverSettings {
  readonly waivers: readonly Waiver[];
  /** `YYYY-MM-DD`: the engine has no clock. */
  readonly today: string;
  /** What the comments at a place of the input waive: `MTLS-001: reason`. */
  readonly commentsAt?: (at: FieldRef) => readonly string[];
}

/** Judges failures and findings by what is waived, and remembers what was of use. */
export interface Waiving {
  /** Why one failure of one subject does not count. */
  readonly ofOccurrence: (occurrence: Occurrence, check: CatalogueCheck) => Suppression | undefined;
  /** Why a whole finding does not count. */
  readonly ofFinding: (finding: Finding, check: CatalogueCheck) => Suppression | undefined;
  /** Waivers that have expired, or that no finding of the checks that ran has needed; texts that waive nothing. */
  readonly problems: (checks: readonly CatalogueCheck[]) => readonly Problem[];
}

/** Starts waiving for one run. */
export function createWaiving({ waivers, today, commentsAt }: WaiverSettings): Waiving {
  const live = waivers.filter(({ expires }) => expires >= today);
  const used = new Set<Waiver>();
  const broken = new Map<string, Problem>();
  const external = (waiver: Waiver | undefined): Suppression | undefined => {
    if (waiver === undefined) return undefined;
    used.add(waiver);
    return { kind: 'external', justification: justification(waiver) };
  };
  const inline = (text: string, place: Place, check: CatalogueCheck): Suppression | undefined => {
    const { waivers: found, errors } = parseInlineWaivers(text);
    for (const { text: bad, problem } of errors)
      broken.set(`${place.file}\0${String(place.line)}\0${bad}`, unusable(bad, problem, place));
    const waiver = found.find(({ checks }) => checks.some((word) => namesCheck(word, check)));
    return waiver === undefined ? undefined : { kind: 'inSource', justification: waiver.reason };
  };
  return {
    ofOccurrence: (occurrence, check) => {
      const texts = inlineTexts(occurrence, commentsAt);
      // Most failures: nobody waives anything.
      if (texts === nothing && live.length === 0) return undefined;
      return (
        texts.reduce<Suppression | undefined>(
          (found, { text, place }) => found ?? inline(text, place, check),
          undefined,
        ) ?? external(live.find((waiver) => isAbout(waiver, check) && coversOccurrence(waiver, occurrence)))
      );
    },
    ofFinding: (finding, check) =>
      external(live.find((w) => isAbout(w, check) && w.fingerprint === finding.fingerprint)),
    problems: (checks) => [
      ...waivers.filter((waiver) => !live.includes(waiver)).map(expired),
      ...live.filter((w) => !used.has(w) && checks.some((check) => isAbout(w, check))).map(unused),
      ...broken.values(),
    ],
  };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function isAbout({ checks }: Waiver, check: CatalogueCheck): boolean {
  return checks.some((word) => namesCheck(word, check));
}

const annotations = new WeakMap<Resource, { readonly text: string | undefined }>();

/** What an object waives; read once, for it may be the place of many failures. */
const annotationOf = (resource: Resource): string | undefined =>
  getOrMake(annotations, resource, () => ({
    text: stringAt(resource.object, 'metadata', 'annotations', waiveAnnotation),
  })).text;

interface InlineText {
  readonly text: string;
  readonly place: Place;
}

const nothing: readonly InlineText[] = [];

/** The comments at the place to edit; the annotation of the resource there, then that of the subject. */
function inlineTexts(
  { failure: { at }, subject }: Occurrence,
  commentsAt: WaiverSettings['commentsAt'],
): readonly InlineText[] {
  const comments = commentsAt?.(at) ?? [];
  const other = subject.at?.resource === at.resource ? undefined : subject.at?.resource;
  const own = annotationOf(at.resource);
  const others = other && annotationOf(other);
  // Most failures: none of them, of which there may be many.
  if (comments.length === 0 && own === undefined && others === undefined) return nothing;
  return [
    ...comments.map((text) => ({ text, place: at.resource.origin })),
    ...(own === undefined ? [] : [{ text: own, place: at.resource.origin }]),
    ...(other === undefined || others === undefined ? [] : [{ text: others, place: other.origin }]),
  ];
}

function justification({ reason, owner, expires }: Waiver): string {
  return `${reason} (${owner}, until ${expires})`;
}

function what({ checks, resource, namespace, fingerprint }: Waiver): string {
  const scope = [resource, namespace === undefined ? undefined : `namespace ${namespace}`, fingerprint];
  return [checks.join(', '), ...scope.filter((part) => part !== undefined)].join(' on ');
}

function expired(waiver: Waiver): Problem {
  return {
    code: 'waiver-expired',
    file: waiver.at.file,
    line: waiver.at.line,
    message: `The waiver of ${what(waiver)} (${waiver.owner}) expired on ${waiver.expires}, so it counts no more.`,
    hint: 'Mend what it waived, or agree on a new date.',
    fatal: false,
  };
}

function unused(waiver: Waiver): Problem {
  return {
    code: 'waiver-unused',
    file: waiver.at.file,
    line: waiver.at.line,
    message: `The waiver of ${what(waiver)} (${waiver.owner}) waives nothing.`,
    hint: 'Remove it: what it waived is mended, or it names another resource.',
    fatal: false,
  };
}

function unusable(text: string, problem: string, { file, line }: Place): Problem {
  return {
    code: 'waiver-unusable',
    file,
    line,
    message: `"${text}" waives nothing: ${problem}.`,
    hint: 'Write it as MTLS-001: reason.',
    fatal: false,
  };
}
