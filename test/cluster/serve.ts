import { afterEach } from 'vitest';
import type { ClusterOptions } from '#cluster/read-cluster.js';
import type { JsonObject } from '#documents/json.js';
import { startApiServer, type ApiServer, type ServerOptions } from './api-server.js';
import { certificate } from './certificates.js';
import { temporaryFolders } from './temporary-folder.js';

/** A running server, and what reading it takes. */
export interface Serving {
  readonly server: ApiServer;
  readonly target: ClusterOptions;
}

/** Who logs in where, in a kubeconfig. */
export interface Login {
  readonly user?: JsonObject;
  readonly cluster?: JsonObject;
}

/** Starts servers that are gone after each test. */
export function servers(): (options: ServerOptions, login?: Login) => Promise<Serving> {
  const folder = temporaryFolders();
  const running: ApiServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });
  return async (options, { user = { token: 'secret-token' }, cluster = {} } = {}) => {
    const server = await startApiServer(options);
    running.push(server);
    const cwd = await folder({ config: server.kubeconfig(user, cluster) });
    const target = {
      kubeconfig: 'config',
      cwd,
      env: { PATH: process.env['PATH'] },
      interactive: false,
      userAgent: 'test',
      patience: { pause: 1 },
    };
    return { server, target };
  };
}

/** Some namespaces, for servers of which it does not matter what they hold. */
export const namespaces = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system', uid: '1' } },
];

/** A certificate or key as a kubeconfig holds it. */
export function base64(name: string): string {
  return Buffer.from(certificate(name)).toString('base64');
}
