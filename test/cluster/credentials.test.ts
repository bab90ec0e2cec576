import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { connect, type Connection } from '#cluster/connection.js';
import { inClusterConnection } from '#cluster/in-cluster.js';
import { authority } from './certificates.js';
import { connectWith as connectIn, server, single } from './kubeconfigs.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const connectWith = connectIn.bind(undefined, folder);

describe('the user', () => {
  const credentialOf = async (user: JsonObject, files: Readonly<Record<string, string>> = {}) =>
    (await connectWith({ ...files, config: single({ server }, user) })).credentials.current();

  it('has a password', async () => {
    const authorization = `Basic ${Buffer.from('jane:pass word').toString('base64')}`;
    expect(await credentialOf({ username: 'jane', password: 'pass word' })).toEqual({ authorization });
  });

  it('has a token in a file, which wins over the one beside it', async () => {
    const user = { tokenFile: 'token', token: 'old' };
    expect(await credentialOf(user, { token: 'new\n' })).toEqual({ authorization: 'Bearer new' });
    expect(await credentialOf(user)).toEqual({ authorization: 'Bearer old' });
  });

  it('has a token in a file that is read anew when it is refused', async () => {
    const cwd = await folder({ token: 'one', config: single({ server }, { tokenFile: 'token' }) });
    const { credentials } = await connect({ kubeconfig: 'config', cwd, env: {}, interactive: false });
    expect(await credentials.current()).toEqual({ authorization: 'Bearer one' });
    await writeFile(path.join(cwd, 'token'), 'two');
    expect(await credentials.current()).toEqual({ authorization: 'Bearer one' });
    expect(credentials.renew()).toBe(true);
    expect(await credentials.current()).toEqual({ authorization: 'Bearer two' });
  });

  it('acts as another', async () => {
    const user = { as: 'jane', 'as-groups': ['a'], 'as-uid': '7', 'as-user-extra': { 'a/b': ['c'] } };
    expect((await connectWith({ config: single({ server }, user) })).headers).toEqual({
      'impersonate-user': 'jane',
      'impersonate-group': ['a'],
      'impersonate-uid': '7',
      'impersonate-extra-a%2fb': ['c'],
    });
  });

  it.each<readonly [JsonObject, string]>([
    [{ 'auth-provider': { name: 'gcp' } }, 'auth-provider gcp, which Kubernetes has dropped'],
    [{ token: 'a', username: 'b' }, 'both a token and a password'],
    [{ 'client-certificate-data': 'YQ==' }, 'a client certificate without its key'],
    [{ 'client-key': 'gone.pem', 'client-certificate-data': 'YQ==' }, 'cannot read client-key'],
    [{ exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } }, 'exec plugin x speaks'],
    [{ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' } }, 'has no interactiveMode'],
    [{ exec: { apiVersion: 'client.authentication.k8s.io/v1' } }, 'exec has no command'],
    [
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', interactiveMode: 'Always' } },
      'wants to ask something, and there is no terminal',
    ],
  ])('of %j is refused', async (user, said) => {
    await expect(credentialOf(user)).rejects.toThrow(said);
  });
});

describe('an exec plugin', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', installHint: 'Install it.' };

  async function run(script: string | undefined, more: JsonObject = {}): Promise<Connection['credentials']> {
    const user = { exec: { ...exec, command: './plugin', ...more } };
    const cwd = await folder({
      config: single({ server }, user),
      ...(script === undefined ? {} : { plugin: `#!/bin/sh\n${script}\n` }),
    });
    if (script !== undefined) await chmod(path.join(cwd, 'plugin'), 0o700);
    return (await connect({ kubeconfig: 'config', cwd, env: process.env, interactive: false })).credentials;
  }
  const prints = (status: string): string =>
    `echo '{"apiVersion":"${exec.apiVersion}","kind":"ExecCredential","status":${status}}'`;

  it('gives a token and a certificate, once', async () => {
    const status = '{"token":"t","clientCertificateData":"c","clientKeyData":"k"}';
    const credentials = await run(`test -e "$0.ran" && exit 1; touch "$0.ran"; ${prints(status)}`);
    const expected = { authorization: 'Bearer t', certificate: { cert: 'c', key: 'k' } };
    expect(await Promise.all([credentials.current(), credentials.current()])).toEqual([expected, expected]);
    expect(await credentials.current()).toEqual(expected);
  });

  it('is run again when what it gave has expired', async () => {
    const status = '{"token":"\'$$\'","expirationTimestamp":"2020-01-01T00:00:00Z"}';
    const credentials = await run(prints(status));
    expect(await credentials.current()).not.toEqual(await credentials.current());
  });

  it.each([
    ['is not there', undefined, 'cannot be run (ENOENT)'],
    ['fails', 'exit 3', 'failed (exit code 3)'],
    ['prints something else', 'echo token: hidden', 'printed no JSON'],
    ['prints without end', 'yes hidden', 'prints without end'],
    ['prints another object', 'echo \'{"token":"hidden"}\'', 'printed no ExecCredential'],
    ['gives nothing', prints('{}'), 'gave neither a token nor a certificate'],
    ['gives half a certificate', prints('{"clientKeyData":"hidden"}'), 'a certificate without a key'],
  ])('that %s is told by name and hint, not by what it printed', async (_name, script, said) => {
    const credentials = await run(script);
    const failure = await credentials.current().catch((error: unknown) => error);
    expect(String(failure)).toContain(said);
    expect(String(failure)).not.toContain('hidden');
  });

  it('that is missing comes with its hint', async () => {
    const credentials = await run(undefined);
    await expect(credentials.current()).rejects.toMatchObject({ hint: 'Install it.' });
  });
});

describe("a pod's own account", () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it('is taken from where the kubelet puts it', async () => {
    const mount = await folder({ token: 'pod-token', 'ca.crt': authority });
    const own = await inClusterConnection(env, mount);
    expect(own).toMatchObject({ name: 'in-cluster', ca: authority, insecure: false });
    expect(own?.server.href).toBe('https://10.96.0.1/');
    expect(await own?.credentials.current()).toEqual({ authorization: 'Bearer pod-token' });
    const six = await inClusterConnection({ ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, mount);
    expect(six?.server.hostname).toBe('[fd00::1]');
  });

  it('is not there outside a pod', async () => {
    expect(await inClusterConnection(env, await folder())).toBeUndefined();
    expect(await inClusterConnection({}, await folder({ token: 't' }))).toBeUndefined();
  });
});
