import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FormatName } from '#report/formats.js';
import { formatNames } from './option-values.js';
import { UsageError } from './usage-error.js';

/** One report to write: undefined `file` is standard output. */
export interface ReportTarget {
  readonly format: FormatName;
  readonly file: string | undefined;
}

/** What was asked for with `--format` and `--output`, as given. */
export interface WantedReports {
  readonly format?: readonly FormatName[];
  readonly output?: readonly string[];
}

/**
 * Pairs formats and outputs: the n-th output belongs to the n-th format, a format without output goes to standard
 * output. Without any format, an output's extension names its format.
 */
export function reportTargets({ format, output = [] }: WantedReports, cwd: string): readonly ReportTarget[] {
  const formats = format ?? (output.length === 0 ? ['table' as const] : output.map(formatOf));
  if (output.length > formats.length) {
    throw new UsageError(
      `${String(output.length)} outputs for ${String(formats.length)} formats`,
      'Give one --format for each --output: -f sarif -o audit.sarif -f json -o audit.json',
    );
  }
  const targets = formats.map((name, index) => ({ format: name, file: fileOf(output[index]) }));
  const printed = targets.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    throw new UsageError(
      `formats ${printed.map(({ format: name }) => name).join(' and ')} would both go to standard output`,
      'Give an --output for all but one, in the order of the formats.',
    );
  }
  for (const { file } of targets) if (file !== undefined) refuseUnwritable(file, cwd);
  refuseTwice(targets, cwd);
  return targets;
}

/** Endings by which files of a format usually go. */
const usualExtensions: Readonly<Record<string, FormatName>> = {
  txt: 'table',
  md: 'markdown',
  xml: 'junit',
  htm: 'html',
  prom: 'metrics',
};

function fileOf(output: string | undefined): string | undefined {
  return output === undefined || output === '-' ? undefined : output;
}

function formatOf(output: string): FormatName {
  const extension = path.extname(output).slice(1).toLowerCase();
  if (output.toLowerCase().endsWith('.sarif.json')) return 'sarif';
  const known = formatNames.find((name) => name === extension);
  if (known !== undefined) return known;
  const usual = usualExtensions[extension];
  if (usual !== undefined) return usual;
  if (output === '-') return 'table';
  throw new UsageError(
    `cannot tell the format of ${output} by its name`,
    `Say it with --format ${formatNames.join('|')}.`,
  );
}

function refuseUnwritable(file: string, cwd: string): void {
  const target = path.resolve(cwd, file);
  const folder = path.dirname(target);
  if (file === '' || (existsSync(target) && statSync(target).isDirectory())) {
    throw new UsageError(
      `cannot write to ${file === '' ? 'an empty file name' : `${file}: it is a directory`}`,
      'Name a file.',
    );
  }
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(
      `cannot write ${file}: there is no directory ${path.dirname(file)}`,
      'Create the directory first.',
    );
  }
}

function refuseTwice(targets: readonly ReportTarget[], cwd: string): void {
  const files = targets.flatMap(({ file }) => (file === undefined ? [] : [path.resolve(cwd, file)]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    throw new UsageError(`two reports would go to ${path.relative(cwd, twice)}`, 'Give each its own file.');
  }
}
