import type { JsonObject } from '#documents/json.js';
import { connect, type ClusterTarget, type Connection } from '#cluster/connection.js';

/** Parts of a kubeconfig, by name. */
export interface Parts {
  readonly current?: string;
  readonly clusters?: Readonly<Record<string, JsonObject>>;
  readonly contexts?: Readonly<Record<string, JsonObject>>;
  readonly users?: Readonly<Record<string, JsonObject>>;
}

/** Text of a kubeconfig. */
export function config({ current, clusters = {}, contexts = {}, users = {} }: Parts): string {
  const list = (entries: Readonly<Record<string, JsonObject>>, member: string) =>
    Object.entries(entries).map(([name, value]) => ({ name, [member]: value }));
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    ...(current === undefined ? {} : { 'current-context': current }),
    clusters: list(clusters, 'cluster'),
    contexts: list(contexts, 'context'),
    users: list(users, 'user'),
  });
}

type MakeFolder = (files?: Readonly<Record<string, string>>) => Promise<string>;

/** One context `one` for one cluster and one user. */
export function single(cluster: JsonObject, user: JsonObject = {}): string {
  return config({
    current: 'one',
    clusters: { c: cluster },
    contexts: { one: { cluster: 'c', user: 'u' } },
    users: { u: user },
  });
}

/** Connects by kubeconfigs in a folder of their own. */
export async function connectWith(
  folder: MakeFolder,
  files: Readonly<Record<string, string>>,
  target: Partial<ClusterTarget> = { kubeconfig: 'config' },
): Promise<Connection> {
  const cwd = await folder(files);
  return connect({ cwd, env: { HOME: cwd }, interactive: false, ...target });
}

/** A server that nobody speaks to. */
export const server = 'https://cluster.example.test:6443';
