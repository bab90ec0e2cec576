import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { extract } from 'tar';
import { describe, expect, it } from 'vitest';
import { refuseWhatIsThere, writeSnapshot } from '#cluster/write-snapshot.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const files = [
  { path: 'meshaudit-snapshot.json', text: '{}' },
  { path: 'namespaces/shop/services.json', text: 'first' },
];

describe('a snapshot', () => {
  it('is written whole, for its owner alone, and leaves nothing beside it', async () => {
    const cwd = await folder();
    const target = path.join(cwd, 'snap');
    await writeSnapshot(files, { place: target, force: false });
    expect(await readdir(cwd)).toEqual(['snap']);
    expect(await readFile(path.join(target, 'namespaces/shop/services.json'), 'utf8')).toBe('first');
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(target, 'meshaudit-snapshot.json'))).mode & 0o777).toBe(0o600);
  });

  it('takes the place of an empty folder', async () => {
    const cwd = await folder();
    await mkdir(path.join(cwd, 'snap'));
    await writeSnapshot(files, { place: path.join(cwd, 'snap'), force: false });
    expect(await readdir(cwd)).toEqual(['snap']);
  });

  it('replaces an earlier one only by force, and wholly', async () => {
    const cwd = await folder();
    const target = path.join(cwd, 'snap');
    await writeSnapshot([...files, { path: 'cluster/old.json', text: 'old' }], {
      place: target,
      force: false,
    });
    await expect(writeSnapshot(files, { place: target, force: false })).rejects.toThrow(
      'holds a snapshot already',
    );
    await writeSnapshot(files, { place: target, force: true });
    expect((await readdir(target)).sort()).toEqual(['meshaudit-snapshot.json', 'namespaces']);
    expect(await readdir(cwd)).toEqual(['snap']);
  });

  it('never replaces anything else', async () => {
    const cwd = await folder({ 'notes.txt': 'mine' });
    const target = { place: cwd, force: true };
    await expect(refuseWhatIsThere(target)).rejects.toThrow('is not empty and holds no snapshot');
    await expect(writeSnapshot(files, target)).rejects.toThrow('is not empty and holds no snapshot');
    expect(await readFile(path.join(cwd, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is not written over a file', async () => {
    const cwd = await folder({ snap: 'a file' });
    await expect(writeSnapshot(files, { place: path.join(cwd, 'snap'), force: true })).rejects.toThrow(
      'snap is no snapshot',
    );
  });

  it('leaves what was there as it was when it cannot be written', async () => {
    const cwd = await folder();
    const target = path.join(cwd, 'snap');
    await writeSnapshot(files, { place: target, force: false });
    const clash = [...files, { path: 'namespaces/shop/services.json', text: 'second' }];
    await expect(writeSnapshot(clash, { place: target, force: true })).rejects.toThrow('EEXIST');
    expect(await readFile(path.join(target, 'namespaces/shop/services.json'), 'utf8')).toBe('first');
    expect(await readdir(cwd)).toEqual(['snap']);
    await writeFile(path.join(cwd, 'other'), '');
  });
});

describe('a snapshot in an archive', () => {
  it('is one file for its owner alone, the same for the same cluster', async () => {
    const cwd = await folder();
    const [place, other] = [path.join(cwd, 'snap.tar.gz'), path.join(cwd, 'deep/er/snap.tgz')];
    await writeSnapshot(files, { place, force: false });
    expect(await readdir(cwd)).toEqual(['snap.tar.gz']);
    expect((await stat(place)).mode & 0o777).toBe(0o600);
    await writeSnapshot(files, { place: other, force: false });
    expect(await readFile(other)).toEqual(await readFile(place));
  });

  it('unpacks to a folder of its name', async () => {
    const cwd = await folder();
    const long = `namespaces/${'n'.repeat(63)}/${'l'.repeat(150)}.json`;
    const place = path.join(cwd, 'snap.tar.gz');
    await writeSnapshot([...files, { path: long, text: 'x'.repeat(100_000) }], { place, force: false });
    await extract({ file: place, cwd });
    expect(await readFile(path.join(cwd, 'snap/namespaces/shop/services.json'), 'utf8')).toBe('first');
    expect(await readFile(path.join(cwd, 'snap', long), 'utf8')).toHaveLength(100_000);
  });

  it('replaces an earlier one only by force, and nothing else', async () => {
    const cwd = await folder({ 'notes.tar.gz': 'mine' });
    const [place, notes] = [path.join(cwd, 'snap.tar.gz'), path.join(cwd, 'notes.tar.gz')];
    await writeSnapshot(files, { place, force: false });
    await expect(refuseWhatIsThere({ place, force: false })).rejects.toThrow('is a snapshot already');
    await writeSnapshot([...files, ...files.slice(1)], { place, force: true });
    await writeFile(notes, gzipSync('also mine'));
    for (const taken of [notes, cwd])
      await expect(refuseWhatIsThere({ place: taken, force: true })).rejects.toThrow(/no snapshot/);
    await mkdir(path.join(cwd, 'folder.tgz'));
    const there = { place: path.join(cwd, 'folder.tgz'), force: true };
    await expect(refuseWhatIsThere(there)).rejects.toThrow('is no snapshot');
  });
});

describe('writing a snapshot that is interrupted', () => {
  it.each(['snap', 'snap.tar.gz'])('leaves nothing of %s', async (name) => {
    const cwd = await folder();
    const interrupt = new AbortController();
    // Interrupted when the second file is about to be written.
    const second = {
      path: 'cluster/more.json',
      get text() {
        interrupt.abort(new Error('interrupted'));
        return 'x'.repeat(1_000_000);
      },
    };
    const many = [...files.slice(0, 1), second, { path: 'cluster/last.json', text: '' }];
    const writing = writeSnapshot(many, {
      ...{ place: path.join(cwd, name), force: false },
      signal: interrupt.signal,
    });
    await expect(writing).rejects.toThrow();
    expect(await readdir(cwd)).toEqual([]);
  });
});
