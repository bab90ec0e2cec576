import type { JsonObject } from '#documents/json.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import { ClusterError } from './cluster-error.js';
import type { Credentials } from './credentials.js';
import type { PluginWorld } from './exec-plugin.js';
import { inClusterConnection } from './in-cluster.js';
import { nonEmpty, readKubeconfig, type Entry, type Kubeconfig } from './kubeconfig.js';
import { proxyFor } from './proxy.js';
import { dataOrFile, userCredentials } from './user-credentials.js';

/** Which cluster to read, as whom. */
export interface ClusterTarget {
  /** The one kubeconfig that counts; default: as kubectl finds it. */
  readonly kubeconfig?: string;
  /** A context of the kubeconfig; default: its current one. */
  readonly context?: string;
  /** A user to act as, as `kubectl --as`. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when somebody sits at a terminal: exec plugins may ask. */
  readonly interactive: boolean;
}

/** An API server, and everything that a request to it needs. */
export interface Connection {
  /** Name of the context, `in-cluster` where a pod's own account serves. */
  readonly name: string;
  readonly server: URL;
  /** PEM; undefined: what Node trusts. */
  readonly ca: string | undefined;
  /** Name that the server's certificate must bear, where it is not the host's. */
  readonly serverName: string | undefined;
  readonly insecure: boolean;
  readonly proxy: URL | undefined;
  readonly credentials: Credentials;
  /** Headers of each request beside the credential: impersonation. */
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/**
 * Finds the API server and the credentials as kubectl does: the kubeconfig, and where there is none and none was asked
 * for, the account of the pod that this runs in.
 *
 * @throws ClusterError when nothing says which cluster, or what says so cannot be used.
 */
export async function connect(target: ClusterTarget): Promise<Connection> {
  const config = await readKubeconfig(target);
  if (target.kubeconfig === undefined && target.context === undefined && isEmpty(config)) {
    const own = await inClusterConnection(target.env);
    if (own !== undefined) return { ...own, headers: impersonation({}, target) };
    const [file] = config.files;
    throw new ClusterError(
      file === undefined
        ? 'there is no kubeconfig, and this is no pod with an account of its own'
        : `${file} holds no cluster, no context and no user`,
      'Name a file with --kubeconfig or KUBECONFIG.',
    );
  }
  return fromKubeconfig(config, target);
}

function isEmpty({ clusters, contexts, users, currentContext }: Kubeconfig): boolean {
  return clusters.size + contexts.size + users.size === 0 && currentContext === undefined;
}

async function fromKubeconfig(config: Kubeconfig, target: ClusterTarget): Promise<Connection> {
  const { name, cluster, user } = chosen(config, target);
  const server = serverOf(cluster);
  // As kubectl: without TLS nobody's credentials are sent (ClientConfig in client-go's clientcmd).
  const isSecure = server.protocol === 'https:';
  const [ca, insecure] = isSecure ? await trustOf(cluster) : [undefined, false];
  const world: PluginWorld = {
    env: target.env,
    interactive: target.interactive,
    cluster: told(cluster, { server, ca, insecure }),
  };
  const nobody: Entry = { value: {}, file: cluster.file };
  return {
    name,
    server,
    ca,
    serverName: nonEmpty(stringAt(cluster.value, 'tls-server-name')),
    insecure,
    proxy: proxyFor(server, nonEmpty(stringAt(cluster.value, 'proxy-url')), target.env),
    credentials: await userCredentials(isSecure ? (user ?? nobody) : nobody, world),
    headers: impersonation(user?.value ?? {}, target),
  };
}

interface Chosen {
  readonly name: string;
  readonly cluster: Entry;
  readonly user: Entry | undefined;
}

function chosen(config: Kubeconfig, target: ClusterTarget): Chosen {
  const { contexts, clusters, users } = config;
  const name = target.context ?? config.currentContext;
  const where = config.files.join(', ');
  if (name === undefined)
    throw new ClusterError(
      `${where} has no current context`,
      `Choose one with --context: ${names(contexts)}.`,
    );
  const context = contexts.get(name);
  if (context === undefined)
    throw new ClusterError(`there is no context "${name}" in ${where}`, `Contexts: ${names(contexts)}.`);
  const clusterName = stringAt(context.value, 'cluster') ?? '';
  const cluster = clusters.get(clusterName);
  if (cluster === undefined)
    throw new ClusterError(
      `context "${name}" is for the cluster "${clusterName}", which ${where} does not hold`,
    );
  const userName = nonEmpty(stringAt(context.value, 'user'));
  const user = userName === undefined ? undefined : users.get(userName);
  if (userName !== undefined && user === undefined)
    throw new ClusterError(`context "${name}" is for the user "${userName}", which ${where} does not hold`);
  return { name, cluster, user };
}

function names(entries: ReadonlyMap<string, Entry>): string {
  return entries.size === 0 ? 'none' : [...entries.keys()].join(', ');
}

/** A server without scheme is taken for TLS where the entry speaks of TLS (DefaultServerURL in client-go's rest). */
function serverOf({ value, file }: Entry): URL {
  const server = nonEmpty(stringAt(value, 'server'));
  if (server === undefined) throw new ClusterError(`${file}: the cluster has no server`);
  const speaksOfTls = ['certificate-authority', 'certificate-authority-data'].some((key) => key in value);
  const scheme = speaksOfTls || value['insecure-skip-tls-verify'] === true ? 'https' : 'http';
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `${scheme}://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    throw new ClusterError(`${file}: the server of the cluster is no http or https address`);
  return url;
}

async function trustOf(cluster: Entry): Promise<readonly [string | undefined, boolean]> {
  const insecure = cluster.value['insecure-skip-tls-verify'] === true;
  const ca = await dataOrFile(cluster, 'certificate-authority');
  if (insecure && ca !== undefined)
    throw new ClusterError(
      `${cluster.file}: the cluster has a certificate authority and insecure-skip-tls-verify`,
      'Only one of the two is allowed.',
    );
  return [ca, insecure];
}

interface Trust {
  readonly server: URL;
  readonly ca: string | undefined;
  readonly insecure: boolean;
}

/** What an exec plugin is told of the cluster (ExecInfo in client-go's pkg/apis/clientauthentication). */
function told({ value }: Entry, { server, ca, insecure }: Trust): JsonObject {
  const serverName = nonEmpty(stringAt(value, 'tls-server-name'));
  const proxy = nonEmpty(stringAt(value, 'proxy-url'));
  const extension = listAt(value, 'extensions').find(
    (item) => stringAt(item, 'name') === 'client.authentication.k8s.io/exec',
  );
  const config = extension && objectAt(extension, 'extension');
  return {
    server: server.href.replace(/\/$/, ''),
    ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(proxy === undefined ? {} : { 'proxy-url': proxy }),
    config: config ?? null,
  };
}

/** Whom to act as: the command line, else the user's entry (ImpersonationConfig in client-go's transport). */
function impersonation(user: JsonObject, target: ClusterTarget): Connection['headers'] {
  const as = target.as ?? nonEmpty(stringAt(user, 'as'));
  const groups = target.asGroups ?? stringsAt(user, 'as-groups');
  const uid = nonEmpty(stringAt(user, 'as-uid'));
  const extra = Object.entries(objectAt(user, 'as-user-extra') ?? {});
  if (as === undefined) {
    if (groups.length === 0 && uid === undefined && extra.length === 0) return {};
    throw new ClusterError('a group to act as needs a user to act as', 'Add --as.');
  }
  return {
    'impersonate-user': as,
    ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }),
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...Object.fromEntries(
      extra.map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key).toLowerCase()}`,
        [...stringsAt(values)],
      ]),
    ),
  };
}
