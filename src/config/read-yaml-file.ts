import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigError } from './config-error.js';

/** A YAML file as a value, with the line and column of each of its parts. */
export interface ReadYaml {
  readonly value: unknown;
  /** The place of a member; of the nearest part there is, where it does not exist. */
  readonly placeOf: (path: readonly (string | number)[]) => {
    readonly line: number;
    readonly column: number;
  };
}

/** No config is longer than this; a larger file is something else, given by mistake. */
const longest = 4_000_000;

/**
 * Reads a small YAML file of our own.
 *
 * @param file Absolute path.
 * @param shown The file as messages name it.
 * @throws ConfigError when it cannot be read or is no YAML.
 */
export async function readYamlFile(file: string, shown: string): Promise<ReadYaml> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.replace(/, [a-z]+( '.*)?$/, '') : String(error);
    throw new ConfigError(`cannot read ${shown}: ${reason}`, 'Check the path.');
  });
  if (text.length > longest)
    throw new ConfigError(`${shown} is too large for a config`, 'Name another file.');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ConfigError(`${shown}:${String(line)}:${String(col)}: ${firstLine(error.message)}`);
  }
  return { value: document.toJS({ maxAliasCount: 100 }), placeOf: (path) => placeOf(document, lines, path) };
}

function firstLine(message: string): string {
  return message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '').trim();
}

function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]) {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const start = rangeStart(node);
    if (start !== undefined) {
      const { line, col } = lines.linePos(start);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : undefined;
}
