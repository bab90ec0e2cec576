import type { Finding } from '#check/index.js';
import { printable } from './printable.js';
import type { Renderer } from './renderer.js';
import { listSubjects } from './subject-list.js';

const shownSubjects = 50;

type Cell = string | number;

const columns: Readonly<Record<string, (finding: Finding) => Cell>> = {
  check: ({ checkId }) => checkId,
  severity: ({ severity }) => severity,
  confidence: ({ confidence }) => confidence,
  resource: ({ resource }) => resource,
  file: ({ location }) => location.file,
  line: ({ location }) => location.line,
  column: ({ location }) => location.column,
  message: ({ message }) => message,
  remediation: ({ remediation }) => remediation,
  subjects: ({ subjects }) => subjects.length,
  affected: ({ subjects }) => listSubjects(subjects, shownSubjects),
  environments: ({ environments }) => environments.join(' '),
  fingerprint: ({ fingerprint }) => fingerprint,
  suppressed: ({ suppression }) => suppression?.justification ?? '',
};

/** A finding a row, with a header; RFC 4180: commas, CRLF, quotes doubled. Suppressed findings say why in the last column. */
export const renderCsv: Renderer = ({ findings }) =>
  [Object.keys(columns), ...findings.map((finding) => Object.values(columns).map((cell) => cell(finding)))]
    .map((row) => `${row.map(encode).join(',')}\r\n`)
    .join('');

/** Spreadsheets run a cell that begins like a formula; an apostrophe before it keeps it text. */
function encode(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = printable(cell, 2000);
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
