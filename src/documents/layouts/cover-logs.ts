import type { FoundProblem } from '#documents/found-object.js';
import type { Source } from '#documents/read-source.js';

/** A source in which the logs of a dump are covered, and what is amiss with them. */
export interface Covered {
  readonly source: Source;
  readonly problem: FoundProblem | undefined;
}

/** kubernetes: kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go, on standard output. */
const common = 'logs for container ';
const start = '==== START ';
const end = '==== END ';
const longestName = 600;

interface Mark {
  readonly at: number;
  readonly starts: boolean;
  readonly name: string;
  /** Where the text behind the mark begins. */
  readonly behind: number;
}

/**
 * Covers with blanks the logs that `kubectl cluster-info dump` prints between the lists; lines and columns stay what they
 * are. Undefined when there are none. Logs are text that the pods chose: where they hold such marks themselves, they may
 * have put in objects of their own, and nothing in the file is to be trusted.
 */
export function coverLogs(source: Source): Covered | undefined {
  const { bytes } = source;
  if (!bytes.includes(start + common)) return undefined;
  const covered = Buffer.from(bytes);
  const names = new Set<string>();
  let open: Mark | undefined;
  let forged: Mark | undefined;
  for (const mark of marksOf(bytes)) {
    if (mark.starts) {
      if (open !== undefined || names.has(mark.name)) forged ??= mark;
      names.add(mark.name);
      open ??= mark;
    } else if (open?.name === mark.name) {
      blank(covered, open.at, mark.behind);
      open = undefined;
    } else forged ??= mark;
  }
  if (open !== undefined) blank(covered, open.at, covered.length);
  const bad = forged ?? open;
  return {
    source: { ...source, bytes: covered },
    problem: bad === undefined ? undefined : untrusted(source.shown, lineOf(bytes, bad.at)),
  };
}

function* marksOf(bytes: Buffer): Generator<Mark> {
  for (let at = bytes.indexOf(common); at >= 0; at = bytes.indexOf(common, at + 1)) {
    const starts = bytes.toString('latin1', Math.max(0, at - start.length), at) === start;
    const ends = bytes.toString('latin1', Math.max(0, at - end.length), at) === end;
    const feed = bytes.indexOf(0x0a, at);
    const lineEnd = feed < 0 ? bytes.length : feed;
    const name = bytes.toString('utf8', at + common.length, Math.min(lineEnd, at + longestName)).trimEnd();
    const from = at - (starts ? start : end).length;
    // Logs need not end with a line; whatever stands before a START does.
    const whole = !starts || from === 0 || bytes[from - 1] === 0x0a;
    if ((starts || ends) && whole && /^\S+ of pod \S+\/\S+ ====$/.test(name))
      yield { at: from, starts, name, behind: lineEnd };
  }
}

function blank(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) if (bytes[at] !== 0x0a) bytes[at] = 0x20;
}

function lineOf(bytes: Buffer, at: number): number {
  let line = 1;
  for (let feed = bytes.indexOf(0x0a); feed >= 0 && feed < at; feed = bytes.indexOf(0x0a, feed + 1)) line++;
  return line;
}

function untrusted(file: string, line: number): FoundProblem {
  return {
    code: 'unsafe-entry',
    file,
    line,
    message:
      'The logs in this dump hold marks of their own, so that what is an object and what a log cannot be told',
    hint: 'Take the dump with kubectl cluster-info dump --output-directory.',
    fatal: true,
    slice: undefined,
  };
}
