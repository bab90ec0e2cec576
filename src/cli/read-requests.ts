import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { JsonValue } from '#documents/json.js';
import type { CliIo } from './cli-io.js';
import { UsageError } from './usage-error.js';

async function drain(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

async function textOf(file: string, io: CliIo): Promise<string> {
  if (file === '-') return drain(io.stdin);
  try {
    return await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    throw new UsageError(`--requests: cannot read ${JSON.stringify(file)} (${why})`);
  }
}

function parseLine(line: string, number: number): JsonValue {
  try {
    return JSON.parse(line) as JsonValue;
  } catch {
    throw new UsageError(
      `--requests: line ${String(number)} is not JSON`,
      'Each line holds one request, a JSON object; empty lines are skipped.',
    );
  }
}

/** Requests of a file (`-`: standard input), one JSON value a line. */
export async function readRequests(file: string, io: CliIo): Promise<readonly JsonValue[]> {
  const lines = (await textOf(file, io)).split(/\r?\n/);
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, index + 1)]));
}
