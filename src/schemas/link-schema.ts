import type { StructuralSchema } from './structural.js';

/** Folded schemas as the generator writes them: `{ $ref: name }` stands for a shared definition. */
export interface FoldedSchemas {
  readonly definitions: Readonly<Record<string, StructuralSchema>>;
  readonly roots: Readonly<Record<string, StructuralSchema>>;
}

type Resolve = (schema: StructuralSchema) => StructuralSchema;

function linkChildren(schema: StructuralSchema, resolve: Resolve): StructuralSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, resolve(child)])),
    }),
    ...(items && { items: resolve(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: resolve(additionalProperties) }),
  };
}

/** Puts the shared definitions back in place of their references; equal subschemas stay one object. */
export function linkSchemas(folded: FoldedSchemas): ReadonlyMap<string, StructuralSchema> {
  const linked = new Map<string, StructuralSchema>();
  const resolve: Resolve = (schema) => {
    if (schema.$ref === undefined) return linkChildren(schema, resolve);
    const known = linked.get(schema.$ref);
    if (known) return known;
    const definition = folded.definitions[schema.$ref];
    if (!definition) throw new Error(`The schema definition ${schema.$ref} is missing.`);
    const result = linkChildren(definition, resolve);
    linked.set(schema.$ref, result);
    return result;
  };
  return new Map(Object.entries(folded.roots).map(([version, schema]) => [version, resolve(schema)]));
}
