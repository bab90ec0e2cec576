import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCluster } from '#cluster/read-cluster.js';
import { manyServices } from './objects.js';
import { base64, namespaces, servers } from './serve.js';
import { temporaryFolders } from './temporary-folder.js';

const serve = servers();
const folder = temporaryFolders();

describe('logging in', () => {
  const plugin = readFileSync(new URL('exec-plugin.mjs', import.meta.url), 'utf8');

  it('by token, with the headers of impersonation', async () => {
    const { server, target } = await serve({ objects: namespaces });
    await readCluster({ ...target, as: 'jane', asGroups: ['a', 'b'] });
    expect(server.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      'impersonate-user': 'jane',
      'impersonate-group': 'a, b',
      'user-agent': 'test',
    });
  });

  it('by a client certificate in the kubeconfig', async () => {
    const user = { 'client-certificate-data': base64('client.crt'), 'client-key-data': base64('client.key') };
    const { server, target } = await serve({ objects: namespaces }, { user });
    expect((await readCluster(target)).reading.kinds).toHaveLength(1);
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
  });

  it('by an exec plugin, which is asked again when its token is refused', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: process.execPath,
      args: ['plugin.mjs'],
      provideClusterInfo: true,
      env: [{ name: 'TOKEN_FILE', value: 'count' }],
    };
    const seen: (string | undefined)[] = [];
    const { server, target } = await serve(
      {
        objects: [...namespaces, ...manyServices(5)],
        accepts: (authorization) => {
          seen.push(authorization);
          return authorization === 'Bearer token-2';
        },
      },
      { user: { exec } },
    );
    const cwd = await folder({ 'plugin.mjs': plugin, count: '0' });
    exec.args = [path.join(cwd, 'plugin.mjs')];
    exec.env = [{ name: 'TOKEN_FILE', value: path.join(cwd, 'count') }];
    const config = await folder({ config: server.kubeconfig({ exec }) });
    await readCluster({ ...target, cwd: config });
    expect(new Set(seen)).toEqual(new Set(['Bearer token-1', 'Bearer token-2']));
    const told: unknown = JSON.parse(readFileSync(path.join(cwd, 'count.info'), 'utf8'));
    expect(told).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    });
  });
});
