import { createHash } from 'node:crypto';
import type { FieldPath, FieldRef } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { isArray, isObject, valueAt } from '#documents/json.js';
import { byCodeUnit } from './order.js';

/** What a finding is, apart from where its text happens to stand. */
export interface FindingIdentity {
  readonly checkId: string;
  readonly messageKey: string;
  readonly cause: string | undefined;
  readonly at: FieldRef;
}

/** Members by which Kubernetes and Istio tell the elements of a list apart, strongest first. */
const keys: readonly FieldPath[] = [
  ['name'],
  ['port', 'name'],
  ['port', 'number'],
  ['containerPort'],
  ['port'],
  ['issuer'],
  ['key'],
  ['host'],
];

/** The first 32 hexadecimal digits of the SHA-256 of the parts. */
export function digest(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function canonical(value: JsonValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value).sort(byCodeUnit);
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function elementName(element: JsonValue | undefined): string {
  for (const key of keys) {
    const value = valueAt(element, key);
    if (typeof value === 'string' || typeof value === 'number') return `${key.join('.')}=${String(value)}`;
  }
  return isObject(element) || isArray(element) ? digest([canonical(element)]) : `=${canonical(element)}`;
}

/** Names are worked out once a list: one list may hold the places of many findings. */
const namesOfLists = new WeakMap<readonly JsonValue[], readonly string[]>();

/** The names of a list's elements: they stay the same when other elements are put in, taken out or moved. */
function elementNames(list: readonly JsonValue[]): readonly string[] {
  const known = namesOfLists.get(list);
  if (known !== undefined) return known;
  const seen = new Map<string, number>();
  const names = list.map((element) => {
    const name = elementName(element);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}#${String(before)}`;
  });
  namesOfLists.set(list, names);
  return names;
}

/** A field path in which list indexes are replaced by what tells the elements apart. */
export function stablePath({ resource, path }: FieldRef): readonly string[] {
  let current: JsonValue | undefined = resource.object;
  return path.map((step) => {
    const list: JsonValue | undefined = current;
    current = valueAt(current, [step]);
    const name = isArray(list) && typeof step === 'number' ? elementNames(list)[step] : undefined;
    return name ?? String(step);
  });
}

/**
 * Fingerprint of a finding: the same while check, message, resource and field are the same, however lines, files and
 * formatting change. A finding whose cause is an absence has no resource of its own; the cause alone identifies it.
 */
export function fingerprint({ checkId, messageKey, cause, at }: FindingIdentity): string {
  if (cause !== undefined) return digest([checkId, messageKey, 'cause', cause]);
  const { group, kind, namespace = '', name } = at.resource;
  // A file may leave out the namespace default; what comes back from an API server names it.
  const own = namespace === 'default' ? '' : namespace;
  return digest([checkId, messageKey, group, kind, own, name, ...stablePath(at)]);
}
