import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWhole } from '#cli/write-file.js';

const folder = (): string => mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));

describe('writing a report', () => {
  it('writes the file and leaves nothing beside it', async () => {
    const cwd = folder();
    await writeWhole(path.join(cwd, 'a.json'), 'text');
    expect(readdirSync(cwd)).toEqual(['a.json']);
    expect(readFileSync(path.join(cwd, 'a.json'), 'utf8')).toBe('text');
  });

  it('replaces a file and keeps its mode', async () => {
    const file = path.join(folder(), 'a.json');
    writeFileSync(file, 'before');
    chmodSync(file, 0o640);
    await writeWhole(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('writes through a symbolic link', async () => {
    const cwd = folder();
    writeFileSync(path.join(cwd, 'real.json'), 'before');
    symlinkSync('real.json', path.join(cwd, 'link.json'));
    await writeWhole(path.join(cwd, 'link.json'), 'after');
    expect(readFileSync(path.join(cwd, 'real.json'), 'utf8')).toBe('after');
  });

  it('leaves a device what it is', async () => {
    await writeWhole('/dev/null', 'text');
    expect(statSync('/dev/null').isFile()).toBe(false);
  });

  it('explains a failure and leaves the old file whole', async () => {
    const file = path.join(folder(), 'gone', 'a.json');
    await expect(writeWhole(file, 'text')).rejects.toThrow(/cannot write .*a\.json: ENOENT/);
    expect(existsSync(file)).toBe(false);
  });
});
