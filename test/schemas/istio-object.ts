import { loadSchemas } from '#schemas/schema-set.js';
import { builtInKinds } from '#schemas/generated/kinds.js';
import { validateResource } from '#schemas/validate.js';
import type { Validation } from '#schemas/validation.js';
import type { JsonObject } from '#documents/json.js';

/** An object of an Istio or Gateway API kind in namespace `foo`. */
export function istioObject(apiVersion: string, kind: string, spec: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name: 'x', namespace: 'foo' }, spec };
}

/** What the API server and the webhook say of an object, held against the built-in schemas. */
export async function validate(object: JsonObject): Promise<Validation> {
  const schemas = await loadSchemas(builtInKinds);
  const apiVersion = typeof object['apiVersion'] === 'string' ? object['apiVersion'] : '';
  const slash = apiVersion.indexOf('/');
  const kind = typeof object['kind'] === 'string' ? object['kind'] : '';
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return validateResource({ group, version: apiVersion.slice(slash + 1), kind, object }, schemas);
}

/** `code at.path` of each error of the schema. */
export function schemaErrorsOf({ schema }: Validation): readonly string[] {
  return schema.map(({ code, path }) => `${code} ${path.join('.')}`);
}

/** The path of each error of the webhook. */
export function webhookErrorsOf({ webhook }: Validation): readonly string[] {
  return (webhook?.errors ?? []).map(({ path }) => path.join('.'));
}
