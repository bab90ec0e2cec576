import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Archive } from './archive/open-archive.js';
import { peek } from './archive/peek.js';
import { recognise, signatureBytes, type Packing } from './archive/recognise.js';
import type { Problem } from './document.js';
import { findFiles, type FoundFile } from './find-files.js';
import type { Limits } from './limits.js';
import type { LoadOptions } from './load.js';
import { isManifestName } from './manifest-name.js';
import { openFile, openStream, openText, type Opened } from './read-source.js';

/** Opens every file, the files of every archive, standard input and the texts in memory, one after another. */
export async function* openInputs(
  options: LoadOptions,
  limits: Limits,
  problems: Problem[],
): AsyncGenerator<Opened> {
  const paths = options.paths.filter((given) => given !== '-');
  const found = await findFiles({ paths, also: options.also ?? [], cwd: options.cwd });
  problems.push(...found.problems);
  const files = found.files.slice(0, limits.files);
  if (found.files.length > files.length) problems.push(tooManyFiles(limits));
  let lastPause = performance.now();
  for (const [done, file] of files.entries()) {
    options.onProgress?.({ file: file.shown, done, total: files.length });
    if (performance.now() - lastPause > 50) {
      await new Promise((resolve) => setImmediate(resolve));
      lastPause = performance.now();
    }
    const packing = packingOf(file);
    if (packing === undefined) yield openFile(file, limits);
    else yield* openPacked({ ...file, packing, bytes: { path: file.path } }, limits);
  }
  if (paths.length < options.paths.length && options.stdin !== undefined) {
    yield* openStandardInput(options.stdin, limits);
  }
  for (const source of options.sources ?? []) yield openText(source);
}

/** What reads archives is loaded when there is one. */
async function* openPacked(archive: Archive, limits: Limits): AsyncGenerator<Opened> {
  const { openArchive } = await import('./archive/open-archive.js');
  yield* openArchive(archive, limits);
}

/** How a file is packed; one that is named like a manifest is taken for one. Undefined too for what cannot be opened. */
function packingOf({ path: file }: FoundFile): Packing | undefined {
  if (isManifestName(path.basename(file))) return undefined;
  try {
    // Opened without waiting, so that a named pipe cannot hold us up.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(descriptor).isFile()) return undefined;
      const start = Buffer.alloc(signatureBytes);
      return recognise(start.subarray(0, readSync(descriptor, start, 0, start.length, 0)));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

const shownStdin = '<stdin>';

async function* openStandardInput(
  stdin: AsyncIterable<Buffer | string>,
  limits: Limits,
): AsyncGenerator<Opened> {
  let peeked: Awaited<ReturnType<typeof peek>>;
  try {
    peeked = await peek(toBytes(stdin), signatureBytes);
  } catch (error) {
    yield await openStream(shownStdin, failing(error), limits);
    return;
  }
  if (peeked.start.length === 0) {
    yield { problem: emptyInput };
    return;
  }
  const packing = recognise(peeked.start);
  if (packing === undefined) yield await openStream(shownStdin, peeked.all, limits);
  else
    yield* openPacked({ shown: shownStdin, reported: true, packing, bytes: { stream: peeked.all } }, limits);
}

/** Nobody pipes nothing in on purpose: what was to write has failed. */
const emptyInput: Problem = {
  code: 'no-input',
  file: shownStdin,
  message: 'Standard input is empty',
  hint: 'See what the command before the pipe says.',
  fatal: true,
};

async function* toBytes(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
}

// eslint-disable-next-line require-yield -- a stream that breaks before its first byte
async function* failing(error: unknown): AsyncGenerator<Buffer> {
  await Promise.reject(error instanceof Error ? error : new Error(String(error)));
}

function tooManyFiles(limits: Limits): Problem {
  const message = `More than ${String(limits.files)} files; the rest is left out`;
  return { code: 'too-large', file: '.', message, fatal: true };
}
