import { readFile } from 'node:fs/promises';

/** The objects of a file that holds one a line. */
export async function jsonLines(file) {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
