import type { Kustomization, Resource } from '#documents/document.js';
import { isObject, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { patchedBy } from './kustomize-patched.js';
import { withLabels } from './kustomize-labels.js';
import { getOrMake } from './lazy.js';
import { podPathOf } from './pod-template.js';
import { workloadKindOf } from './workload-kinds.js';

/** What a kustomization changes about every resource that it takes in. */
export interface Change {
  readonly from: Kustomization;
  /** Names of the ServiceAccounts among these resources: references to them follow a change of name. */
  readonly accounts: ReadonlySet<string>;
  /** Equal for changes that have the same effect on everything; undefined when nothing changes. */
  readonly key: string | undefined;
}

const pairsIn = ({ labels = [] }: Kustomization): boolean =>
  labels.some(({ pairs }) => Object.keys(pairs).length > 0);

/** The change that a kustomization makes to the resources that it takes in. */
export function changeBy(from: Kustomization, resources: readonly Resource[]): Change {
  const { namespace, namePrefix, nameSuffix, patches = [], labels = [] } = from;
  const named = resources.filter(({ group, kind }) => group === '' && kind === 'ServiceAccount');
  const accounts = new Set(named.map(({ name }) => name));
  const renames = namePrefix !== undefined || nameSuffix !== undefined;
  const parts = [
    namespace ?? null,
    ...(renames ? [namePrefix ?? null, nameSuffix ?? null, ...accounts] : []),
    ...(pairsIn(from) ? [labels] : []),
    ...(patches.length > 0 ? [from.file] : []),
  ];
  return {
    from,
    accounts,
    key: parts.length === 1 && namespace === undefined ? undefined : JSON.stringify(parts),
  };
}

/** Applies a change; the same resource for the same request, so that environments can be compared. */
export type Transform = (resource: Resource, change: Change) => Resource;

/** Kinds whose names kustomize leaves alone. */
const keepName: ReadonlySet<string> = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

function isNamespace({ group, kind }: Resource): boolean {
  return group === '' && kind === 'Namespace';
}

function newName(resource: Resource, { from }: Change): string {
  if (isNamespace(resource)) return from.namespace ?? resource.name;
  return keepName.has(resource.kind) || resource.name === ''
    ? resource.name
    : `${from.namePrefix ?? ''}${resource.name}${from.nameSuffix ?? ''}`;
}

/** True for a change that leaves this resource as it is. */
function isUntouched(resource: Resource, from: Kustomization): boolean {
  const { namespace, namePrefix, nameSuffix } = from;
  const transforms = [namespace, namePrefix, nameSuffix].some((part) => part !== undefined) || pairsIn(from);
  return !transforms && patchedBy(resource, from) === resource.patched;
}

/** The object with one member deep inside replaced; itself when the way there does not exist. */
function replaced(
  value: JsonValue | undefined,
  path: readonly (string | number)[],
  member: JsonValue,
): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return member;
  if (!isObject(value) || !Object.hasOwn(value, step)) return value ?? null;
  return { ...value, [step]: replaced(value[String(step)], rest, member) };
}

function withAccount(resource: Resource, { from, accounts }: Change): JsonObject {
  const kind = workloadKindOf(resource);
  if (kind === undefined) return resource.object;
  const path = [...podPathOf(kind), 'spec', 'serviceAccountName'];
  const account = stringAt(resource.object, ...path);
  if (account === undefined || !accounts.has(account)) return resource.object;
  const object = replaced(
    resource.object,
    path,
    `${from.namePrefix ?? ''}${account}${from.nameSuffix ?? ''}`,
  );
  return isObject(object) ? object : resource.object;
}

/**
 * Makes the transformer for kustomize's `namespace`, `namePrefix`, `nameSuffix` and labels, and marks what its patches
 * write: the namespace is set on everything
 * that lives in one (and names Namespace objects), whatever was written there; names change but for kinds that
 * kustomize skips, and pods follow their ServiceAccount.
 */
export function kustomizeTransform(isClusterScoped: (resource: Resource) => boolean): Transform {
  const memo = new Map<Resource, Map<string, Resource>>();
  const apply = (resource: Resource, change: Change, namespace: string | undefined): Resource => {
    const name = newName(resource, change);
    const object = withLabels({ ...resource, object: withAccount(resource, change) }, change.from);
    const place = { name, ...(namespace !== undefined && { namespace }) };
    const patched = patchedBy(resource, change.from);
    return {
      ...resource,
      name,
      namespace,
      object: { ...object, metadata: { ...objectAt(object, 'metadata'), ...place } },
      ...(patched === undefined ? {} : { patched }),
    };
  };
  return (resource, change) => {
    const { key, from } = change;
    if (key === undefined) return resource;
    if (isUntouched(resource, from)) return resource;
    const namespace = isClusterScoped(resource) ? resource.namespace : (from.namespace ?? resource.namespace);
    const changed = getOrMake(memo, resource, () => new Map<string, Resource>());
    return getOrMake(changed, key, () => apply(resource, change, namespace));
  };
}
