import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runInMemory } from './run-in-memory.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

const workload = (name: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: main, image: "example.com/${name}:1", ports: [{ containerPort: 8080 }] }]
`;
const mode = (namespace: string, value: string): string => `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ${namespace} }
spec: { mtls: { mode: ${value} } }
`;
const namespace = `---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
`;

mkdirSync(path.join(folder, 'k8s'));
const file = path.join(folder, 'k8s', 'shop.yaml');
writeFileSync(file, namespace + workload('cart') + mode('shop', 'PERMISSIVE'));
git('init', '--quiet');
git('add', '.');
git('commit', '--quiet', '-m', 'first');

const audit = (...args: readonly string[]) =>
  runInMemory(['--select', 'MTLS-001', '--quiet', ...args], { cwd: folder });

describe('--since', () => {
  it('lets nothing count that was so before, wherever it has moved to', async () => {
    expect((await audit('k8s')).exitCode).toBe(1);
    expect((await audit('k8s', '--since', 'HEAD')).exitCode).toBe(0);
    const moved = path.join(folder, 'k8s', 'moved.yaml');
    writeFileSync(moved, `# moved\n${readFileSync(file, 'utf8')}`);
    rmSync(file);
    expect((await audit('k8s', '--since', 'HEAD')).exitCode).toBe(0);
    writeFileSync(file, readFileSync(moved, 'utf8'));
    rmSync(moved);
  });

  it('lets count what the change brings to another object than the one it touches', async () => {
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before + workload('pay'));
    const { exitCode, stdout } = await audit('k8s', '--since', 'HEAD');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('1 finding')]);
    writeFileSync(file, before);
  });

  it('leaves the repository as it was', async () => {
    const before = git('status', '--porcelain');
    await audit('k8s', '--since', 'HEAD');
    expect(git('status', '--porcelain')).toBe(before);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('works in a folder of the repository, and with absolute paths', async () => {
    const cwd = path.join(folder, 'k8s');
    const args = ['--select', 'MTLS-001', '--quiet', '--since', 'HEAD'];
    expect((await runInMemory([...args, '.'], { cwd })).exitCode).toBe(0);
    expect((await runInMemory([...args, file], { cwd: os.tmpdir() })).stderr).toContain(
      'needs a git repository',
    );
    expect((await runInMemory([...args, file], { cwd })).exitCode).toBe(0);
  });

  it('takes all for new where the paths were not there', async () => {
    const fresh = path.join(folder, 'fresh.yaml');
    writeFileSync(fresh, namespace + workload('cart') + mode('shop', 'PERMISSIVE'));
    expect((await audit('fresh.yaml', '--since', 'HEAD')).exitCode).toBe(1);
    rmSync(fresh);
  });

  it('refuses what it cannot compare with', async () => {
    const unknown = await audit('k8s', '--since', 'nowhere');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('knows no revision nowhere'),
    ]);
    const option = await audit('k8s', '--since=--show-toplevel');
    expect(option.exitCode).toBe(2);
    expect((await audit('-', '--since', 'HEAD')).stderr).toContain('standard input');
  });
});
