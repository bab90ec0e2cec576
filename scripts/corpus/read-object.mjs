import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';

const [reader, opener, limits] = await loadSource(
  'src/documents/read-content.ts',
  'src/documents/read-source.ts',
  'src/documents/limits.ts',
);
const files = new Map();

async function objectsOf(file) {
  const opened = opener.openText({ path: file, text: await readFile(file, 'utf8') });
  if ('problem' in opened) return new Map();
  const options = { limits: limits.defaultLimits, wanted: () => true, kept: () => true };
  const content = await reader.readContent(opened.source, options);
  return new Map(content.objects.map((found) => [[found.document, ...found.path].join('/'), found.value]));
}

/**
 * The object that a reference `corpus/<path>#<index>[/items/<n>]` names, read from a folder of manifests with our own
 * reader; undefined when the reader does not give it.
 */
export async function readObject(corpus, reference) {
  const [name, place] = reference.split('#');
  const file = path.join(corpus, name.replace(/^corpus\//, ''));
  if (!files.has(file)) files.set(file, objectsOf(file));
  return (await files.get(file)).get(place);
}
