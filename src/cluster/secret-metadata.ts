import {
  isObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
  type JsonObject,
  type JsonValue,
} from '#documents/json.js';
import { entriesAnnotation } from '#schemas/own-names.js';
import { mapEntries } from '#documents/set-entry.js';
import type { ListForm } from './list-kind.js';

/**
 * How Secrets are asked for: as a table, which has their type and the number of their entries beside their metadata, else as
 * metadata alone ("Receiving resources as Tables" and "Metadata-only fetches" in the API concepts of Kubernetes). Values are
 * left out on the way in all the same, for servers that answer as they like.
 */
export const secretForm: ListForm = {
  accept: ['Table', 'PartialObjectMetadataList']
    .map((form) => `application/json;as=${form};v=v1;g=meta.k8s.io`)
    .join(','),
  hides: true,
  membersOf: (list) =>
    stringAt(list, 'kind') === 'Table'
      ? rowsOf(list)
      : listAt(list, 'items').flatMap((item) => toSecret(item, stringAt(item, 'type'), undefined)),
};

/** The Secrets of a table; its columns are found by their names (secretColumnDefinitions in Kubernetes' pkg/printers/internalversion). */
function rowsOf(table: JsonValue | undefined): readonly JsonObject[] {
  const columns = listAt(table, 'columnDefinitions').map((column) => stringAt(column, 'name'));
  const cell = (row: JsonValue, name: string): JsonValue | undefined =>
    columns.includes(name) ? valueAt(row, ['cells', columns.indexOf(name)]) : undefined;
  return listAt(table, 'rows').flatMap((row) => {
    const [type, entries] = [cell(row, 'Type'), cell(row, 'Data')];
    return toSecret(
      valueAt(row, ['object']),
      typeof type === 'string' ? type : undefined,
      typeof entries === 'number' ? entries : undefined,
    );
  });
}

/** A Secret of which no entry is known, and that says so. */
function toSecret(
  object: JsonValue | undefined,
  type: string | undefined,
  entries: number | undefined,
): readonly JsonObject[] {
  const metadata = objectAt(object, 'metadata');
  if (!isObject(metadata)) return [];
  const rest = mapEntries(metadata, (key, value) =>
    key === 'annotations' || key === 'managedFields' ? undefined : value,
  );
  const count = entries === undefined ? 'unknown' : String(entries);
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...rest, annotations: { [entriesAnnotation]: count } },
      ...(type === undefined ? {} : { type }),
    },
  ];
}
