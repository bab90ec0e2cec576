import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { loadSchemas } from '#schemas/schema-set.js';
import { validateResource } from '#schemas/validate.js';
import { istioObject } from './istio-object.js';

const wanted = { group: 'security.istio.io', kind: 'PeerAuthentication' };

function definition(schema: JsonObject, served = true): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: wanted.group,
      names: { kind: wanted.kind },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served, schema: { openAPIV3Schema: schema } }],
    },
  };
}

async function codes(schema: JsonObject, spec: JsonObject): Promise<readonly string[]> {
  const schemas = await loadSchemas([wanted], [definition(schema)]);
  const object = istioObject('security.istio.io/v1', wanted.kind, spec);
  const answer = validateResource({ ...wanted, version: 'v1', object }, schemas);
  return [...answer.schema, ...answer.unknownFields].map(({ code, path }) => `${code} ${path.join('.')}`);
}

const spec = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});

describe('a CustomResourceDefinition of the input', () => {
  it('wins over the built-in one', async () => {
    const schema = spec({ level: { type: 'integer', minimum: 2 } });
    expect(await codes(schema, { level: 1 })).toEqual(['limit spec.level']);
    expect(await codes(schema, { mtls: {} })).toEqual(['unknown-field spec.mtls']);
  });

  it('has its CEL rules evaluated, and what cannot be evaluated is passed over', async () => {
    const rules = [{ rule: 'self.size() < 3', message: 'short' }, { rule: 'quantity(self).isInteger()' }, { rule: 'self == oldSelf' }];
    const schema = spec({ name: { type: 'string', 'x-kubernetes-validations': rules } });
    expect(await codes(schema, { name: 'abcd' })).toEqual(['cel spec.name']);
    expect(await codes(schema, { name: 'ab' })).toEqual([]);
  });

  it.each([
    ["self.metadata.name == 'x'", []],
    ["self.metadata.name == 'y'", ['cel ']],
    ['!has(self.metadata.namespace)', []],
  ])('has its rules see the names of the object: %s', async (rule, errors) => {
    const schema = { ...spec({}), 'x-kubernetes-validations': [{ rule, message: 'names' }] };
    expect(await codes(schema, {})).toEqual(errors);
  });

  it('has its defaults filled in and its nullable fields taken', async () => {
    const schema = spec({ a: { type: 'string', default: 'x' }, b: { type: 'string', nullable: true } });
    expect(await codes({ ...schema }, { b: null })).toEqual([]);
  });

  it('is held against patterns in linear time', async () => {
    const schema = spec({ name: { type: 'string', pattern: '^(a+)+$' } });
    const start = performance.now();
    expect(await codes(schema, { name: `${'a'.repeat(50_000)}!` })).toEqual(['pattern spec.name']);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('that serves nothing is passed over', async () => {
    const schemas = await loadSchemas([wanted], [definition(spec({}), false), { spec: 'broken' }]);
    const object = istioObject('security.istio.io/v1', wanted.kind, { mtls: { mode: 'STRICT' } });
    expect(validateResource({ ...wanted, version: 'v1', object }, schemas)).toMatchObject({ schema: [], unknownFields: [] });
  });
});

describe('loadSchemas', () => {
  it('loads nothing for kinds without a schema', async () => {
    const schemas = await loadSchemas([{ group: '', kind: 'Pod' }]);
    expect(schemas.kinds.size).toBe(0);
    expect(schemas.celErrors).toBeUndefined();
  });
});
