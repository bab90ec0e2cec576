import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { connect, type ClusterTarget } from '#cluster/connection.js';
import { authority, certificate } from './certificates.js';
import { config, connectWith as connectIn, server, single } from './kubeconfigs.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const connectWith = connectIn.bind(undefined, folder);

describe('kubeconfig', () => {
  it('is merged from the files of KUBECONFIG, the first that has a name wins, missing ones are passed over', async () => {
    const cwd = await folder({
      a: config({ current: 'x', clusters: { c: { server } } }),
      b: config({
        current: 'y',
        clusters: { c: { server: 'https://other.example.test' } },
        contexts: { x: { cluster: 'c', user: 'u' } },
        users: { u: { token: 't' } },
      }),
    });
    const list = ['missing', 'a', 'b'].map((name) => path.join(cwd, name)).join(path.delimiter);
    const connection = await connect({ cwd, env: { KUBECONFIG: list }, interactive: false });
    expect(connection.name).toBe('x');
    expect(connection.server.href).toBe(`${server}/`);
    expect(await connection.credentials.current()).toEqual({ authorization: 'Bearer t' });
  });

  it('is ~/.kube/config where nothing else is said', async () => {
    const cwd = await folder();
    await mkdir(path.join(cwd, '.kube'));
    await writeFile(path.join(cwd, '.kube', 'config'), single({ server }));
    expect((await connect({ cwd, env: { HOME: cwd }, interactive: false })).server.href).toBe(`${server}/`);
  });

  it('may be YAML', async () => {
    const text = `
apiVersion: v1
kind: Config
current-context: one
clusters: [{name: c, cluster: {server: "${server}"}}]
contexts:
- name: one
  context: {cluster: c}
`;
    expect((await connectWith({ config: text })).name).toBe('one');
  });

  it('names files relative to its own folder', async () => {
    const cwd = await folder();
    await mkdir(path.join(cwd, 'sub'));
    const files = {
      'ca.pem': authority,
      'c.pem': certificate('client.crt'),
      'k.pem': certificate('client.key'),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, 'sub', name), text);
    await writeFile(
      path.join(cwd, 'sub', 'config'),
      single(
        { server, 'certificate-authority': 'ca.pem' },
        { 'client-certificate': 'c.pem', 'client-key': './k.pem' },
      ),
    );
    const connection = await connect({ kubeconfig: 'sub/config', cwd, env: {}, interactive: false });
    expect(connection.ca).toBe(authority);
    expect(await connection.credentials.current()).toEqual({
      certificate: { cert: files['c.pem'], key: files['k.pem'] },
    });
  });

  it.each<readonly [string, Readonly<Record<string, string>>, Partial<ClusterTarget>, string]>([
    ['a file that is not there', {}, { kubeconfig: 'config' }, 'cannot read the kubeconfig'],
    ['no kubeconfig at all', {}, {}, 'there is no kubeconfig, and this is no pod'],
    [
      'broken YAML',
      { config: 'users: [\n  token: "abc' },
      { kubeconfig: 'config' },
      'not valid YAML near line 2',
    ],
    ['another object', { config: 'kind: Pod' }, { kubeconfig: 'config' }, 'is no kubeconfig'],
    [
      'no current context',
      { config: config({ contexts: { a: {}, b: {} } }) },
      { kubeconfig: 'config' },
      'has no current context',
    ],
    [
      'an unknown context',
      { config: single({ server }) },
      { kubeconfig: 'config', context: 'two' },
      'there is no context "two"',
    ],
    [
      'a context without its cluster',
      { config: config({ current: 'a', contexts: { a: { cluster: 'gone' } } }) },
      { kubeconfig: 'config' },
      'for the cluster "gone", which',
    ],
    [
      'a context without its user',
      {
        config: config({
          current: 'a',
          contexts: { a: { cluster: 'c', user: 'gone' } },
          clusters: { c: { server } },
        }),
      },
      { kubeconfig: 'config' },
      'for the user "gone", which',
    ],
    [
      'a cluster without server',
      { config: single({}) },
      { kubeconfig: 'config' },
      'the cluster has no server',
    ],
    [
      'a server of another kind',
      { config: single({ server: 'ftp://a' }) },
      { kubeconfig: 'config' },
      'no http or https',
    ],
    [
      'an authority that would not be used',
      { config: single({ server, 'certificate-authority-data': 'YQ==', 'insecure-skip-tls-verify': true }) },
      { kubeconfig: 'config' },
      'a certificate authority and insecure-skip-tls-verify',
    ],
    [
      'a group without a user to act as',
      { config: single({ server }) },
      { kubeconfig: 'config', asGroups: ['g'] },
      'a group to act as needs a user',
    ],
  ])('is refused for %s', async (_name, files, target, said) => {
    await expect(connectWith(files, target)).rejects.toThrow(said);
  });

  it('never shows what it holds when it is broken', async () => {
    const failure = await connectWith({ config: 'users:\n- token: "hidden\n' }).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).not.toContain('hidden');
  });
});

describe('the server', () => {
  it.each<readonly [JsonObject, string]>([
    [{ server: 'cluster.example.test:8443' }, 'http://cluster.example.test:8443/'],
    [
      { server: 'cluster.example.test:8443', 'insecure-skip-tls-verify': true },
      'https://cluster.example.test:8443/',
    ],
    [
      { server: 'https://proxy.example.test/k8s/clusters/c-1' },
      'https://proxy.example.test/k8s/clusters/c-1',
    ],
  ])('of %j is %s', async (cluster, href) => {
    expect((await connectWith({ config: single(cluster) })).server.href).toBe(href);
  });

  it('gets no credentials without TLS', async () => {
    const { credentials } = await connectWith({
      config: single({ server: 'http://a.test' }, { token: 't' }),
    });
    expect(await credentials.current()).toEqual({});
  });
});
