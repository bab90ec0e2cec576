import { splitApiVersion } from '#documents/kubernetes-names.js';
import { stringAt, type JsonObject } from '#documents/json.js';
import { isClusterScoped } from '#schemas/kinds.js';
import type { AdminClient, Sent } from '../../scripts/kube/client.mjs';
import type { StartedServer } from '../../scripts/kube/server.mjs';

/** Groups that a kube-apiserver serves by itself. */
const builtIn = /^$|^(apps|batch|autoscaling|policy)$|\.k8s\.io$/;

function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) && word !== 'endpoints' ? `${word}es` : word.replace(/s?$/, 's');
}

/** Path of the collection that an object belongs to. */
export function collectionOf(object: JsonObject): string {
  const [apiVersion = '', kind = ''] = [stringAt(object, 'apiVersion'), stringAt(object, 'kind')];
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const namespace = stringAt(object, 'metadata', 'namespace');
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${pluralOf(kind)}`;
}

function succeeded({ status, json }: Sent, what: string): void {
  if (status >= 300 && status !== 409) throw new Error(`${what}: ${String(status)} ${json.message ?? ''}`);
}

/** Creates an object; one that is there already is fine. */
export async function create({ send }: AdminClient, object: JsonObject, query = ''): Promise<void> {
  const path = `${collectionOf(object)}${query}`;
  succeeded(await send('POST', path, object), path);
}

/** Defines the custom kinds among some objects, without schemas, and waits until they are served. */
export async function define(client: AdminClient, objects: readonly JsonObject[]): Promise<void> {
  const versions = new Map<string, Set<string>>();
  for (const object of objects) {
    const { group, version } = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
    if (builtIn.test(group)) continue;
    const id = `${stringAt(object, 'kind') ?? ''}.${group}`;
    versions.set(id, (versions.get(id) ?? new Set()).add(version));
  }
  for (const [id, names] of versions) await defineKind(client, id, [...names]);
}

async function defineKind(client: AdminClient, id: string, versions: readonly string[]): Promise<void> {
  const [kind, group] = [id.slice(0, id.indexOf('.')), id.slice(id.indexOf('.') + 1)];
  const plural = pluralOf(kind);
  const name = `${plural}.${group}`;
  await createDefinition(client, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name,
      // Groups of Kubernetes itself are protected.
      annotations: { 'api-approved.kubernetes.io': 'unapproved, test only' },
    },
    spec: {
      group,
      scope: isClusterScoped(group, kind) ? 'Cluster' : 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((version, index) => ({
        name: version,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
  });
}

/** Creates a definition and waits until its kind is served. */
export async function createDefinition(client: AdminClient, definition: JsonObject): Promise<void> {
  await create(client, definition);
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${stringAt(definition, 'metadata', 'name') ?? ''}`;
  for (let tries = 0; tries < 100; tries++) {
    const { json } = await client.send('GET', path);
    const conditions = (json.status?.['conditions'] ?? []) as readonly { type: string; status: string }[];
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${path} is not served`);
}

/**
 * Puts many objects of a custom kind straight into the store, as the API server would have written them: it takes them from
 * there, and ten thousand are there in seconds.
 */
export async function store(
  { storePort }: StartedServer,
  {
    group,
    plural,
    objects,
  }: { readonly group: string; readonly plural: string; readonly objects: readonly JsonObject[] },
): Promise<void> {
  for (let start = 0; start < objects.length; start += 100) {
    const success = objects.slice(start, start + 100).map((object) => {
      const place = ['namespace', 'name'].map((key) => stringAt(object, 'metadata', key) ?? '').join('/');
      const [key, value] = [`/registry/${group}/${plural}/${place}`, JSON.stringify(object)].map(base64);
      return { request_put: { key, value } };
    });
    await askStore(storePort, 'txn', { success });
  }
}

/** Takes all objects of namespaces that begin alike out of the store again. */
export async function forget(
  { storePort }: StartedServer,
  {
    group,
    plural,
    namespaces,
  }: { readonly group: string; readonly plural: string; readonly namespaces: string },
): Promise<void> {
  const start = `/registry/${group}/${plural}/${namespaces}`;
  await askStore(storePort, 'deleterange', { key: base64(start), range_end: base64(`${start}~`) });
}

async function askStore(port: number, what: string, body: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}/v3/kv/${what}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the store refused: ${String(answer.status)} ${await answer.text()}`);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
