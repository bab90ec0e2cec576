import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from './connection.js';
import { proxyFor } from './proxy.js';
import { tokenFileCredentials } from './token-file.js';

/** Where the kubelet puts the account of a pod. */
const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The API server of the cluster that this runs in, with the account of its own pod; undefined outside a pod
 * (InClusterConfig in client-go's rest). The token is read anew, as it expires.
 *
 * @param folder Where the account is mounted; for tests.
 */
export async function inClusterConnection(
  env: Readonly<Record<string, string | undefined>>,
  folder = mount,
): Promise<Connection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const token = path.join(folder, 'token');
  const isThere = await access(token).then(
    () => true,
    () => false,
  );
  if (!isThere || host === undefined || host === '' || port === undefined || port === '') return undefined;
  const server = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return {
    name: 'in-cluster',
    server,
    ca: await readFile(path.join(folder, 'ca.crt'), 'utf8').catch(() => undefined),
    serverName: undefined,
    insecure: false,
    proxy: proxyFor(server, undefined, env),
    credentials: tokenFileCredentials(token),
    headers: {},
  };
}
