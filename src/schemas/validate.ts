import type { Resource } from '#documents/document.js';
import { isObject, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { validateObjectMeta } from './object-meta.js';
import { prepare, withoutField } from './prepare-object.js';
import type { UnknownField } from './prepare-object.js';
import { listTypeErrors } from './list-type.js';
import { builtInKinds } from './generated/kinds.js';
import { isGatewayApiGroup, isIstioGroup } from './kinds.js';
import { removedApi } from './removed-api.js';
import { kindKey } from './schema-set.js';
import type { SchemaSet } from './schema-set.js';
import { structuralErrors } from './structural-errors.js';
import type { KindSchema, VersionSchema } from './structural.js';
import { suggestName } from './suggest.js';
import type { Invalidity, InvalidityCode, Validation } from './validation.js';

const nothing = { schema: [], unknownFields: [], webhook: undefined } as const;

/** Groups whose every kind and version is built in, so that what is missing there is not served. */
const knownGroups: ReadonlySet<string> = new Set(builtInKinds.map(({ group }) => group));

/** Kubernetes serves the core group in one version only; `apiVersion: security.istio.io` lands here too. */
function isCoreVersion({ group, version }: Typed): boolean {
  return group === '' && version === 'v1';
}

/** Kubernetes splits an apiVersion at its only slash. Source: k8s.io/apimachinery pkg/runtime/schema, ParseGroupVersion. */
function malformedVersion({ group, version }: Typed): Validation {
  const message = `apiVersion "${group}/${version}" has more than one slash: <group>/<version> is wanted`;
  const errors = [{ code: 'not-served', path: ['apiVersion'], message }] as const;
  return { servedKind: false, schema: errors, unknownFields: [], webhook: { errors, warnings: [] } };
}

/** Groups are compared as they are written. */
function misspeltGroup({ group, version }: Typed): Validation {
  const suggestion = `${group.toLowerCase()}/${version}`;
  const message = `there is no group ${group}: groups are written in lower case`;
  return { ...nothing, servedKind: false, schema: [{ code: 'not-served', path: ['apiVersion'], message, suggestion }] };
}

/** Without metadata and by no known name it is a report or the settings of some tool that borrow the group. */
function noSuchKind(resource: Typed): Validation {
  const { group, version, kind } = resource;
  if (group !== group.toLowerCase()) return misspeltGroup(resource);
  const removed = removedApi(group, kind);
  if (removed) {
    const message = `${group} ${kind} was for ${removed.purpose}; removed in ${removed.removedIn}, replaced by ${removed.replacement}`;
    return { ...nothing, servedKind: false, schema: [{ code: 'removed-api', path: ['apiVersion'], message }] };
  }
  const suggestion = suggestedKind(resource);
  const message =
    group === ''
      ? `apiVersion "${version}" names no group: <group>/<version> is wanted`
      : `there is no kind ${kind} in group ${group}`;
  const path = [group === '' ? 'apiVersion' : 'kind'];
  const invalidity = { code: 'not-served', path, message, ...(suggestion !== undefined && { suggestion }) } as const;
  const isMeant = suggestion !== undefined || isObject(resource.object['metadata']);
  const isJudged = group === '' || (knownGroups.has(group) && isMeant);
  return { ...nothing, servedKind: false, schema: isJudged ? [invalidity] : [] };
}

function noSuchVersion(resource: Typed, kind: KindSchema, schemas: SchemaSet): Validation {
  const served = [...kind.versions].map(([version]) => `${kind.group}/${version}`);
  const message = `${kind.kind} is not served as ${resource.group}/${resource.version}, only as ${served.join(', ')}`;
  const [newest] = kind.versions.values();
  // The webhook does not look at the version.
  const webhook = newest && schemas.webhooks.get(kindKey(kind))?.(resource.object, newest.schema);
  const suggestion = served[0] ?? '';
  return {
    servedKind: false,
    schema: [{ code: 'not-served', path: ['apiVersion'], message, suggestion }],
    unknownFields: [],
    webhook,
  };
}

function suggestedKind({ group, kind }: Typed): string | undefined {
  const kinds = builtInKinds.filter((candidate) => candidate.group === group).map((candidate) => candidate.kind);
  return suggestName(kind, kinds);
}

function unknownField({ path, known }: UnknownField): Invalidity {
  const name = String(path.at(-1));
  const suggestion = suggestName(name, known);
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  const message = `unknown field "${name}"${hint}`;
  return { code: 'unknown-field', path, message, ...(suggestion !== undefined && { suggestion }) };
}

/** Errors after which the API server asks no CEL rule: the rules count on types, required fields and sizes. */
const blocking: ReadonlySet<InvalidityCode> = new Set(['type', 'enum', 'required', 'limit', 'one-of']);

function schemaErrors(object: JsonObject, version: VersionSchema, schemas: SchemaSet): readonly Invalidity[] {
  const content = withoutField(object, 'metadata');
  const errors = [
    ...structuralErrors(content, version.check, version.schema),
    ...listTypeErrors(content, version.schema),
  ];
  if (errors.some(({ code }) => blocking.has(code))) return errors;
  return [...errors, ...(schemas.celErrors?.(withNames(content, object), version.schema) ?? [])];
}

/** Of the metadata, rules see the names only (k8s.io/apiextensions-apiserver pkg/apiserver/schema/cel/model). */
function withNames(content: JsonObject, object: JsonObject): JsonObject {
  const names = ['name', 'generateName'].flatMap((field): readonly [string, string][] => {
    const name = stringAt(object, 'metadata', field);
    return name === undefined ? [] : [[field, name]];
  });
  return { ...content, metadata: Object.fromEntries(names) };
}

function validateServed(typed: Typed, version: VersionSchema, kind: KindSchema, schemas: SchemaSet): Validation {
  const meta = validateObjectMeta(typed.object['metadata'], kind.namespaced);
  const prepared = prepare(typed.object, version.schema);
  const ask = schemas.webhooks.get(kindKey(kind));
  if (!meta.decoded) {
    const webhook = ask && { errors: meta.errors, warnings: [] };
    return { servedKind: true, schema: meta.errors, unknownFields: [], webhook };
  }
  const webhook = ask?.(prepared.object, version.schema);
  return {
    servedKind: true,
    schema: [...meta.errors, ...schemaErrors(prepared.object, version, schemas)],
    unknownFields: [...meta.unknown, ...prepared.unknown].map(unknownField),
    webhook,
  };
}

/** The parts of a resource that validation reads. */
export type Typed = Pick<Resource, 'group' | 'version' | 'kind' | 'object'>;

/**
 * What the API server and Istio's webhook would answer if the resource were created. Kinds without a schema in the set
 * (Kubernetes' own, or of groups that are none of Istio's) come back without a word.
 */
export function validateResource(resource: Typed, schemas: SchemaSet): Validation {
  if (resource.version.includes('/')) return malformedVersion(resource);
  const kind = schemas.kinds.get(kindKey(resource));
  if (!kind) return isForeign(resource) ? { ...nothing, servedKind: true } : noSuchKind(resource);
  const version = kind.versions.get(resource.version);
  return version ? validateServed(resource, version, kind, schemas) : noSuchVersion(resource, kind, schemas);
}

function isForeign(resource: Typed): boolean {
  const group = resource.group.toLowerCase();
  if (group === '') return isCoreVersion(resource);
  return !isIstioGroup(group) && !isGatewayApiGroup(group);
}
