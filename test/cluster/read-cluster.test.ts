import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCluster, type ClusterOptions } from '#cluster/read-cluster.js';
import { status, type Asked, type ServerOptions } from './api-server.js';
import { manyServices, storedObjects } from './objects.js';
import { base64, namespaces, servers } from './serve.js';

const serve = servers();
const isServices = ({ resource }: Asked): boolean => resource === 'services';

async function countServices(target: ClusterOptions): Promise<number | undefined> {
  const { reading } = await readCluster(target);
  expect(reading.unlisted).toEqual([]);
  return reading.kinds.find(({ kind }) => kind.kind === 'Service')?.objects;
}

describe('lists', () => {
  it('come page by page until the end', async () => {
    const { server, target } = await serve({ objects: [...namespaces, ...manyServices(10_250)] });
    expect(await countServices(target)).toBe(10_250);
    const pages = server.requests.filter((request) => request.startsWith('/api/v1/services?'));
    expect(pages).toHaveLength(21);
    expect(pages[0]).toBe('/api/v1/services?limit=500');
    expect(pages[1]).toBe('/api/v1/services?limit=500&continue=500');
  });

  it('that expire go on with the token that the server gives for it', async () => {
    const gone = status(410, 'expired', { continue: '500' });
    const { server, target } = await serve({
      objects: [...namespaces, ...manyServices(1200)],
      fault: (asked) => (isServices(asked) && asked.before === 1 ? { status: 410, body: gone } : undefined),
    });
    expect(await countServices(target)).toBe(1200);
    expect(server.requests.filter((request) => request.endsWith('services?limit=500'))).toHaveLength(1);
  });

  it('that expire without a token begin again', async () => {
    const { server, target } = await serve({
      objects: [...namespaces, ...manyServices(1200)],
      fault: (asked) => (isServices(asked) && asked.before === 2 ? { status: 410 } : undefined),
    });
    expect(await countServices(target)).toBe(1200);
    expect(server.requests.filter((request) => request.endsWith('services?limit=500'))).toHaveLength(2);
  });

  it('that expire again and again are told as failed', async () => {
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(600)],
      fault: (asked) => (isServices(asked) && asked.before % 2 === 1 ? { status: 410 } : undefined),
    });
    const { unlisted } = (await readCluster(target)).reading;
    expect(unlisted).toMatchObject([{ resource: 'services', reason: 'failed', message: '410 made to fail' }]);
  });

  it('whose token does not move on end', async () => {
    const body = { kind: 'ServiceList', apiVersion: 'v1', metadata: { continue: 'x' }, items: [] };
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(1)],
      fault: (asked) => (isServices(asked) ? { status: 200, body } : undefined),
    });
    expect((await readCluster(target)).reading.unlisted).toMatchObject([
      { resource: 'services', reason: 'failed' },
    ]);
  });

  it('of a kind that has gone meanwhile hold nothing', async () => {
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(3)],
      fault: (asked) => (isServices(asked) ? { status: 404 } : undefined),
    });
    expect(await countServices(target)).toBe(0);
  });

  it('are limited to namespaces where that is asked for', async () => {
    const { server, target } = await serve({ objects: [...namespaces, ...manyServices(70)] });
    expect(await countServices({ ...target, namespaces: ['ns-1', 'ns-2'] })).toBe(20);
    expect(server.requests).toContain('/api/v1/namespaces/ns-1/services?limit=500');
    expect(server.requests).toContain('/api/v1/namespaces?limit=500');
  });
});

describe('a server that is not well', () => {
  it.each<readonly [string, ServerOptions['fault']]>([
    ['is busy', (asked) => (asked.before < 2 ? { status: 429, headers: { 'retry-after': '0' } } : undefined)],
    [
      'is out of order',
      (asked) => (asked.before < 2 ? { status: 503, body: 'service unavailable' } : undefined),
    ],
    ['cuts the connection', (asked) => (asked.before < 2 ? 'cut' : undefined)],
    ['cuts an answer off', (asked) => (asked.before < 2 ? 'cut-body' : undefined)],
  ])('is asked again when it %s', async (_name, fault) => {
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(1200)],
      ...(fault && { fault }),
    });
    expect(await countServices(target)).toBe(1200);
  });

  it('is asked again when it hangs', async () => {
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(3)],
      fault: (asked) => (isServices(asked) && asked.before < 2 ? 'hang' : undefined),
    });
    expect(await countServices({ ...target, patience: { pause: 1, timeout: 200 } })).toBe(3);
  });

  it('is given up when it always hangs', async () => {
    const { target } = await serve({ objects: namespaces, fault: () => 'hang' });
    await expect(readCluster({ ...target, patience: { pause: 1, timeout: 50 } })).rejects.toThrow(
      /cannot be reached \(no answer within 0.05 s\)/,
    );
  });

  it('fails for the one kind that it cannot list', async () => {
    const { target } = await serve({
      objects: [...namespaces, ...manyServices(3)],
      fault: (asked) => (isServices(asked) ? { status: 500 } : undefined),
    });
    const { reading, files } = await readCluster(target);
    expect(reading.unlisted).toMatchObject([
      { resource: 'services', reason: 'failed', message: '500 made to fail' },
    ]);
    expect(files.map((file) => file.path)).toEqual(['meshaudit-snapshot.json', 'cluster/namespaces.json']);
  });

  it('is left at once when somebody interrupts', async () => {
    const { target } = await serve({ objects: namespaces, fault: () => 'hang' });
    const interrupt = new AbortController();
    const reading = readCluster({ ...target, signal: interrupt.signal });
    setTimeout(() => {
      interrupt.abort(new Error('interrupted'));
    }, 50);
    await expect(reading).rejects.toThrow('interrupted');
  });
});

describe('trust', () => {
  it.each([
    ['expired', {}, 'its certificate has expired'],
    ['elsewhere', {}, 'its certificate is for another name'],
    [
      'server',
      { 'certificate-authority-data': base64('stranger.crt') },
      'is not signed by the certificate authority',
    ],
  ] as const)('refuses the certificate %s', async (name, cluster, said) => {
    const { server, target } = await serve({ objects: namespaces, certificate: name }, { cluster });
    await expect(readCluster(target)).rejects.toThrow(said);
    expect(server.requests).toEqual([]);
  });

  it('needs certificates that can be read', async () => {
    const user = { 'client-certificate-data': 'bm9uZQ==', 'client-key-data': 'bm9uZQ==' };
    const { target } = await serve({ objects: namespaces }, { user });
    await expect(readCluster(target)).rejects.toThrow(
      'a certificate or key of the kubeconfig cannot be read',
    );
  });

  it('goes by tls-server-name', async () => {
    const cluster = { 'tls-server-name': 'elsewhere.example.test' };
    const { target } = await serve({ objects: namespaces, certificate: 'elsewhere' }, { cluster });
    expect((await readCluster(target)).reading.kinds).toHaveLength(1);
  });

  it('is given up with insecure-skip-tls-verify', async () => {
    const cluster = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': '' };
    const { target } = await serve({ objects: namespaces, certificate: 'expired' }, { cluster });
    expect((await readCluster(target)).reading.kinds).toHaveLength(1);
  });
});

describe('rights', () => {
  it('that are lacking for two kinds are told', async () => {
    const { target } = await serve({
      objects: storedObjects('fixtures/meshes/bookinfo/insecure'),
      forbidden: ['authorizationpolicies.security.istio.io', 'configmaps'],
    });
    const { reading, files } = await readCluster(target);
    expect(reading.unlisted.map(({ resource, reason }) => `${resource} ${reason}`).sort()).toEqual([
      'authorizationpolicies.security.istio.io forbidden',
      'configmaps forbidden',
    ]);
    expect(files[0]?.text).toContain('cannot list resource');
  });

  it('that are lacking for all kinds end it', async () => {
    const { target } = await serve({ objects: namespaces, forbidden: ['namespaces'] });
    await expect(readCluster(target)).rejects.toThrow('not one kind may be listed: namespaces is forbidden');
  });

  it('refused as a whole (401) end it, and the token is not told', async () => {
    const { server, target } = await serve({ objects: namespaces, accepts: () => false });
    const failure = await readCluster(target).catch((error: unknown) => error);
    expect(String(failure)).toContain('refuses the credentials of context "test" (401)');
    expect(JSON.stringify(failure)).not.toContain('secret-token');
    expect(server.requests).toHaveLength(1);
  });
});

describe('what is kept', () => {
  it.each(['aggregated', 'groups'] as const)('is the same with discovery by %s', async (discovery) => {
    const objects = storedObjects('fixtures/meshes/bookinfo/insecure');
    const { target } = await serve({ objects, discovery });
    const { target: other } = await serve({ objects });
    expect((await readCluster(target)).files).toEqual((await readCluster(other)).files);
  });

  it('holds no Secret, no managedFields and no last-applied', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { a: 'hidden' },
    };
    const { server, target } = await serve({
      objects: [...storedObjects('fixtures/meshes/bookinfo/insecure'), secret],
    });
    const text = (await readCluster(target)).files.map((file) => file.text).join('');
    expect(text).toContain('"productpage"');
    expect(text).not.toMatch(/hidden|in-managed-fields|in-last-applied/);
    expect(server.requests.filter((request) => request.includes('secrets'))).toEqual([]);
  });

  it('does not show the order in which objects came', async () => {
    const objects = storedObjects('fixtures/meshes/bookinfo/insecure');
    const { target } = await serve({ objects });
    const { target: reversed } = await serve({ objects: [...objects].reverse() });
    expect((await readCluster(target)).files).toEqual((await readCluster(reversed)).files);
  });

  it('cannot leave the folder of a snapshot', async () => {
    const objects = [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: '../../etc' } }];
    const { target } = await serve({ objects: [...namespaces, ...objects] });
    const paths = (await readCluster(target)).files.map((file) => file.path);
    expect(paths).toContain('namespaces/.._.._etc/services.json');
    for (const name of paths) expect(path.normalize(`/x/${name}`).startsWith('/x/')).toBe(true);
  });
});
