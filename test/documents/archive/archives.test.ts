import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { keepText } from '#documents/archive/kept-text.js';
import { loadDocuments } from '#documents/load.js';
import { problemText, resourceTexts } from '../load-texts.js';
import { loadArchive, namespace } from './load-archive.js';
import { tar, zip } from './pack.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const entries = [
  { name: './b/two.yaml', text: namespace('two') },
  { name: 'a/one.yaml', text: `${namespace('zero')}---\n${namespace('one')}` },
  { name: 'notes.txt', text: 'not read' },
  { name: 'c.json', text: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"three"}}' },
];

describe('archives', () => {
  it.each([
    ['tar', tar(...entries)],
    ['tar.gz', gzipSync(tar(...entries))],
    ['zip', zip(...entries)],
  ])('%s: the files are read as those of a folder, in order of their paths', async (kind, bytes) => {
    const expected = (archive: string) => [
      `Namespace/zero@${archive}!/a/one.yaml#0:1`,
      `Namespace/one@${archive}!/a/one.yaml#1:6`,
      `Namespace/two@${archive}!/b/two.yaml#0:1`,
      `Namespace/three@${archive}!/c.json#0:1`,
    ];
    const piped = await loadArchive(bytes);
    expect(resourceTexts(piped)).toEqual(expected('<stdin>'));
    const file = path.join(folder, `dump.${kind}`);
    writeFileSync(file, bytes);
    const named = await loadDocuments({ paths: [file], cwd: folder, read: () => true });
    expect(resourceTexts(named)).toEqual(expected(`dump.${kind}`));
    expect([...piped.problems, ...named.problems]).toEqual([]);
  });

  it('is recognised by its bytes, whatever its name', async () => {
    const file = path.join(folder, 'backup');
    writeFileSync(file, gzipSync(tar({ name: 'a.yaml', text: namespace('a') })));
    const { resources } = await loadDocuments({ paths: [file], cwd: folder, read: () => true });
    expect(resources.map(({ name }) => name)).toEqual(['a']);
  });

  it('finds a field in a file that was let go of', async () => {
    const comment = '# padding that does not pack away: '.repeat(40_000);
    const text = `${comment}\n${namespace('far')}`;
    for (const bytes of [gzipSync(tar({ name: 'a.yaml', text })), zip({ name: 'a.yaml', text })]) {
      const { resources, locate } = await loadArchive(bytes);
      const [resource] = resources;
      expect(resource && locate({ resource, path: ['metadata', 'name'] })).toMatchObject({
        file: '<stdin>!/a.yaml',
        line: 5,
        column: 3,
      });
    }
  });

  it('a single packed file is read too', async () => {
    const file = path.join(folder, 'dump.yaml.gz');
    writeFileSync(file, gzipSync(namespace('packed')));
    const loaded = await loadDocuments({ paths: [file], cwd: folder, read: () => true });
    expect(resourceTexts(loaded)).toEqual(['Namespace/packed@dump.yaml.gz!/dump.yaml#0:1']);
  });

  it('of two entries with one path the last counts, as it would on disk', async () => {
    const twice = [
      { name: 'a.yaml', text: namespace('old') },
      { name: './a.yaml', text: namespace('new') },
    ];
    for (const bytes of [tar(...twice), zip(...twice)]) {
      const loaded = await loadArchive(bytes);
      expect(loaded.resources.map(({ name }) => name)).toEqual(['new']);
      expect(loaded.problems.map(problemText)).toEqual(['<stdin>!/a.yaml unsafe-entry?']);
    }
  });

  it('skips what is skipped on disk, and what macOS adds', async () => {
    const names = ['node_modules/x/a.yaml', '.git/a.yaml', '__MACOSX/a.yaml', 'b/._a.yaml', 'deep/a.yaml'];
    const loaded = await loadArchive(tar(...names.map((name) => ({ name, text: namespace('a') }))));
    expect(loaded.resources.map(({ origin }) => origin.file)).toEqual(['<stdin>!/deep/a.yaml']);
  });

  it('gives the same whatever the pieces in which it arrives', async () => {
    const packed = { tar: tar(...entries), gz: gzipSync(tar(...entries)), zip: zip(...entries) };
    const whole = resourceTexts(await loadArchive(packed.tar));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('tar', 'gz', 'zip' as const),
        fc.integer({ min: 1, max: 1500 }),
        async (kind, piece) => {
          const loaded = await loadArchive(packed[kind], {}, piece);
          expect([resourceTexts(loaded), loaded.problems]).toEqual([whole, []]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('texts that are kept packed', () => {
  it('give any stretch as it was', () => {
    const random = Array.from({ length: 90_000 }, (_, at) =>
      Math.trunc(Math.sin(at) * 1e6).toString(36),
    ).join('\n');
    for (const text of ['', 'short', random]) {
      const bytes = Buffer.from(text);
      const read = keepText(bytes);
      fc.assert(
        fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
          const [start, end] = a < b ? [a, b] : [b, a];
          expect(read(start, end).equals(bytes.subarray(start, end))).toBe(true);
        }),
        { numRuns: 50 },
      );
    }
  });
});
