import type { Finding } from '#check/index.js';
import type { Location } from '#documents/document.js';
import { printable, printableName } from './printable.js';
import { listSubjects, namesAll } from './subject-list.js';
import type { Style } from './table-style.js';
import { displayWidth } from './wrap-text.js';

const shownSubjects = 6;
const shownRelated = 3;
const shownEnvironments = 4;

/** Which parts of a finding to print besides place and message. */
export interface FindingParts {
  readonly environments: boolean;
  readonly remediation: boolean;
}

/** One finding: its place, what is wrong, whom it concerns, what else had a part in it. */
export function findingLines(finding: Finding, style: Style, parts: FindingParts): readonly string[] {
  const { message, related, remediation, confidence } = finding;
  const doubt = confidence === 'high' ? '' : ` (${confidence} confidence)`;
  return [
    placeLine(finding, style),
    ...style.labelled('', `${printable(message)}${doubt}`, 4),
    ...affectedLines(finding, style),
    ...related
      .slice(0, shownRelated)
      .map(({ location, note }) => `    ${style.ink.dim('See      ')}${place(location)}  ${printable(note)}`),
    ...(parts.environments ? environmentLines(finding, style) : []),
    ...(parts.remediation ? style.labelled('Fix      ', printable(remediation), 4) : []),
  ];
}

/** The place, and the resource there if the line has room for it or the message does not name it. */
function placeLine({ location, resource, message }: Finding, style: Style): string {
  const where = place(location);
  const what = printableName(resource);
  const fits = displayWidth(`${where}${what}`) + 4 <= style.width;
  return fits || !message.includes(resource)
    ? `  ${style.ink.cyan(where)}  ${style.ink.dim(what)}`
    : `  ${style.ink.cyan(where)}`;
}

function affectedLines({ message, resource, subjects }: Finding, style: Style): readonly string[] {
  if (namesAll(`${resource} ${message}`, subjects)) return [];
  const names = listSubjects(
    subjects.map((subject) => ({ ...subject, name: printableName(subject.name) })),
    shownSubjects,
  );
  return style.labelled('Affects  ', printable(names), 4);
}

function environmentLines({ environments }: Finding, style: Style): readonly string[] {
  const rest = environments.length - shownEnvironments;
  const names = environments.slice(0, shownEnvironments).map(printableName).join(', ');
  return style.labelled('In       ', rest > 0 ? `${names} and ${String(rest)} more` : names, 4);
}

/** `file:line:column`, never broken, so that terminals and editors can follow it. */
function place({ file, line, column }: Location): string {
  return `${printable(file, 500)}:${String(line)}:${String(column)}`;
}
