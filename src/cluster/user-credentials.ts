import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { objectAt, stringAt } from '#documents/json.js';
import { ClusterError } from './cluster-error.js';
import { fixedCredentials, withCertificate, type Credential, type Credentials } from './credentials.js';
import { execCredentials, type PluginWorld } from './exec-plugin.js';
import { nonEmpty, type Entry } from './kubeconfig.js';
import { tokenFileCredentials } from './token-file.js';

/**
 * How a user of a kubeconfig logs in, as kubectl reads it: a certificate, and one of token, user name with password, or an exec
 * plugin (getUserIdentificationPartialConfig and validateAuthInfo in client-go's clientcmd).
 *
 * @throws ClusterError when the user asks for what cannot be done, or a file of its is not there.
 */
export async function userCredentials(user: Entry, world: PluginWorld): Promise<Credentials> {
  refuseContradictions(user);
  const certificate = await certificateOf(user);
  return withCertificate(await bearerOf(user, world), certificate);
}

async function bearerOf(user: Entry, world: PluginWorld): Promise<Credentials> {
  const { value, file } = user;
  const token = nonEmpty(stringAt(value, 'token'));
  const tokenFile = nonEmpty(stringAt(value, 'tokenFile'));
  // The file wins over a token beside it, which serves while the file cannot be read.
  if (tokenFile !== undefined) return tokenFileCredentials(besides(file, tokenFile), token);
  if (token !== undefined) return fixedCredentials({ authorization: `Bearer ${token}` });
  const username = nonEmpty(stringAt(value, 'username'));
  if (username !== undefined) {
    const pair = Buffer.from(`${username}:${stringAt(value, 'password') ?? ''}`, 'utf8').toString('base64');
    return fixedCredentials({ authorization: `Basic ${pair}` });
  }
  const exec = objectAt(value, 'exec');
  return Promise.resolve(exec === undefined ? fixedCredentials({}) : execCredentials(exec, user, world));
}

function refuseContradictions({ value, file }: Entry): void {
  const provider = stringAt(value, 'auth-provider', 'name');
  if (objectAt(value, 'auth-provider') !== undefined)
    throw new ClusterError(
      `${file}: the user logs in by auth-provider ${provider ?? ''}, which Kubernetes has dropped`.replace(
        '  ',
        ' ',
      ),
      'Use the exec plugin of that provider, or a token.',
    );
  const hasToken = nonEmpty(stringAt(value, 'token') ?? stringAt(value, 'tokenFile')) !== undefined;
  const hasPassword = nonEmpty(stringAt(value, 'username')) !== undefined;
  if (hasToken && hasPassword)
    throw new ClusterError(`${file}: the user has both a token and a password; one of them is allowed`);
}

async function certificateOf({ value, file }: Entry): Promise<Credential['certificate']> {
  const cert = await dataOrFile({ value, file }, 'client-certificate');
  const key = await dataOrFile({ value, file }, 'client-key');
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new ClusterError(`${file}: the user has a client certificate without its key, or a key alone`);
  return { cert, key };
}

/** Text that stands in the kubeconfig itself (`<name>-data`, base64) or in a file that it names; the former wins. */
export async function dataOrFile({ value, file }: Entry, name: string): Promise<string | undefined> {
  const data = nonEmpty(stringAt(value, `${name}-data`));
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const named = nonEmpty(stringAt(value, name));
  if (named === undefined) return undefined;
  const place = besides(file, named);
  return readFile(place, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ClusterError(`${file}: cannot read ${name} ${place} (${code})`);
  });
}

/** A path of a kubeconfig: relative to the folder that holds it. */
function besides(file: string, name: string): string {
  return path.resolve(path.dirname(file), name);
}
