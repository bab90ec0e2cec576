import type { Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import { entriesAnnotation } from '#schemas/own-names.js';

/** Entries that the API server demands of a type (ValidateSecret in Kubernetes' pkg/apis/core/validation). */
const demanded: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** What a Secret that was read without its entries shows of them; undefined for any other object. */
interface ShownEntries {
  readonly sure: readonly string[];
  /** How many there are beside those; undefined: nothing tells. */
  readonly others: number | undefined;
}

function shownEntries({ kind, object }: Resource): ShownEntries | undefined {
  const written = stringAt(object, 'metadata', 'annotations', entriesAnnotation);
  const isWhole = ['data', 'stringData'].some((part) => objectAt(object, part) !== undefined);
  if (kind !== 'Secret' || written === undefined || isWhole) return undefined;
  const type = stringAt(object, 'type') ?? '';
  const sure = (Object.hasOwn(demanded, type) ? demanded[type] : undefined) ?? [];
  return { sure, others: /^\d+$/.test(written) ? Number(written) - sure.length : undefined };
}

/** True for a Secret of which no entry was read. */
export function lacksEntries(resource: Resource): boolean {
  return shownEntries(resource) !== undefined;
}

/** Whether an object has something under each of the keys; undefined: nobody has looked. Values that were hidden are null and count. */
export function holdsEntries(resource: Resource, keys: readonly string[]): boolean | undefined {
  const shown = shownEntries(resource);
  if (shown !== undefined) {
    const more = keys.filter((key) => !shown.sure.includes(key)).length;
    if (more === 0) return true;
    return shown.others !== undefined && shown.others < more ? false : undefined;
  }
  const maps = [objectAt(resource.object, 'data'), objectAt(resource.object, 'stringData')];
  return keys.every((key) =>
    maps.some((map) => map !== undefined && Object.hasOwn(map, key) && map[key] !== ''),
  );
}
