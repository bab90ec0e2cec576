import { listAt, objectAt, stringAt, valueAt, type JsonObject } from '#documents/json.js';

/** Value of `as=` in the header `accept`. */
export type ListForm = 'Table' | 'PartialObjectMetadataList';

const all: readonly ListForm[] = ['Table', 'PartialObjectMetadataList'];

/** A list of Secrets as a table or as metadata alone, as the header `accept` asks for it; as it is where no such form is known. */
export function inForm(list: JsonObject, accept: string, known: readonly ListForm[] = all): JsonObject {
  const wanted = accept.split(',').map((type) => /;as=(\w+)/.exec(type)?.[1]);
  const form = all.find((one) => known.includes(one) && wanted.includes(one));
  const items = listAt(list, 'items');
  const apiVersion = 'meta.k8s.io/v1';
  const metadata = list['metadata'] ?? {};
  const bare = items.map((item) => ({
    ...{ kind: 'PartialObjectMetadata', apiVersion },
    metadata: valueAt(item, ['metadata']) ?? {},
  }));
  if (form === undefined) return list;
  if (form === 'PartialObjectMetadataList') return { kind: form, apiVersion, metadata, items: bare };
  const rows = items.map((item, index) => {
    const entries = Object.keys(objectAt(item, 'data') ?? {}).length;
    const cells = [
      stringAt(item, 'metadata', 'name') ?? '',
      stringAt(item, 'type') ?? 'Opaque',
      entries,
      '1d',
    ];
    return { cells, object: bare[index] ?? {} };
  });
  const columnDefinitions = ['Name', 'Type', 'Data', 'Age'].map((name) => ({ name }));
  return { kind: form, apiVersion, metadata, columnDefinitions, rows };
}
