import { Ajv } from 'ajv';
import { isArray, isObject, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { formats } from './formats.js';
import { goPattern } from './go-pattern.js';
import { toJsonSchema, withoutEnvelope } from './json-schema.js';
import type { KindSchema, StructuralCheck, StructuralSchema, VersionSchema } from './structural.js';

function isStructural(schema: JsonObject): schema is JsonObject & StructuralSchema {
  return typeof schema['$ref'] !== 'string';
}

/** Checks the values of a schema that came with the input; it is compiled when the first object needs it. */
function lazyCheck(schema: StructuralSchema): StructuralCheck {
  let compiled: StructuralCheck | undefined;
  const check: StructuralCheck = (data) => {
    compiled ??= compile(schema);
    const valid = compiled(data);
    check.errors = compiled.errors ?? null;
    return valid;
  };
  return check;
}

function compile(schema: StructuralSchema): StructuralCheck {
  const regExp = Object.assign((source: string) => goPattern(source), { code: 'goPattern' });
  const ajv = new Ajv({ strict: false, allErrors: true, messages: false, logger: false, formats, code: { regExp } });
  try {
    return ajv.compile(toJsonSchema(withoutEnvelope(schema)));
  } catch {
    // A schema that does not compile decides nothing.
    return () => true;
  }
}

function versionSchema(version: JsonObject): readonly [string, VersionSchema] | undefined {
  const name = stringAt(version, 'name');
  const schema = objectAt(version, 'schema', 'openAPIV3Schema');
  if (name === undefined || version['served'] !== true || !schema || !isStructural(schema)) return undefined;
  return [name, { schema, check: lazyCheck(schema) }];
}

/** The schemas of a CustomResourceDefinition found in the input, or undefined when it defines no usable kind. */
export function customKindSchema(definition: JsonObject): KindSchema | undefined {
  const spec = objectAt(definition, 'spec');
  const group = stringAt(spec, 'group');
  const kind = stringAt(spec, 'names', 'kind');
  const versions = spec?.['versions'];
  if (group === undefined || kind === undefined || !isArray(versions)) return undefined;
  const known = versions.filter(isObject).map(versionSchema).filter((version) => version !== undefined);
  if (known.length === 0) return undefined;
  return { group, kind, namespaced: stringAt(spec, 'scope') !== 'Cluster', versions: new Map(known) };
}
