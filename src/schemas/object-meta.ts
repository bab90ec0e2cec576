import { isArray, isObject } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { decodeMeta } from './decode-meta.js';
import { isDnsLabel, isDnsSubdomain, isLabelValue, isQualifiedName } from './names.js';
import type { UnknownField } from './prepare-object.js';
import type { Invalidity } from './validation.js';

const annotationBytes = 256 * 1024;

function nameErrors(meta: Meta): Invalidity[] {
  const { name, generateName } = meta;
  const errors: Invalidity[] = [];
  const subdomain = 'must be a lowercase DNS subdomain: letters, digits, "-" and ".", at most 253 characters';
  if (name === '' && generateName === '') {
    errors.push({ code: 'metadata', path: ['metadata', 'name'], message: 'name or generateName is required' });
  }
  if (name !== '' && !isDnsSubdomain(name)) {
    errors.push({ code: 'metadata', path: ['metadata', 'name'], message: `name "${cut(name)}" ${subdomain}` });
  }
  // A prefix may end in "-", the generated part follows it.
  if (generateName !== '' && !isDnsSubdomain(generateName.replace(/-$/, 'a'))) {
    const message = `generateName "${cut(generateName)}" ${subdomain}`;
    errors.push({ code: 'metadata', path: ['metadata', 'generateName'], message });
  }
  return errors;
}

function namespaceErrors(meta: Meta): Invalidity[] {
  if (meta.namespace === '' || isDnsLabel(meta.namespace)) return [];
  const message = `namespace "${cut(meta.namespace)}" must be a lowercase DNS label: letters, digits and "-", at most 63 characters`;
  return [{ code: 'metadata', path: ['metadata', 'namespace'], message }];
}

function labelErrors(meta: Meta): Invalidity[] {
  const errors: Invalidity[] = [];
  for (const [key, value] of Object.entries(meta.labels)) {
    const path = ['metadata', 'labels', key];
    if (!isQualifiedName(key)) errors.push({ code: 'metadata', path, message: `"${cut(key)}" is not a valid label key` });
    if (!isLabelValue(stringOf(value))) {
      errors.push({ code: 'metadata', path, message: `"${cut(stringOf(value))}" is not a valid label value` });
    }
  }
  return errors;
}

function annotationErrors(meta: Meta): Invalidity[] {
  const errors: Invalidity[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(meta.annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(stringOf(value));
    if (isQualifiedName(key.toLowerCase())) continue;
    const message = `"${cut(key)}" is not a valid annotation key`;
    errors.push({ code: 'metadata', path: ['metadata', 'annotations', key], message });
  }
  if (bytes > annotationBytes) {
    const message = `annotations hold ${String(bytes)} bytes, more than the ${String(annotationBytes)} allowed`;
    errors.push({ code: 'metadata', path: ['metadata', 'annotations'], message });
  }
  return errors;
}

function ownerErrors(meta: Meta): Invalidity[] {
  const errors: Invalidity[] = [];
  let controllers = 0;
  for (const [index, owner] of meta.owners.entries()) {
    const path = ['metadata', 'ownerReferences', index];
    const fields = isObject(owner) ? owner : {};
    if (fields['controller'] === true) controllers += 1;
    for (const name of ['apiVersion', 'kind', 'name', 'uid']) {
      if (stringOf(fields[name]) !== '') continue;
      errors.push({ code: 'metadata', path: [...path, name], message: `${name} of an owner reference is required` });
    }
    if (!/^([^/]*\/)?[^/]*[^/]$|^$/.test(stringOf(fields['apiVersion']))) {
      const message = 'apiVersion must be <group>/<version> or <version>';
      errors.push({ code: 'metadata', path: [...path, 'apiVersion'], message });
    }
    if (fields['apiVersion'] === 'v1' && fields['kind'] === 'Event') {
      errors.push({ code: 'metadata', path, message: 'an Event cannot own an object' });
    }
  }
  if (controllers > 1) {
    const message = 'only one owner reference can be the controller';
    errors.push({ code: 'metadata', path: ['metadata', 'ownerReferences'], message });
  }
  return errors;
}

function finalizerErrors(meta: Meta): Invalidity[] {
  const errors: Invalidity[] = [];
  for (const [index, finalizer] of meta.finalizers.entries()) {
    if (isQualifiedName(stringOf(finalizer))) continue;
    const message = `"${cut(stringOf(finalizer))}" is not a valid finalizer name`;
    errors.push({ code: 'metadata', path: ['metadata', 'finalizers', index], message });
  }
  if (meta.finalizers.includes('orphan') && meta.finalizers.includes('foregroundDeletion')) {
    const message = 'the finalizers orphan and foregroundDeletion exclude each other';
    errors.push({ code: 'metadata', path: ['metadata', 'finalizers'], message });
  }
  return errors;
}

interface Meta {
  readonly name: string;
  readonly generateName: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, JsonValue | undefined>>;
  readonly annotations: Readonly<Record<string, JsonValue | undefined>>;
  readonly owners: readonly JsonValue[];
  readonly finalizers: readonly JsonValue[];
  readonly generation: number;
}

function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function cut(value: string): string {
  return value.length > 80 ? `${value.slice(0, 77)}...` : value;
}

function readMeta(metadata: JsonValue | undefined): Meta {
  const fields = isObject(metadata) ? metadata : {};
  const { labels, annotations, ownerReferences, finalizers, generation } = fields;
  return {
    name: stringOf(fields['name']),
    generateName: stringOf(fields['generateName']),
    namespace: stringOf(fields['namespace']),
    labels: isObject(labels) ? labels : {},
    annotations: isObject(annotations) ? annotations : {},
    owners: isArray(ownerReferences) ? ownerReferences : [],
    finalizers: isArray(finalizers) ? finalizers : [],
    generation: typeof generation === 'number' ? generation : 0,
  };
}

/** What the API server says about an object's metadata. */
export interface MetadataValidation {
  readonly errors: readonly Invalidity[];
  readonly unknown: readonly UnknownField[];
  /** False when metadata does not even decode: the API server stops there. */
  readonly decoded: boolean;
}

/**
 * Validates metadata as a create does. A missing namespace means `default`; on cluster-scoped kinds it is cleared.
 * Source: k8s.io/apimachinery pkg/api/validation/objectmeta.go.
 */
export function validateObjectMeta(metadata: JsonValue | undefined, namespaced: boolean): MetadataValidation {
  const decoded = decodeMeta(metadata);
  if (decoded.errors.length > 0) return { ...decoded, decoded: false };
  const meta = readMeta(metadata);
  const errors = [
    ...nameErrors(meta),
    ...(namespaced ? namespaceErrors(meta) : []),
    ...(meta.generation < 0
      ? [{ code: 'metadata', path: ['metadata', 'generation'], message: 'generation must not be negative' } as const]
      : []),
    ...labelErrors(meta),
    ...annotationErrors(meta),
    ...ownerErrors(meta),
    ...finalizerErrors(meta),
  ];
  return { errors, unknown: decoded.unknown, decoded: true };
}
