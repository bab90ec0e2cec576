import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { JsonReport } from '#report/generated/json-report.js';
import { runInMemory, type Ran } from '../cli/run-in-memory.js';
import { startApiServer, type ApiServer, type ServerOptions } from './api-server.js';
import { storedObjects } from './objects.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const running: ApiServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const insecure = storedObjects('fixtures/meshes/bookinfo/insecure');

/** A server, and a folder with a kubeconfig for it. */
async function serve(options: ServerOptions): Promise<{ readonly server: ApiServer; readonly cwd: string }> {
  const server = await startApiServer(options);
  running.push(server);
  return { server, cwd: await folder({ config: server.kubeconfig({ token: 'secret-token' }) }) };
}

async function reportOf(argv: readonly string[], cwd: string): Promise<JsonReport> {
  const { stdout, stderr } = await runInMemory([...argv, '-f', 'json', '--profile', 'strict'], { cwd });
  expect(stderr).not.toMatch(/bug|secret-token/);
  return JSON.parse(stdout) as JsonReport;
}

const identities = ({ findings }: JsonReport): readonly string[] =>
  findings.map(({ checkId, fingerprint, message }) => `${checkId} ${fingerprint} ${message}`).sort();

describe('a live cluster', () => {
  it('has the findings and fingerprints of its snapshot, and of a dump of it', async () => {
    const { cwd } = await serve({ objects: insecure });
    const live = await reportOf(['--kubeconfig', 'config'], cwd);
    expect(live.findings.length).toBeGreaterThan(40);
    expect(live.environments[0]).toMatchObject({ scope: 'complete', assumptions: [] });

    const { exitCode, stderr } = await runInMemory(['snapshot', '--kubeconfig', 'config', '-o', 'snap'], {
      cwd,
    });
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/^meshaudit: wrote snap: \d+ objects of \d+ kinds\n$/),
    ]);
    expect(identities(await reportOf(['snap'], cwd))).toEqual(identities(live));

    const dumped = async (items: readonly JsonObject[]): Promise<readonly string[]> => {
      await writeFile(path.join(cwd, 'dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      return identities(await reportOf(['dump.json', '--scope', 'complete'], cwd));
    };
    const withoutSecrets = insecure.filter(({ kind }) => kind !== 'Secret');
    expect(withoutSecrets.length).toBeLessThan(insecure.length);
    expect(await dumped(withoutSecrets)).toEqual(identities(live));
    const withSecrets = await reportOf(['--kubeconfig', 'config', '--secret-metadata'], cwd);
    expect(await dumped(insecure)).toEqual(identities(withSecrets));
    expect(withSecrets.findings.length).toBeGreaterThan(live.findings.length);
  });

  it('has the findings, fingerprints and lines of its snapshot in an archive', async () => {
    const { cwd } = await serve({ objects: insecure });
    const live = await reportOf(['--kubeconfig', 'config'], cwd);
    const argv = ['snapshot', '--kubeconfig', 'config', '-o', 'test.tar.gz'];
    expect(await runInMemory(argv, { cwd })).toMatchObject({ exitCode: 0 });
    const kept = await reportOf(['test.tar.gz'], cwd);
    expect(identities(kept)).toEqual(identities(live));
    const places = ({ findings }: JsonReport) =>
      findings.map(({ location: { file, line } }) => `${file.replace('test.tar.gz!/', '')}:${String(line)}`);
    expect(places(kept)).toEqual(places(live));
    expect(kept.environments[0]).toMatchObject({ name: '', scope: 'complete' });
  });

  it('points at the lines of its snapshot', async () => {
    const { cwd } = await serve({ objects: insecure });
    const live = await reportOf(['--kubeconfig', 'config'], cwd);
    await runInMemory(['snapshot', '--kubeconfig', 'config', '-o', 'test'], { cwd });
    const snapshot = await reportOf(['test'], cwd);
    const places = ({ findings }: JsonReport) => findings.map(({ location }) => location);
    expect(places(live)).toEqual(places(snapshot));
    expect(live.findings[0]?.location.file).toMatch(
      /^test\/(cluster|namespaces\/[a-z-]+)\/[a-z.0-9]+\.json$/,
    );
  });

  it('is not what a config says of files', async () => {
    const { cwd } = await serve({ objects: insecure });
    await writeFile(
      path.join(cwd, '.meshaudit.yaml'),
      'paths: [k8s]\nalso: [gone]\nscope: partial\nenvironments: {prod: [k8s/prod]}\nfailOn: never\n',
    );
    const { environments, inputs } = await reportOf(['--kubeconfig', 'config'], cwd);
    expect(environments).toMatchObject([{ name: '', scope: 'complete' }]);
    expect(inputs.problems.filter(({ fatal }) => fatal)).toEqual([]);
  });

  it('shows on a terminal how far it has come', async () => {
    let asked = 0;
    const { cwd } = await serve({
      objects: insecure,
      // Progress is for what takes a while.
      fault: ({ resource }) =>
        resource === 'services' && asked++ === 0
          ? { status: 429, headers: { 'retry-after': '1' } }
          : undefined,
    });
    const argv = ['snapshot', '--kubeconfig', 'config', '-o', 'snap'];
    const { stderr } = await runInMemory(argv, { cwd, terminal: 80 });
    expect(stderr).toMatch(/Listing kind \d+ of \d+, \d+ objects: services/);
    // The line of progress is taken away before anything else is said.
    expect(stderr).toContain('\r\u001b[Kmeshaudit: wrote snap');
    expect(
      (await runInMemory([...argv, '--force', '--no-progress'], { cwd, terminal: 80 })).stderr,
    ).not.toContain('Listing');
  });

  it('answers posture and can', async () => {
    const { cwd } = await serve({ objects: insecure });
    const posture = await runInMemory(['posture', '--kubeconfig', 'config'], { cwd });
    expect(posture.stdout).toContain('productpage');
    const can = await runInMemory(
      ['can', 'bookinfo/productpage-v1', 'bookinfo/reviews:9080', '--kubeconfig', 'config'],
      { cwd },
    );
    expect(can.exitCode).toBeLessThan(2);
    expect(can.stdout).toContain('test/namespaces/bookinfo/');
  });

  it.each<readonly [string, readonly string[], string]>([
    ['files beside it', ['k8s/', '--cluster'], 'either files or a live cluster'],
    ['an option without it', ['--as', 'jane'], '--as is for a live cluster.\nAdd --cluster.'],
    ['--since', ['--kubeconfig', 'config', '--since', 'HEAD'], '--since cannot know what a live cluster was'],
    ['an unknown context', ['--kubeconfig', 'config', '--context', 'x'], 'there is no context "x"'],
    ['a time that is none', ['--cluster', '--request-timeout', 'soon'], 'Write 30s, 2m or 0.'],
  ])('is refused with %s', async (_name, argv, said) => {
    const { cwd } = await serve({ objects: insecure });
    const { exitCode, stderr } = await runInMemory(argv, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
  });
});

describe('kinds that may not be listed', () => {
  const forbidden = ['authorizationpolicies.security.istio.io', 'telemetries.telemetry.istio.io'];

  async function refusedReport(argv: (cwd: string) => Promise<readonly string[]>): Promise<JsonReport> {
    const { cwd } = await serve({ objects: insecure, forbidden });
    return reportOf(await argv(cwd), cwd);
  }

  it.each<readonly [string, (cwd: string) => Promise<readonly string[]>]>([
    ['live', () => Promise.resolve(['--kubeconfig', 'config'])],
    [
      'in a snapshot',
      async (cwd) => {
        const { exitCode, stderr } = await runInMemory(['snapshot', '--kubeconfig', 'config', '-o', 's'], {
          cwd,
        });
        expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`not listed: ${forbidden[0] ?? ''}`)]);
        return ['s'];
      },
    ],
  ])('are named, %s', async (_name, argv) => {
    const { inputs, environments } = await refusedReport(argv);
    const refused = inputs.problems.filter(({ code }) => code === 'not-listed');
    expect(refused.map(({ message, fatal }) => [message.replace(/ is forbidden: .*/, ''), fatal])).toEqual(
      forbidden.map((resource) => [`${resource} may not be listed: ${resource}`, false]),
    );
    expect(environments[0]?.scope).toBe('partial');
    expect(environments[0]?.assumptions[0]?.text).toContain(`not listed: ${forbidden.join(', ')}`);
  });

  it('leave no verdict that rests on their absence', async () => {
    const { checks } = await refusedReport(() => Promise.resolve(['--kubeconfig', 'config']));
    const decided = (id: string) => checks.find((check) => check.id === id);
    for (const id of ['AUTHZ-001', 'TEL-001']) {
      const { fail, unknown } = decided(id)?.subjects ?? { fail: -1, unknown: -1 };
      expect([id, fail, unknown > 0]).toEqual([id, 0, true]);
    }
  });

  it('a kind that fails makes the exit code 2', async () => {
    const { cwd } = await serve({
      objects: insecure,
      fault: ({ resource }) => (resource === 'services' ? { status: 400 } : undefined),
    });
    const { exitCode, stdout } = await runInMemory(['--kubeconfig', 'config', '--fail-on', 'never'], { cwd });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('services can not be listed');
  });
});

describe('Ctrl-C', () => {
  it('ends reading with code 130 and leaves no snapshot', async () => {
    const { cwd, server } = await serve({
      objects: insecure,
      fault: ({ resource }) => (resource === 'pods' || resource === 'services' ? 'hang' : undefined),
    });
    const running: Promise<Ran> = runInMemory(['snapshot', '--kubeconfig', 'config', '-o', 'snap'], { cwd });
    await expect.poll(() => server.requests.some((request) => request.includes('/services'))).toBe(true);
    process.emit('SIGINT');
    expect(await running).toMatchObject({ exitCode: 130, stderr: 'meshaudit: interrupted\n' });
    await expect(runInMemory(['snap'], { cwd })).resolves.toMatchObject({ exitCode: 2 });
  });
});
