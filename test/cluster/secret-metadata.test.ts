import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCluster } from '#cluster/read-cluster.js';
import type { JsonReport } from '#report/generated/json-report.js';
import { runInMemory } from '../cli/run-in-memory.js';
import type { ServerOptions } from './api-server.js';
import type { ListForm } from './list-forms.js';
import { gatewayFor, secret, secretValue } from './secrets.js';
import { servers } from './serve.js';

const serve = servers();

const tls = 'kubernetes.io/tls';
const secrets = [
  secret('typed', ['tls.crt', 'tls.key'], { type: tls }),
  secret('untyped', ['tls.crt', 'tls.key']),
  secret('single', ['token']),
];
const objects = [
  ...gatewayFor({ typed: 'typed', untyped: 'untyped', single: 'single', gone: 'gone' }),
  ...secrets,
];

async function reportOf(options: Partial<ServerOptions>, argv: readonly string[]): Promise<JsonReport> {
  const { target } = await serve({ objects, ...options });
  const ran = await runInMemory(
    ['--kubeconfig', 'config', '--select', 'GW-011,CP-014', '-f', 'json', ...argv],
    { cwd: target.cwd },
  );
  return JSON.parse(ran.stdout) as JsonReport;
}

const outcomes = ({ checks }: JsonReport) => checks.find(({ id }) => id === 'GW-011')?.subjects;
const evidence = ({ undecided }: JsonReport) =>
  undecided.flatMap(({ missing }) => missing.map(({ text }) => text)).sort();

describe('Secrets of a live cluster', () => {
  it('are not asked for unless somebody says so', async () => {
    const { server, target } = await serve({ objects });
    const { files } = await readCluster(target);
    expect(server.requests.filter((request) => request.includes('secrets'))).toEqual([]);
    expect(files.map((file) => file.path).join()).not.toContain('secret');
    const report = await reportOf({}, []);
    expect(outcomes(report)).toMatchObject({ fail: 0, pass: 0, unknown: 4 });
  });

  it('are asked for as a table, page by page, and never whole', async () => {
    const many = Array.from({ length: 1203 }, (_, index) => secret(`s-${String(index)}`, ['a']));
    const { server, target } = await serve({ objects: [...objects, ...many] });
    const { reading } = await readCluster({ ...target, secretMetadata: true });
    const asked = server.asked.filter(({ resource }) => resource === 'secrets');
    expect(asked).toHaveLength(3);
    for (const { headers } of asked) {
      expect(headers.accept).toBe(
        'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      );
    }
    expect(reading.kinds.find(({ kind }) => kind.kind === 'Secret')?.objects).toBe(1206);
  });

  it.each<readonly [string, readonly ListForm[]]>([
    ['a table', ['Table']],
    ['metadata', ['PartialObjectMetadataList']],
    ['whole objects all the same', []],
  ])('leave no value behind when the server answers with %s', async (_name, forms) => {
    const { target } = await serve({ objects, forms });
    const { files } = await readCluster({ ...target, secretMetadata: true });
    const text = files.map((file) => file.text).join('');
    expect(text).toContain('"untyped"');
    expect(text).toContain('"uid-of-untyped"');
    expect(text).not.toMatch(secretValue);
    expect(text).not.toMatch(/last-applied|managedFields/);
  });

  it('decide whether a gateway gets its certificate as far as that goes', async () => {
    const report = await reportOf({}, ['--secret-metadata']);
    expect(outcomes(report)).toMatchObject({ pass: 1, fail: 2, unknown: 1 });
    expect(evidence(report)).toEqual(['entries of Secret istio-system/untyped']);
    const messages = report.findings.map(({ message }) => message).join('\n');
    expect(messages).toContain('there is no Secret istio-system/gone');
    expect(messages).toContain('Secret istio-system/single lacks the keys');
  });

  it('decide what exists where neither types nor numbers of entries are told', async () => {
    const report = await reportOf({ forms: ['PartialObjectMetadataList'] }, ['--secret-metadata']);
    expect(outcomes(report)).toMatchObject({ pass: 0, fail: 1, unknown: 3 });
  });

  it('are all there are, also where there is none', async () => {
    const none = objects.filter(({ kind }) => kind !== 'Secret');
    const elsewhere = secret('elsewhere', ['a'], { namespace: 'other' });
    const { target } = await serve({ objects: [...none, elsewhere] });
    const limited = ['--kubeconfig', 'config', '--select', 'GW-011', '-f', 'json', '--secret-metadata'];
    const { stdout } = await runInMemory(limited, { cwd: target.cwd });
    expect(outcomes(JSON.parse(stdout) as JsonReport)).toMatchObject({ fail: 4, unknown: 0 });
  });

  it.each<readonly [string, Partial<ServerOptions>, boolean]>([
    ['may not be listed', { forbidden: ['secrets'] }, false],
    [
      'break off on the way',
      {
        objects: [
          ...objects,
          ...Array.from({ length: 700 }, (_, index) => secret(`s-${String(index)}`, ['a'])),
        ],
        fault: ({ resource, url }) =>
          resource === 'secrets' && url.searchParams.has('continue') ? { status: 400 } : undefined,
      },
      true,
    ],
  ])('that %s are named, and all else is as if nobody had asked', async (_name, options, fatal) => {
    const report = await reportOf(options, ['--secret-metadata']);
    const problems = report.inputs.problems.filter(({ code }) => code === 'not-listed');
    expect(problems).toMatchObject([
      { fatal, message: expect.stringMatching(/^secrets (may|can) not be/) as string },
    ]);
    expect(report.environments[0]).toMatchObject({ scope: 'complete' });
    expect(outcomes(report)).toMatchObject({ fail: 0, pass: 0, unknown: 4 });
  });

  it('are in a snapshot without a value, which says what the cluster said', async () => {
    const { target } = await serve({ objects });
    const { cwd } = target;
    const argv = ['snapshot', '--kubeconfig', 'config', '-o', 'snap', '--secret-metadata'];
    expect(await runInMemory(argv, { cwd })).toMatchObject({ exitCode: 0 });
    const names = await readdir(path.join(cwd, 'snap'), { recursive: true });
    expect(names).toContain('namespaces/istio-system/secrets.json');
    const text = await readFile(path.join(cwd, 'snap/namespaces/istio-system/secrets.json'), 'utf8');
    expect(text).toContain('"type": "kubernetes.io/tls"');
    expect(text).not.toMatch(/"data"|annotation.*apply/);
    const { stdout } = await runInMemory(['snap', '--select', 'GW-011', '-f', 'json'], { cwd });
    expect(outcomes(JSON.parse(stdout) as JsonReport)).toMatchObject({ pass: 1, fail: 2, unknown: 1 });
  });

  it('can be asked for in the config, which says nothing of files', async () => {
    const { server, target } = await serve({ objects });
    const { cwd } = target;
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path.join(cwd, '.meshaudit.yaml'), 'secretMetadata: true\nfailOn: never\n');
    expect(await runInMemory(['--kubeconfig', 'config'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(server.requests.some((request) => request.startsWith('/api/v1/secrets?'))).toBe(true);
    await writeFile(path.join(cwd, 'empty.yaml'), '{}\n');
    expect(await runInMemory(['empty.yaml'], { cwd })).toMatchObject({ exitCode: 0 });
    const alone = await runInMemory(['empty.yaml', '--secret-metadata'], { cwd });
    expect(alone).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is for a live cluster') as string,
    });
  });
});
