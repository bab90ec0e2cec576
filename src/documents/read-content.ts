import { isUtf8 } from 'node:buffer';
import { createBuilder, finish, type ReadOptions } from './content-builder.js';
import { coverLogs, type Covered } from './layouts/cover-logs.js';
import type { FileContent } from './found-object.js';
import { readJsonList } from './read-json-list.js';
import { readJsonStream } from './read-json-stream.js';
import type { Source } from './read-source.js';
import { readYamlStream } from './read-yaml-stream.js';

/** Reads everything that a source holds. Never throws: what cannot be read is among the problems. */
export async function readContent(source: Source, options: ReadOptions): Promise<FileContent> {
  const list = readJsonList(source, options);
  if (list !== undefined) return list;
  const covered = coverLogs(source);
  if (covered !== undefined) return readCovered(covered, options);
  return readText(source, options);
}

async function readCovered({ source, problem }: Covered, options: ReadOptions): Promise<FileContent> {
  const content = await readText(source, options);
  const problems = problem === undefined ? content.problems : [...content.problems, problem];
  return { ...content, problems, signs: { ...content.signs, logs: true } };
}

async function readText(source: Source, options: ReadOptions): Promise<FileContent> {
  const builder = createBuilder(source, options);
  const { bytes } = source;
  if (!startsLikeJson(bytes) || !isUtf8(bytes) || !readJsonStream(builder)) await readYamlStream(builder);
  return finish(builder);
}

/** A brace or bracket comes first, and is not a template's `{{`. */
function startsLikeJson(bytes: Buffer): boolean {
  let at = 0;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return (bytes[at] === 0x7b && bytes[at + 1] !== 0x7b) || bytes[at] === 0x5b;
}
