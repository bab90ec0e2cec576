import type { JsonObject } from '#documents/json.js';
import { stringAt } from '#documents/json.js';
import { prune } from '#documents/prune.js';
import { isReadGroup } from '#schemas/kinds.js';
import { resourceName, type ServedKind } from './discovery.js';

/** A text with a path: a file of a snapshot, or the same in memory. */
export interface SnapshotFile {
  readonly path: string;
  readonly text: string;
}

/** The objects of one kind as they come in, kept as text without what no decision reads. */
export interface KeptObjects {
  readonly take: (objects: readonly JsonObject[]) => void;
  /** Forgets what came so far of one namespace, or of all. */
  readonly clear: (namespace?: string) => void;
  readonly count: () => number;
  /** One file a namespace, objects by name; the order in which they came does not show. */
  readonly files: () => readonly SnapshotFile[];
}

/** Nothing yet of a kind. */
export function keepObjects(kind: ServedKind): KeptObjects {
  const byNamespace = new Map<string, Map<string, string>>();
  return {
    take: (objects) => {
      for (const object of objects) {
        const name = stringAt(object, 'metadata', 'name');
        if (name === undefined || !isWanted(object)) continue;
        const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
        const texts = byNamespace.get(namespace) ?? new Map<string, string>();
        byNamespace.set(namespace, texts);
        texts.set(name, textOf(object));
      }
    },
    clear: (namespace) => {
      if (namespace === undefined) byNamespace.clear();
      else byNamespace.delete(namespace);
    },
    count: () => [...byNamespace.values()].reduce((sum, texts) => sum + texts.size, 0),
    files: () =>
      [...byNamespace].map(([namespace, texts]) => ({
        path: pathOf(kind, namespace),
        text: listText([...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)),
      })),
  };
}

/** Of the definitions of custom kinds only those matter whose objects are read. */
function isWanted(object: JsonObject): boolean {
  if (object['kind'] !== 'CustomResourceDefinition') return true;
  return isReadGroup(stringAt(object, 'spec', 'group') ?? '');
}

function textOf(object: JsonObject): string {
  const type = { apiVersion: stringAt(object, 'apiVersion') ?? '', kind: stringAt(object, 'kind') ?? '' };
  const { apiVersion, kind, ...rest } = prune(object, type);
  return JSON.stringify({ apiVersion, kind, ...rest }, null, 2);
}

function pathOf(kind: ServedKind, namespace: string): string {
  const folder = namespace === '' ? 'cluster' : `namespaces/${namespace.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`;
  return `${folder}/${resourceName(kind)}.json`;
}

/** A List whose members stand as they would alone. */
export function listText(members: readonly string[]): string {
  return `{"apiVersion": "v1", "kind": "List", "items": [\n${members.join(',\n')}\n]}\n`;
}
