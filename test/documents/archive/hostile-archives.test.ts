import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDocuments } from '#documents/load.js';
import { recognise } from '#documents/archive/recognise.js';
import { problemText } from '../load-texts.js';
import { loadArchive, namespace } from './load-archive.js';
import { tar, tarEntry, zip, type Lies, type Packed } from './pack.js';

const good = { name: 'good.yaml', text: namespace('good') };

async function told(bytes: Buffer, limits = {}): Promise<{ names: string[]; problems: string[] }> {
  const { resources, problems } = await loadArchive(bytes, limits);
  return { names: resources.map(({ name }) => name), problems: problems.map(problemText) };
}

const bad = (name: string, text = namespace('bad')): Packed => ({ name, text });

describe('entries that are refused, their neighbours read', () => {
  const refused: readonly (readonly [string, Packed, string])[] = [
    ['a path that climbs out', bad('../../etc/bad.yaml'), '<stdin> unsafe-entry'],
    ['a path that climbs inside', bad('a/../bad.yaml'), '<stdin> unsafe-entry'],
    ['a path with Windows separators', bad('..\\..\\bad.yaml'), '<stdin> unsafe-entry'],
    ['an absolute path', bad('/etc/bad.yaml'), '<stdin> unsafe-entry'],
    ['a drive', bad('C:/bad.yaml'), '<stdin> unsafe-entry'],
    ['a link out', { name: 'bad.yaml', type: '2', target: '/etc/passwd' }, '<stdin>!/bad.yaml unsafe-entry'],
    ['a link up', { name: 'a/bad.yaml', type: '2', target: '../../x' }, '<stdin>!/a/bad.yaml unsafe-entry'],
    ['a hard link out', { name: 'bad.yaml', type: '1', target: '../x' }, '<stdin>!/bad.yaml unsafe-entry'],
    [
      'a link to a neighbour',
      { name: 'a.yaml', type: '2', target: 'good.yaml' },
      '<stdin>!/a.yaml unsafe-entry?',
    ],
    ['a device', { name: 'bad.yaml', type: '3' }, '<stdin>!/bad.yaml unsafe-entry'],
    ['a named pipe', { name: 'pipe', type: '6' }, '<stdin>!/pipe unsafe-entry?'],
    ['an archive', bad('charts/inner.tgz'), '<stdin>!/charts/inner.tgz nested-archive?'],
    ['binary data', { name: 'bad.yaml', bytes: Buffer.from([1, 0, 2, 0, 0]) }, '<stdin>!/bad.yaml binary'],
  ];
  it.each(refused)('tar: %s', async (_what, entry, problem) => {
    const { names, problems } = await told(tar(entry, good));
    expect(names).toEqual(['good']);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  const lies: readonly (readonly [string, Packed & Lies, string])[] = [
    ['a path that climbs out', bad('../../etc/bad.yaml'), '<stdin> unsafe-entry'],
    ['an absolute path', bad('/etc/bad.yaml'), '<stdin> unsafe-entry'],
    ['Windows separators', bad('..\\bad.yaml'), '<stdin> unsafe-entry'],
    ['a link', { name: 'bad.yaml', text: '/etc/passwd', mode: 0o120777 }, '<stdin>!/bad.yaml unsafe-entry'],
    ['a size that is too small', { ...bad('bad.yaml'), size: 10 }, '<stdin>!/bad.yaml broken-archive'],
    ['a size that is too large', { ...bad('bad.yaml'), size: 900 }, '<stdin>!/bad.yaml broken-archive'],
    ['a wrong checksum', { ...bad('bad.yaml'), checksum: 1 }, '<stdin>!/bad.yaml broken-archive'],
    ['encryption', { ...bad('bad.yaml'), encrypted: true }, '<stdin>!/bad.yaml broken-archive'],
    ['another packing', { ...bad('bad.yaml'), method: 14 }, '<stdin>!/bad.yaml broken-archive'],
  ];
  it.each(lies)('zip: %s', async (_what, entry, problem) => {
    expect(await told(zip(entry, good))).toEqual({ names: ['good'], problems: [problem] });
  });

  it('tells of a hundred, and counts the rest', async () => {
    const links = Array.from({ length: 150 }, (_, at) => ({ name: `${String(at)}.yaml`, type: '3' }));
    const { names, problems } = await told(tar(...links, good));
    expect(names).toEqual(['good']);
    expect(problems).toHaveLength(101);
    expect(problems).toContain('<stdin> unsafe-entry');
  });
});

describe('bombs', () => {
  const zeros = (mebibytes: number): Buffer => Buffer.alloc(mebibytes * 1024 ** 2);

  it('a tar.gz is left where it grows beyond all measure; what came before stands', async () => {
    const bytes = gzipSync(tar(good, { name: 'bomb.yaml', bytes: zeros(66) }));
    expect(await told(bytes)).toEqual({ names: ['good'], problems: ['<stdin> archive-bomb'] });
  });

  it('of a zip only the entry is left out', async () => {
    const bytes = zip({ name: 'bomb.yaml', bytes: zeros(17) }, good);
    expect(await told(bytes)).toEqual({ names: ['good'], problems: ['<stdin>!/bomb.yaml archive-bomb'] });
  });

  it('entries that share their bytes', async () => {
    const text = Array.from({ length: 3000 }, (_, at) => `# ${String(Math.sin(at))}\n`).join('');
    const shared = Array.from({ length: 50 }, (_, at) => ({ name: `${String(at)}.yaml`, text, sharing: 0 }));
    const { problems } = await told(zip({ name: 'a.yaml', text }, ...shared));
    expect(problems).toContain('<stdin> archive-bomb');
  });

  it.each([
    ['bytes in all', { archiveBytes: 3000 }, '<stdin> archive-bomb'],
    ['entries', { archiveEntries: 1 }, '<stdin> archive-bomb'],
    ['bytes of an entry', { entryBytes: 40 }, '<stdin>!/good.yaml too-large'],
  ])('limits hold: %s', async (_what, limits, problem) => {
    const files = [good, { name: 'more.yaml', text: namespace('more'.repeat(1000)) }];
    for (const bytes of [gzipSync(tar(...files)), zip(...files)])
      expect((await told(bytes, limits)).problems).toContain(problem);
  });
});

describe('damaged archives', () => {
  it('the end is cut off', async () => {
    const bytes = tar(good, { name: 'cut.yaml', text: namespace('cut').repeat(50) }).subarray(0, 1900);
    expect(await told(bytes)).toEqual({ names: ['good'], problems: ['<stdin> broken-archive'] });
    const packed = gzipSync(tar(good, { name: 'cut.yaml', text: namespace('cut') }));
    const { problems } = await told(packed.subarray(0, packed.length - 30));
    expect(problems).toEqual(['<stdin> broken-archive']);
    expect((await told(zip(good).subarray(0, 60))).problems).toEqual(['<stdin> broken-archive']);
  });

  it('a header is damaged; what stands behind it is read', async () => {
    const [header = Buffer.alloc(0), ...rest] = tarEntry(bad('bad.yaml'));
    header[0] = 0xff;
    const bytes = Buffer.concat([
      ...tarEntry(good),
      header,
      ...rest,
      tar({ name: 'last.yaml', text: namespace('last') }),
    ]);
    expect(await told(bytes)).toEqual({ names: ['good', 'last'], problems: ['<stdin> broken-archive'] });
  });

  it.each([
    ['xz', 'fd377a585a0000'],
    ['zstd', '28b52ffd00'],
    ['bzip2', '425a6839'],
  ])('%s is named', async (packing, hex) => {
    const { problems } = await loadArchive(Buffer.from(hex, 'hex'));
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `broken-archive Packed as ${packing}, which is not read`,
    ]);
  });

  it('whatever is broken in it, reading ends with problems, not with a crash', async () => {
    const archives = [tar(good, bad('b.yaml')), gzipSync(tar(good, bad('b.yaml'))), zip(good, bad('b.yaml'))];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...archives),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
        async (archive, changes) => {
          const bytes = Buffer.from(archive);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const { resources, problems } = await loadArchive(bytes);
          expect(resources.length + problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('text is no archive', () => {
    for (const text of ['', namespace('a'), '{"a":1}', 'x'.repeat(600)])
      expect(recognise(Buffer.from(text))).toBeUndefined();
  });
});

describe('archives that hold nothing', () => {
  it.each<readonly [string, Buffer]>([
    ['no entry', zip()],
    ['no manifest', tar({ name: 'README.md', text: 'x' })],
    ['nothing but another archive', tar({ name: 'dump.tar.gz', text: 'x' })],
    ['an empty text behind gzip', gzipSync('')],
  ])('%s are told as such', async (_what, bytes) => {
    const { problems } = await told(bytes);
    expect(problems).toContain('<stdin> no-input');
  });

  it.each<readonly [string, Buffer]>([
    ['cut.tar', tar(good).subarray(0, 300)],
    ['blank.tar', Buffer.alloc(10_240)],
    ['nothing.tar.gz', Buffer.alloc(0)],
    ['led.zip', Buffer.concat([Buffer.from('#!/bin/sh\n'), zip(good)])],
  ])('%s has the name of an archive and is none', async (name, bytes) => {
    const cwd = await mkdtemp(path.join(os.tmpdir(), 'meshaudit-archive-'));
    try {
      await writeFile(path.join(cwd, name), bytes);
      const { problems } = await loadDocuments({ paths: [name], cwd, read: () => true });
      expect(problems).toMatchObject([{ code: 'broken-archive', file: name, fatal: true }]);
      expect(problems[0]?.message).toContain('Has the name of an archive');
    } finally {
      await rm(cwd, { recursive: true });
    }
  });
});
