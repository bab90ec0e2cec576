import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { splitApiVersion } from '#documents/kubernetes-names.js';
import { stringAt, type JsonObject } from '#documents/json.js';
import { isClusterScoped } from '#schemas/kinds.js';
import { authority, certificate } from './certificates.js';
import { inForm, type ListForm } from './list-forms.js';

/** What goes wrong with one request. */
export type Fault =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: JsonObject | string;
    }
  | 'hang'
  | 'cut'
  | 'cut-body';

/** A request as a fault may look at it. */
export interface Asked {
  /** `pods`, `gateways.networking.istio.io`; undefined for anything but a list. */
  readonly resource: string | undefined;
  readonly url: URL;
  /** How many requests for the same path, without query, came before. */
  readonly before: number;
  readonly headers: IncomingMessage['headers'];
}

/** A test server: the list protocol of Kubernetes over some objects. */
export interface ServerOptions {
  readonly objects: readonly JsonObject[];
  readonly certificate?: 'server' | 'expired' | 'elsewhere';
  /** Value of `authorization` that is let in; default: any. */
  readonly accepts?: (authorization: string | undefined) => boolean;
  readonly forbidden?: readonly string[];
  /** How it tells what it serves; `groups`: as before Kubernetes 1.26. */
  readonly discovery?: 'aggregated' | 'groups';
  readonly fault?: (asked: Asked) => Fault | undefined;
  /** Forms of lists that it knows beside whole objects; a form that is asked for and not known is not heeded. */
  readonly forms?: readonly ListForm[];
}

/** A running test server. */
export interface ApiServer {
  readonly url: string;
  readonly port: number;
  /** All requests so far, path and query. */
  readonly requests: readonly string[];
  readonly asked: readonly Asked[];
  /** Kubeconfig for a user, in JSON. */
  readonly kubeconfig: (user: JsonObject, cluster?: JsonObject) => string;
  readonly close: () => Promise<void>;
}

interface Served {
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly objects: JsonObject[];
}

function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  if (word.endsWith('s')) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

function servedBy(objects: readonly JsonObject[]): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>();
  for (const object of objects) {
    const kind = stringAt(object, 'kind') ?? '';
    const { group, version } = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
    const plural = pluralOf(kind);
    const resource = group === '' ? plural : `${plural}.${group}`;
    const one = served.get(resource) ?? {
      ...{ resource, group, version, kind, plural },
      namespaced: !isClusterScoped(group, kind),
      objects: [],
    };
    served.set(resource, one);
    one.objects.push(object);
  }
  return served;
}

/** Starts a server on loopback. */
export async function startApiServer(options: ServerOptions): Promise<ApiServer> {
  const served = servedBy(options.objects);
  const asked: Asked[] = [];
  const counts = new Map<string, number>();
  const name = options.certificate ?? 'server';
  const server = https.createServer(
    {
      cert: certificate(`${name}.crt`),
      key: certificate(`${name}.key`),
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://server');
      const before = counts.get(url.pathname) ?? 0;
      counts.set(url.pathname, before + 1);
      const one: Asked = { resource: resourceOf(url), url, before, headers: request.headers };
      asked.push(one);
      answer(response, one, { options, served });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${String(port)}`;
  return {
    ...{ url, port, asked },
    get requests() {
      return asked.map((one) => `${one.url.pathname}${one.url.search}`);
    },
    kubeconfig: (user, cluster = {}) => kubeconfigText(url, user, cluster),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A kubeconfig with one context, in JSON. */
export function kubeconfigText(server: string, user: JsonObject, cluster: JsonObject = {}): string {
  const ca = { 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return JSON.stringify({
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, ...ca, ...cluster } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    users: [{ name: 'test', user }],
  });
}

function resourceOf({ pathname }: URL): string | undefined {
  const [, group = '', plural] =
    /^\/(?:api|apis\/([^/]+))\/v[^/]+(?:\/namespaces\/[^/]+)?\/([^/]+)$/.exec(pathname) ?? [];
  if (plural === undefined) return undefined;
  return group === '' ? plural : `${plural}.${group}`;
}

interface World {
  readonly options: ServerOptions;
  readonly served: ReadonlyMap<string, Served>;
}

function answer(response: ServerResponse, asked: Asked, { options, served }: World): void {
  const fault = options.fault?.(asked);
  if (fault === 'hang') return;
  if (fault === 'cut') {
    response.destroy();
    return;
  }
  if (fault === 'cut-body') {
    response.writeHead(200, { 'content-length': '100000' });
    response.write('{"items": [', () => response.destroy());
    return;
  }
  const [body, head] = fault === undefined ? settle(asked, { options, served }) : failing(fault);
  sendJson(response, body, head);
}

function failing(fault: Extract<Fault, object>): [JsonObject | string, Head] {
  return [fault.body ?? status(fault.status, 'made to fail'), fault];
}

function settle({ resource, url, headers }: Asked, { options, served }: World): [JsonObject, Head] {
  if (options.accepts?.(headers.authorization) === false)
    return [status(401, 'Unauthorized'), { status: 401 }];
  const one = resource === undefined ? undefined : served.get(resource);
  if (one === undefined) return discovery(url, { options, served });
  if (options.forbidden?.includes(one.resource) !== true)
    return [inForm(page(one, url), headers.accept ?? '', options.forms), { status: 200 }];
  const said = `${one.resource} is forbidden: User "reader" cannot list resource "${one.resource}" at the cluster scope`;
  return [status(403, said), { status: 403 }];
}

/** A `Status` as the API server words failures. */
export function status(code: number, message: string, metadata: JsonObject = {}): JsonObject {
  return { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, code };
}

interface Head {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

function sendJson(
  response: ServerResponse,
  body: JsonObject | string,
  { status: code, headers }: Head,
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const packed = text.length > 1000 ? gzipSync(text, { level: 1 }) : undefined;
  response.writeHead(code, {
    'content-type': 'application/json',
    ...(packed === undefined ? {} : { 'content-encoding': 'gzip' }),
    ...headers,
  });
  response.end(packed ?? text);
}

function page({ group, version, kind, objects }: Served, url: URL): JsonObject {
  const [, namespace] = /\/namespaces\/([^/]+)\//.exec(url.pathname) ?? [];
  const members = objects.filter(
    (object) => namespace === undefined || stringAt(object, 'metadata', 'namespace') === namespace,
  );
  const start = Number(url.searchParams.get('continue') ?? '0');
  const end = start + Number(url.searchParams.get('limit') ?? members.length);
  const metadata = {
    resourceVersion: '1',
    ...(end < members.length ? { continue: String(end), remainingItemCount: members.length - end } : {}),
  };
  // Members of built-in kinds do not say what they are.
  const bare = !group.endsWith('istio.io');
  const items = members
    .slice(start, end)
    .map((object) => (bare ? { ...object, apiVersion: undefined, kind: undefined } : object));
  const type = { kind: `${kind}List`, apiVersion: group === '' ? version : `${group}/${version}` };
  return bare ? { ...type, metadata, items } : { ...type, items, metadata };
}

function discovery(url: URL, { options, served }: World): [JsonObject, Head] {
  const ok = { status: 200 };
  const kinds = [...served.values()];
  const found = {
    '/api': kinds.filter(({ group }) => group === ''),
    '/apis': kinds.filter(({ group }) => group !== ''),
  };
  const { pathname } = url;
  if (pathname === '/version') return [{ gitVersion: 'v1.36.1' }, ok];
  if (pathname === '/api' || pathname === '/apis') {
    if (options.discovery !== 'groups') return [aggregated(found[pathname]), ok];
    if (pathname === '/api') return [{ kind: 'APIVersions', versions: ['v1'] }, ok];
    const groups = [...new Set(found['/apis'].map(({ group }) => group))].map((name) => {
      const own = found['/apis'].filter(({ group }) => group === name);
      const versions = [...new Set(own.map(({ version }) => version))].map((version) => ({ version }));
      return { name, versions, preferredVersion: versions[0] ?? null };
    });
    return [{ kind: 'APIGroupList', groups }, ok];
  }
  const [, group = '', version] = /^\/(?:api|apis\/([^/]+))\/(v[^/]+)$/.exec(pathname) ?? [];
  const resources = kinds
    .filter((one) => one.group === group && one.version === version)
    .flatMap(({ plural, kind, namespaced }) => [
      { name: plural, kind, namespaced, verbs: ['get', 'list', 'watch'] },
      { name: `${plural}/status`, kind, namespaced, verbs: ['get'] },
    ]);
  if (resources.length === 0) return [status(404, 'not found'), { status: 404 }];
  return [{ kind: 'APIResourceList', resources }, ok];
}

function aggregated(kinds: readonly Served[]): JsonObject {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    items: groups.map((group) => {
      const own = kinds.filter((one) => one.group === group);
      const versions = [...new Set(own.map(({ version }) => version))];
      return {
        metadata: group === '' ? {} : { name: group },
        versions: versions.map((version) => ({
          version,
          freshness: 'Current',
          resources: own
            .filter((one) => one.version === version)
            .map(({ plural, kind, namespaced }) => ({
              resource: plural,
              responseKind: { group, version, kind },
              scope: namespaced ? 'Namespaced' : 'Cluster',
              verbs: ['get', 'list'],
            })),
        })),
      };
    }),
  };
}
