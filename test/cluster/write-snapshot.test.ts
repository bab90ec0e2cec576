import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
    await writeSnapshot(files, { folder: target, force: false });
    expect(await readdir(cwd)).toEqual(['snap']);
    expect(await readFile(path.join(target, 'namespaces/shop/services.json'), 'utf8')).toBe('first');
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(target, 'meshaudit-snapshot.json'))).mode & 0o777).toBe(0o600);
  });

  it('takes the place of an empty folder', async () => {
    const cwd = await folder();
    await mkdir(path.join(cwd, 'snap'));
    await writeSnapshot(files, { folder: path.join(cwd, 'snap'), force: false });
    expect(await readdir(cwd)).toEqual(['snap']);
  });

  it('replaces an earlier one only by force, and wholly', async () => {
    const cwd = await folder();
    const target = path.join(cwd, 'snap');
    await writeSnapshot([...files, { path: 'cluster/old.json', text: 'old' }], {
      folder: target,
      force: false,
    });
    await expect(writeSnapshot(files, { folder: target, force: false })).rejects.toThrow(
      'holds a snapshot already',
    );
    await writeSnapshot(files, { folder: target, force: true });
    expect((await readdir(target)).sort()).toEqual(['meshaudit-snapshot.json', 'namespaces']);
    expect(await readdir(cwd)).toEqual(['snap']);
  });

  it('never replaces anything else', async () => {
    const cwd = await folder({ 'notes.txt': 'mine' });
    const target = { folder: cwd, force: true };
    await expect(refuseWhatIsThere(target)).rejects.toThrow('is not empty and holds no snapshot');
    await expect(writeSnapshot(files, target)).rejects.toThrow('is not empty and holds no snapshot');
    expect(await readFile(path.join(cwd, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is not written over a file', async () => {
    const cwd = await folder({ snap: 'a file' });
    await expect(writeSnapshot(files, { folder: path.join(cwd, 'snap'), force: true })).rejects.toThrow(
      'ENOTDIR',
    );
  });

  it('leaves what was there as it was when it cannot be written', async () => {
    const cwd = await folder();
    const target = path.join(cwd, 'snap');
    await writeSnapshot(files, { folder: target, force: false });
    const clash = [...files, { path: 'namespaces/shop/services.json', text: 'second' }];
    await expect(writeSnapshot(clash, { folder: target, force: true })).rejects.toThrow('EEXIST');
    expect(await readFile(path.join(target, 'namespaces/shop/services.json'), 'utf8')).toBe('first');
    expect(await readdir(cwd)).toEqual(['snap']);
    await writeFile(path.join(cwd, 'other'), '');
  });
});
