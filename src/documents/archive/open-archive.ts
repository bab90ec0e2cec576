import { decode } from '#documents/decode.js';
import type { Problem } from '#documents/document.js';
import type { Limits } from '#documents/limits.js';
import { isManifestPath } from '#documents/manifest-name.js';
import type { Opened, Source } from '#documents/read-source.js';
import { createGate } from './archive-gate.js';
import { stopOf, type ArchiveItem, type ArchiveOptions, type ArchiveProblem } from './archive-item.js';
import { entryName } from './entry-name.js';
import { keepText, type ReadStretch } from './kept-text.js';
import { isRead, type Packing } from './recognise.js';
import { gunzip, isTarStream, readBytes, withZip, type PackedBytes } from './unpack.js';

/** An archive in the input. */
export interface Archive {
  readonly shown: string;
  readonly reported: boolean;
  readonly packing: Packing;
  readonly bytes: PackedBytes;
}

/** More problems with one archive than anybody reads; the rest is counted. */
const mostProblems = 100;

/**
 * Opens the manifests of an archive one after another, as if they were files: `dump.tar.gz!/apps/shop.yaml`. Nothing is
 * unpacked to disk. An entry that is refused becomes a problem of its own and the others are read all the same.
 */
export async function* openArchive(archive: Archive, limits: Limits): AsyncGenerator<Opened> {
  const seen = new Set<string>();
  let problems = 0;
  let isEmpty = true;
  for await (const item of readItems(archive, { limits, wanted: isManifestPath })) {
    if ('entry' in item || item.problem.fatal) isEmpty = false;
    if ('entry' in item) {
      const { name, bytes } = item.entry;
      if (seen.has(name)) yield { problem: toProblem(archive, repeated(name)) };
      seen.add(name);
      yield openEntry(archive, name, bytes);
    } else if (problems++ < mostProblems) yield { problem: toProblem(archive, item.problem) };
  }
  if (isEmpty) yield { problem: toProblem(archive, nothing()) };
  if (problems > mostProblems) yield { problem: toProblem(archive, more(problems - mostProblems)) };
}

async function* readItems(archive: Archive, options: ArchiveOptions): AsyncGenerator<ArchiveItem> {
  try {
    yield* unpack(archive, options);
  } catch (error) {
    yield { problem: stopOf(error) };
  }
}

async function* unpack(
  { packing, bytes, shown }: Archive,
  options: ArchiveOptions,
): AsyncGenerator<ArchiveItem> {
  if (!isRead(packing)) {
    yield { problem: unreadPacking(packing) };
    return;
  }
  const gate = createGate(options.limits);
  if (packing === 'zip') {
    const { readZip } = await import('./read-zip.js');
    yield* withZip(bytes, options.limits, (zip) => readZip(zip, options, gate));
    return;
  }
  const { readTar } = await import('./read-tar.js');
  if (packing === 'tar') {
    yield* readTar(readBytes(bytes, gate), options, gate);
    return;
  }
  const { isTar, chunks } = await isTarStream(gunzip(readBytes(bytes, gate)));
  if (isTar) yield* readTar(chunks, options, gate);
  else yield* readSingle(chunks, { name: innerName(shown), options, gate });
}

interface Single {
  readonly name: string;
  readonly options: ArchiveOptions;
  readonly gate: ReturnType<typeof createGate>;
}

/** A file that was packed alone: `dump.json.gz`. */
async function* readSingle(
  chunks: AsyncIterable<Buffer>,
  { name, options, gate }: Single,
): AsyncGenerator<ArchiveItem> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    gate.unpacked(chunk.length);
    size += chunk.length;
    if (size > options.limits.entryBytes) {
      const message = 'Unpacks to more than the limit for a file in an archive';
      const hint = 'Unpack it and give the file.';
      yield { problem: { code: 'too-large', name: undefined, message, hint, fatal: true } };
      return;
    }
    parts.push(chunk);
  }
  if (size > 0) yield { entry: { name, bytes: Buffer.concat(parts) } };
}

/** `dump.json` of `dumps/dump.json.gz`. */
function innerName(shown: string): string {
  const name = shown.slice(shown.lastIndexOf('/') + 1);
  return name.replace(/\.gz$/i, '') || 'content';
}

/** The path under which a file of an archive is shown. */
export function entryPath(archive: string, name: string): string {
  return `${archive}!/${name}`;
}

function openEntry({ shown: archive, reported }: Archive, name: string, raw: Buffer): Opened {
  const shown = entryPath(archive, name);
  const decoded = decode(raw);
  if ('problem' in decoded) {
    const message = 'Holds binary data, not YAML or JSON text';
    return { problem: { code: 'binary', file: shown, message, fatal: true } };
  }
  return { source: entrySource(decoded.bytes, { archive, shown, reported, size: raw.length }) };
}

type EntryIdentity = Pick<Source, 'shown' | 'reported' | 'size'> & { readonly archive: string };

/** The text is held as it is while it is read, and afterwards packed, or not at all where nothing came of it. */
function entrySource(text: Buffer, identity: EntryIdentity): Source {
  let bytes: Buffer | undefined = text;
  let kept: ReadStretch | undefined;
  const none = Buffer.alloc(0);
  return {
    ...identity,
    path: undefined,
    get bytes() {
      return bytes ?? none;
    },
    reopen: (start, end) => kept?.(start, end) ?? (bytes ?? none).subarray(start, end),
    settle: (needed) => {
      if (needed && bytes !== undefined) kept = keepText(bytes);
      bytes = undefined;
    },
  };
}

/** A name that leads elsewhere is not made a place: whoever follows it would be led out as well. */
function toProblem({ shown }: Archive, { name, ...problem }: ArchiveProblem): Problem {
  const inside = name !== undefined && 'name' in entryName(name);
  return { ...problem, file: inside ? entryPath(shown, name) : shown };
}

function repeated(name: string): ArchiveProblem {
  const message = 'The archive holds this path twice; the last one counts';
  const hint = 'Pack it anew where that is not meant.';
  return { code: 'unsafe-entry', name, message, hint, fatal: false };
}

function nothing(): ArchiveProblem {
  const message = 'The archive holds no file to read';
  const hint = 'Read are *.yaml, *.yml, *.json and Kustomization in it.';
  return { code: 'no-input', name: undefined, message, hint, fatal: true };
}

function more(count: number): ArchiveProblem {
  const message = `${String(count)} more entries are left out for reasons like those above`;
  return { code: 'unsafe-entry', name: undefined, message, fatal: true };
}

function unreadPacking(packing: Packing): ArchiveProblem {
  const message = `Packed as ${packing}, which is not read`;
  const hint = 'Unpack it first; .tar, .tar.gz and .zip are read as they are.';
  return { code: 'broken-archive', name: undefined, message, hint, fatal: true };
}
