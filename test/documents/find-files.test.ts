import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Loaded } from '#documents/document.js';
import { loadDocuments, type LoadOptions } from '#documents/load.js';
import { problemText } from './load-texts.js';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'documents-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function write(file: string, text = namespace(path.basename(file, '.yaml'))): void {
  mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
  writeFileSync(path.join(cwd, file), text);
}

function namespace(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${JSON.stringify(name)}}\n`;
}

function load(paths: readonly string[], options: Partial<LoadOptions> = {}): Promise<Loaded> {
  return loadDocuments({ paths, cwd, read: () => true, ...options });
}

const files = ({ resources }: Loaded): string[] => resources.map(({ origin }) => origin.file);

describe('paths', () => {
  it('reads manifests below a directory in code unit order, leaving out dependencies and other files', async () => {
    for (const file of [
      'b/z.yml',
      'b/a.json',
      'B.yaml',
      'a.yaml',
      '.hidden/x.yaml',
      'node_modules/m/x.yaml',
      '.git/x.yaml',
      'notes.txt',
    ]) {
      write(file, namespace('x'));
    }
    write('b/a.json', JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }));
    expect(files(await load(['.']))).toEqual(['.hidden/x.yaml', 'B.yaml', 'a.yaml', 'b/a.json', 'b/z.yml']);
  });

  it('reads a file once, however often it is reached', async () => {
    write('k/a.yaml');
    write('k/b.yaml');
    symlinkSync('a.yaml', path.join(cwd, 'k/0.yaml'));
    symlinkSync('k', path.join(cwd, 'link'));
    const loaded = await load(['k/a.yaml', 'k', './k/*.yaml', 'link', '**/*.yaml'], { also: ['k/b.yaml'] });
    expect(files(loaded)).toEqual(['k/a.yaml', 'k/b.yaml']);
    expect(loaded.resources.every(({ reported }) => reported)).toBe(true);
  });

  it('marks what only completes the mesh', async () => {
    write('a.yaml');
    write('more/b.yaml');
    const loaded = await load(['a.yaml'], { also: ['more'] });
    expect(loaded.resources.map(({ name, reported }) => [name, reported])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('reads a file given by name whatever its name, and globs likewise', async () => {
    write('dump', namespace('dump'));
    write('x.manifest', namespace('x'));
    expect(files(await load(['dump', '*.manifest']))).toEqual(['dump', 'x.manifest']);
    expect((await load(['**'])).problems.map(problemText)).toEqual(['** not-found']);
  });

  it('reads stdin', async () => {
    const stdin = Readable.from([
      Buffer.from(namespace('é').slice(0, -5)),
      Buffer.from(namespace('é').slice(-5)),
    ]);
    const loaded = await load(['-'], { stdin });
    expect(loaded.resources.map(({ name, origin }) => [name, origin.file])).toEqual([['é', '<stdin>']]);
    expect(loaded.resources.map((resource) => loaded.locate({ resource, path: ['kind'] }).line)).toEqual([2]);
  });

  it('names what is missing', async () => {
    write('empty/readme.md');
    expect((await load(['nowhere', 'no*.yaml'])).problems.map(problemText)).toEqual([
      'no*.yaml not-found',
      'nowhere not-found',
    ]);
    expect((await load(['empty'])).problems.map(problemText)).toEqual(['empty no-input']);
  });

  it('stops at circles of links', async () => {
    write('a/x.yaml');
    symlinkSync('..', path.join(cwd, 'a/up'));
    symlinkSync('self.yaml', path.join(cwd, 'a/self.yaml'));
    symlinkSync('gone', path.join(cwd, 'a/dangling.yaml'));
    const loaded = await load(['.']);
    expect(files(loaded)).toEqual(['a/x.yaml']);
    expect(loaded.problems.map(problemText)).toEqual([
      'a/dangling.yaml not-found',
      'a/self.yaml symlink-loop',
      'a/up symlink-loop?',
    ]);
  });

  it('refuses what is no regular file without waiting for it', async () => {
    execFileSync('mkfifo', [path.join(cwd, 'pipe.yaml')]);
    write('x.yaml');
    const loaded = await load(['.', '/dev/zero']);
    expect(files(loaded)).toEqual(['x.yaml']);
    expect(loaded.problems.map(({ code }) => code)).toEqual(['unreadable', 'unreadable']);
  });

  it('takes a patch for a patch when its kustomization is beside it but was not given', async () => {
    write('over/kustomization.yaml', 'patches: [{path: patches/p.yaml}]\n');
    write('over/patches/p.yaml');
    const loaded = await load(['over/patches/p.yaml']);
    expect(loaded.resources).toEqual([]);
    expect(loaded.skipped).toEqual([
      { reason: 'kustomize-patch', path: 'over/patches/p.yaml', files: 1, documents: 1 },
    ]);
  });

  it('finds the chart of a template that was given alone', async () => {
    write('shop/Chart.yaml', 'name: shop\n');
    write('shop/templates/t.yaml', `{{ if .x }}\n${namespace('t')}{{ end }}\n`);
    expect((await load(['shop/templates/t.yaml'])).skipped).toEqual([
      { reason: 'helm-template', path: 'shop', files: 1, documents: 1 },
    ]);
  });

  it('tells its progress', async () => {
    write('a.yaml');
    write('b.yaml');
    const seen: string[] = [];
    await load(['.'], {
      onProgress: ({ file, done, total }) => seen.push(`${file} ${String(done)}/${String(total)}`),
    });
    expect(seen).toEqual(['a.yaml 0/2', 'b.yaml 1/2']);
  });
});

describe('what is no file', () => {
  it('is told by what it is: a socket, a name that is no text', async () => {
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(path.join(cwd, 'a.yaml'), resolve));
    writeFileSync(Buffer.concat([Buffer.from(`${cwd}/b`), Buffer.from([0xff]), Buffer.from('.yaml')]), '');
    const { problems } = await load(['.']);
    await new Promise((resolve) => socket.close(resolve));
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'unreadable Is a socket, not a regular file',
      'unreadable Has a name that is not UTF-8 text, and cannot be opened by it',
    ]);
  });

  it('is told when nothing comes by standard input', async () => {
    const { problems } = await load(['-'], { stdin: Readable.from([]) });
    expect(problems).toMatchObject([{ code: 'no-input', file: '<stdin>', fatal: true }]);
  });
});
