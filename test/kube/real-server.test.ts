import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readCluster, type ClusterOptions } from '#cluster/read-cluster.js';
import type { JsonObject } from '#documents/json.js';
import { entriesAnnotation } from '#schemas/own-names.js';
import type { JsonReport } from '#report/generated/json-report.js';
import { binary } from '../../scripts/kube/binary.mjs';
import { adminOf, type AdminClient } from '../../scripts/kube/client.mjs';
import { kubeconfig } from '../../scripts/kube/kubeconfig.mjs';
import { startServer, type StartedServer } from '../../scripts/kube/server.mjs';
import { runInMemory } from '../cli/run-in-memory.js';
import { certificate, certificatePath } from '../cluster/certificates.js';
import { newSecret, secretValue } from '../cluster/secrets.js';
import { collectionOf, create, createDefinition, define, forget, store } from './fill.js';
import { expiredToken } from './expired-token.js';
import { manyPolicies, mesh } from './objects.js';

// A real kube-apiserver with a real etcd: node scripts/kube/build.mjs builds them, MESHAUDIT_KUBE=off leaves them alone.
const isBuilt = process.env['MESHAUDIT_KUBE'] !== 'off' && existsSync(binary);
const root = fileURLToPath(new URL('../..', import.meta.url));

describe.runIf(!isBuilt)('the live mode against a real API server', () => {
  it('is not tried here: there is none; node scripts/kube/build.mjs builds it', (context) => {
    context.skip(`no ${binary}`);
  });
});

describe.runIf(isBuilt)('a real API server', () => {
  let server: StartedServer;
  let client: AdminClient;
  let cwd: string;

  beforeAll(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'meshaudit-kube-'));
    server = await startServer({
      folder: path.join(cwd, 'server'),
      clientCa: certificatePath('authority.crt'),
    });
    client = adminOf(server);
    const isNamespace = ({ kind }: JsonObject): boolean => kind === 'Namespace';
    await define(client, mesh);
    for (const object of [...mesh.filter(isNamespace), ...mesh.filter((one) => !isNamespace(one))])
      await create(client, object);
  }, 180_000);

  afterAll(async () => {
    client.close();
    await server.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  /** Name of a kubeconfig in the working directory. */
  async function configFor(name: string, user: JsonObject, cluster: JsonObject = {}): Promise<string> {
    await writeFile(path.join(cwd, name), kubeconfig(server, user, cluster));
    return name;
  }

  const adminConfig = () =>
    configFor('admin', {
      'client-certificate': certificatePath('client.crt'),
      'client-key': certificatePath('client.key'),
    });

  const target = (config: string): ClusterOptions => ({
    kubeconfig: config,
    cwd,
    env: {},
    interactive: false,
    userAgent: 'test',
  });

  async function auditAs(argv: readonly string[]): Promise<JsonReport> {
    const { stdout, stderr } = await runInMemory([...argv, '-f', 'json', '--profile', 'strict'], { cwd });
    expect(stderr).not.toContain('bug');
    return JSON.parse(stdout) as JsonReport;
  }

  it('gives more than 10,000 objects of one kind, page by page', async () => {
    const policyKind = { group: 'security.istio.io', plural: 'authorizationpolicies' };
    await store(server, { ...policyKind, objects: manyPolicies });
    const { reading } = await readCluster(target(await adminConfig()));
    await forget(server, { ...policyKind, namespaces: 'many-' });
    const policies = reading.kinds.find(({ kind }) => kind.kind === 'AuthorizationPolicy');
    const own = mesh.filter(({ kind }) => kind === 'AuthorizationPolicy').length;
    expect(policies?.objects).toBe(manyPolicies.length + own);
    expect(reading.unlisted).toEqual([]);
    expect(reading.kubernetes).toMatch(/^v1\.\d+\.\d+$/);
  });

  it('has the findings and fingerprints of its snapshot', async () => {
    const config = await adminConfig();
    const live = await auditAs(['--kubeconfig', config]);
    const { exitCode, stderr } = await runInMemory(['snapshot', '--kubeconfig', config, '-o', 'snap'], {
      cwd,
    });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('wrote snap')]);
    const kept = await auditAs(['snap']);
    const identities = ({ findings }: JsonReport) =>
      findings.map((one) => `${one.checkId} ${one.fingerprint}`).sort();
    expect(identities(kept)).toEqual(identities(live));
    expect(live.findings.length).toBeGreaterThan(30);
  });

  /** An account with the rights of the manifest that we publish, but for some kinds; a token of it. */
  async function readerToken(without: readonly string[]): Promise<string> {
    const name = `reader-${String(without.length)}`;
    const rbac = parseAllDocuments(readFileSync(`${root}deploy/kubernetes/rbac.yaml`, 'utf8'));
    const role = rbac.map((one) => one.toJS() as JsonObject).find(({ kind }) => kind === 'ClusterRole');
    const rules = (role?.['rules'] ?? []) as readonly {
      resources: readonly string[];
      apiGroups: readonly string[];
    }[];
    const rights = rules
      .filter(({ apiGroups }) => !without.includes(apiGroups[0] ?? ''))
      .map((rule) => ({ ...rule, resources: rule.resources.filter((one) => !without.includes(one)) }))
      .filter(({ resources }) => resources.length > 0);
    const rbacVersion = { apiVersion: 'rbac.authorization.k8s.io/v1' };
    const account = { kind: 'ServiceAccount', name, namespace: 'default' };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    await create(client, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'default' },
    });
    await create(client, { ...rbacVersion, kind: 'ClusterRole', metadata: { name }, rules: rights });
    await create(client, {
      ...rbacVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef,
      subjects: [account],
    });
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { json } = await client.send(
      'POST',
      `/api/v1/namespaces/default/serviceaccounts/${name}/token`,
      request,
    );
    return String(json.status?.['token']);
  }

  it('lets an account with the rights of deploy/kubernetes/rbac.yaml read all that an administrator reads', async () => {
    const token = await readerToken([]);
    const mine = await readCluster(target(await configFor('reader', { token })));
    const all = await readCluster(target(await adminConfig()));
    expect(mine.reading.unlisted).toEqual([]);
    // The account, its role and its binding came first, so the two have read the same.
    expect(mine.files.map((file) => file.path)).toEqual(all.files.map((file) => file.path));
    expect(mine.reading.kinds).toEqual(all.reading.kinds);
  });

  it('tells names, types and numbers of entries of Secrets where somebody asks, and no value', async () => {
    const kept = [
      newSecret('typed', ['tls.crt', 'tls.key'], { type: 'kubernetes.io/tls', namespace: 'default' }),
      newSecret('untyped', ['a', 'b', 'c'], { namespace: 'default' }),
    ];
    for (const object of kept) await create(client, object);
    const asked = { ...target(await adminConfig()), secretMetadata: true };
    const { files, reading } = await readCluster(asked);
    expect(reading.unlisted).toEqual([]);
    const text = files.find((file) => file.path === 'namespaces/default/secrets.json')?.text ?? '';
    const { items } = JSON.parse(text) as { readonly items: readonly JsonObject[] };
    expect(items).toMatchObject([
      {
        metadata: { name: 'typed', annotations: { [entriesAnnotation]: '2' }, labels: { app: 'typed' } },
        type: 'kubernetes.io/tls',
      },
      { metadata: { name: 'untyped', annotations: { [entriesAnnotation]: '3' } }, type: 'Opaque' },
    ]);
    expect(files.map((file) => file.text).join('')).not.toMatch(secretValue);
    const reader = target(await configFor('reader', { token: await readerToken(['secrets']) }));
    const refused = (await readCluster({ ...reader, secretMetadata: true })).reading.unlisted;
    expect(refused).toMatchObject([{ resource: 'secrets', reason: 'forbidden' }]);
  });

  it('names the kinds that an account may not list, and no verdict rests on their absence', async () => {
    const token = await readerToken(['telemetry.istio.io', 'configmaps']);
    const report = await auditAs(['--kubeconfig', await configFor('limited', { token })]);
    const full = await auditAs(['--kubeconfig', await adminConfig()]);
    const refused = report.inputs.problems.filter(({ code }) => code === 'not-listed');
    expect(refused.map(({ message, fatal }) => [message.replace(/ is forbidden.*/, ''), fatal])).toEqual([
      ['configmaps may not be listed: configmaps', false],
      ['telemetries.telemetry.istio.io may not be listed: telemetries.telemetry.istio.io', false],
    ]);
    expect(report.environments[0]?.scope).toBe('partial');
    const subjects = ({ findings }: JsonReport) =>
      new Set(
        findings.flatMap(({ checkId, subjects: own }) =>
          own.map((one) => `${checkId} ${one.kind} ${one.namespace}/${one.name}`),
        ),
      );
    const known = subjects(full);
    expect([...subjects(report)].filter((one) => !known.has(one))).toEqual([]);
    expect(report.checks.find(({ id }) => id === 'TEL-001')?.subjects).toMatchObject({ fail: 0 });
  });

  it('is refused when another authority has signed its certificate', async () => {
    const stranger = Buffer.from(certificate('stranger.crt')).toString('base64');
    const config = await configFor(
      'wrong-ca',
      { token: server.adminToken },
      { 'certificate-authority-data': stranger },
    );
    const { exitCode, stderr } = await runInMemory(['--kubeconfig', config], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'is not trusted: its certificate is not signed by the certificate authority of the kubeconfig',
    );
    expect(stderr).not.toContain(server.adminToken);
  });

  it('is refused when its certificate is for another name', async () => {
    const config = await configFor(
      'wrong-name',
      { token: server.adminToken },
      { 'tls-server-name': 'elsewhere.example.test' },
    );
    expect((await runInMemory(['--kubeconfig', config], { cwd })).stderr).toContain(
      'its certificate is for another name',
    );
  });

  it('refuses a token that has expired, and so do we', async () => {
    const token = expiredToken(server);
    const { exitCode, stdout, stderr } = await runInMemory(
      ['--kubeconfig', await configFor('expired', { token })],
      { cwd },
    );
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('refuses the credentials of context "lab" (401)');
    expect(stderr).not.toContain(token);
  });

  it('refuses a client certificate that has expired', async () => {
    const user = {
      'client-certificate': certificatePath('expired-client.crt'),
      'client-key': certificatePath('expired-client.key'),
    };
    const { stderr } = await runInMemory(['--kubeconfig', await configFor('old', user)], { cwd });
    expect(stderr).toContain('(401)');
  });

  it('is read to the end when a token expires on the way, by asking the plugin again', async () => {
    const plugin = path.join(cwd, 'plugin.mjs');
    await writeFile(path.join(cwd, 'runs'), '0');
    await writeFile(
      plugin,
      `import { readFileSync, writeFileSync } from 'node:fs';
const run = Number(readFileSync(${JSON.stringify(path.join(cwd, 'runs'))}, 'utf8'));
writeFileSync(${JSON.stringify(path.join(cwd, 'runs'))}, String(run + 1));
const token = run === 0 ? ${JSON.stringify(expiredToken(server))} : ${JSON.stringify(server.adminToken)};
console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));
`,
    );
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [plugin],
      interactiveMode: 'Never',
    };
    const { reading } = await readCluster(target(await configFor('exec', { exec })));
    expect(reading.unlisted).toEqual([]);
    expect(readFileSync(path.join(cwd, 'runs'), 'utf8')).toBe('2');
  });

  it.each(['policyreport', 'openreports'])('takes our %s by the schemas of its kinds', async (format) => {
    const folder = `${root}test/kube/crds/`;
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.yaml')))
      await createDefinition(client, parse(readFileSync(`${folder}${name}`, 'utf8')) as JsonObject);
    const { stdout } = await runInMemory(['--kubeconfig', await adminConfig(), '-f', format], { cwd });
    const { items } = JSON.parse(stdout) as { readonly items: readonly JsonObject[] };
    expect(items.length).toBeGreaterThan(2);
    for (const item of items) {
      const { status, json } = await client.send(
        'POST',
        `${collectionOf(item)}?fieldValidation=Strict`,
        item,
      );
      expect([status, json.message]).toEqual([201, undefined]);
    }
  });
});
