import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';

/** Folder of a small mesh that is read in every form. */
export const meshFolder = fileURLToPath(new URL('../../fixtures/inputs/mesh', import.meta.url));

/** An object as `JSON.parse` gives it. */
export type Manifest = Record<string, unknown> & {
  readonly kind: string;
  readonly apiVersion: string;
  metadata: Record<string, unknown> & { readonly name: string; namespace?: string };
  spec?: Record<string, unknown>;
};

/** The files of the mesh, by name. */
export function meshFiles(): Readonly<Record<string, string>> {
  const names = readdirSync(meshFolder).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(meshFolder, name), 'utf8')]));
}

/** The objects of the mesh as they are written. */
export function meshObjects(): Manifest[] {
  return Object.values(meshFiles()).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  );
}

/** The objects as an API server gives them back: with what it fills in, and what it notes of its own. */
export function storedObjects(): Manifest[] {
  return meshObjects().map((object, index) => {
    const namespace =
      object.kind === 'Namespace' ? {} : { namespace: object.metadata.namespace ?? 'default' };
    const noted = {
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(1000 + index),
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': {} } }],
    };
    return fillIn({ ...object, metadata: { ...object.metadata, ...namespace, ...noted } });
  });
}

function fillIn(object: Manifest): Manifest {
  if (object.kind === 'Service')
    return {
      ...object,
      spec: { ...object.spec, clusterIP: '10.0.0.7', sessionAffinity: 'None' },
      status: { loadBalancer: {} },
    };
  if (object.kind === 'Deployment')
    return {
      ...object,
      spec: { ...object.spec, replicas: 1, progressDeadlineSeconds: 600 },
      status: { replicas: 1 },
    };
  return object;
}

/** `kubectl get … -A -o json` */
export function jsonDump(): string {
  return JSON.stringify(
    { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: storedObjects() },
    null,
    4,
  );
}

/** All objects in one List, as YAML. */
export function yamlList(): string {
  return stringify({ apiVersion: 'v1', kind: 'List', items: meshObjects() });
}

/** Documents one after another, in another order and layout than the files. */
export function printedStream(): string {
  return [...meshObjects()]
    .reverse()
    .map((object) => stringify(object, { indent: 4 }))
    .join('---\n');
}

/** `kubectl cluster-info dump`: lists of some kinds, and the logs of pods between them. */
export function clusterInfoDump(): string {
  const listOf = (apiVersion: string, kind: string): string => {
    const items = storedObjects().filter((object) => object.kind === kind);
    const bare = items.map(({ metadata, spec }) => ({ metadata, spec }));
    return JSON.stringify({ kind: `${kind}List`, apiVersion, metadata: {}, items: bare }, null, 4);
  };
  const section = (mark: string): string => `==== ${mark} logs for container cart of pod shop/cart-1 ====\n`;
  const logs = `${section('START')}{"level":"info"}\n${section('END')}`;
  return `${listOf('v1', 'Service')}\n${listOf('apps/v1', 'Deployment')}\n${logs}`;
}
