import type { Location } from '#documents/document.js';
import type { PostureRow, StoryChapter, StoryStep } from '#posture/row.js';
import { printable, printableName } from './printable.js';
import type { Style } from './table-style.js';

/** `file:line:column`, printable. */
export function placeText({ file, line, column }: Location): string {
  return `${printable(file, 500)}:${String(line)}:${String(column)}`;
}

function stepLines({ resource, note, location }: StoryStep, style: Style): readonly string[] {
  const what = note === undefined ? printable(resource) : `${printable(resource)}: ${printable(note)}`;
  return [...style.labelled('', what, 4), `      ${style.ink.cyan(placeText(location))}`];
}

function chapterLines({ title, answer, decidedBy, considered, missing }: StoryChapter, style: Style): string {
  const decisive = decidedBy === undefined ? [] : [{ ...decidedBy, note: decidedBy.note ?? 'decides' }];
  return [
    `  ${style.ink.bold(printable(title))}`,
    ...style.labelled('', printable(answer), 4),
    ...missing.flatMap(({ text }) => style.labelled('not in the input: ', printable(text), 4)),
    ...[...decisive, ...considered].flatMap((step) => stepLines(step, style)),
  ].join('\n');
}

/** Everything about one workload: each answer, what decided it and what was looked at, with file and line. */
export function postureStory(row: PostureRow, style: Style): string {
  const { namespace, kind, name, environment, principal, location, story = [] } = row;
  const named = `${printableName(namespace)}/${printableName(kind)}/${printableName(name)}`;
  return [
    style.heading(named, environment === '' ? '' : printable(environment, 200)),
    `  ${style.ink.cyan(placeText(location))}`,
    ...style.labelled('principal ', printable(principal), 2),
    ...story.map((chapter) => `\n${chapterLines(chapter, style)}`),
  ].join('\n');
}
