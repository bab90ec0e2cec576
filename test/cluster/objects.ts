import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { stringAt, type JsonObject } from '#documents/json.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Objects of a folder of fixtures as an API server would store them. */
export function storedObjects(folder: string): readonly JsonObject[] {
  const files = readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.yaml'));
  const objects = files
    .flatMap((name) => parseAllDocuments(readFileSync(`${root}${folder}/${name}`, 'utf8')))
    .map((document) => document.toJS() as JsonObject)
    .map((object, index) => stored(object, index));
  // A cluster holds one object of a name.
  return [...new Map(objects.map((object) => [identity(object), object])).values()];
}

function identity(object: JsonObject): string {
  const place = ['namespace', 'name'].map((key) => stringAt(object, 'metadata', key));
  return JSON.stringify([object['apiVersion'], object['kind'], ...place]);
}

/** An object with what an API server adds to it. */
export function stored(object: JsonObject, index: number): JsonObject {
  const metadata = object['metadata'] as JsonObject;
  const applied = JSON.stringify({ ...object, data: 'in-last-applied' });
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(1000 + index),
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: {
        ...(metadata['annotations'] as JsonObject | undefined),
        'kubectl.kubernetes.io/last-applied-configuration': applied,
      },
      managedFields: [{ manager: 'in-managed-fields', operation: 'Update' }],
    },
  };
}

/** Services, as many as wanted. */
export function manyServices(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `service-${String(index).padStart(6, '0')}`,
      namespace: `ns-${String(index % 7)}`,
      uid: String(index),
    },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  }));
}
