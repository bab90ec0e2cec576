import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { builtInKinds } from '#schemas/generated/kinds.js';
import { loadSchemas } from '#schemas/schema-set.js';
import { validateResource } from '#schemas/validate.js';
import { istioObject, validate } from './istio-object.js';

const schemas = await loadSchemas(builtInKinds);
const kinds = builtInKinds.map(({ group, kind, versions }) => ({ group, kind, version: versions[0] ?? 'v1' }));
const names = ['selector', 'matchLabels', 'rules', 'from', 'source', 'servers', 'port', 'hosts', 'jwtRules', '__proto__'];

const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 2 ** 53, '', 'a', '*', 'constructor'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('validateResource', () => {
  it('answers whatever the object holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), json, json, (kind, spec, metadata) => {
        const object: JsonObject = { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata, spec };
        const answer = validateResource({ ...kind, object }, schemas);
        expect(answer.servedKind).toBe(true);
        expect(Object.prototype).not.toHaveProperty('polluted');
      }),
      { numRuns: 500 },
    );
  });

  it('finds a field that no schema has, wherever it is put', () => {
    const at = fc.constantFrom<readonly string[]>([], ['selector'], ['mtls']);
    const name = fc.string({ minLength: 1 }).map((text) => `x-${text}`);
    fc.assert(
      fc.property(at, name, (path, key) => {
        const inner = { [key]: 1 };
        const spec = path[0] === undefined ? inner : { [path[0]]: inner };
        const object = istioObject('security.istio.io/v1', 'PeerAuthentication', spec);
        const resource = { group: 'security.istio.io', version: 'v1', kind: 'PeerAuthentication', object };
        const found = validateResource(resource, schemas).unknownFields.map((field) => field.path);
        expect(found).toEqual([['spec', ...path, key]]);
      }),
    );
  });

  it('does not take __proto__ for a field', async () => {
    const spec = JSON.parse('{"__proto__": {"mtls": {"mode": "STRICT"}}}') as JsonObject;
    const { unknownFields } = await validate(istioObject('security.istio.io/v1', 'PeerAuthentication', spec));
    expect(unknownFields.map(({ path }) => path)).toEqual([['spec', '__proto__']]);
  });

  it('is not held up by texts made for a backtracking pattern', async () => {
    const text = `${'a'.repeat(100_000)}\u0000`;
    const filter = { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: text }] } };
    const start = performance.now();
    await validate(istioObject('gateway.networking.k8s.io/v1', 'HTTPRoute', { rules: [{ filters: [filter] }] }));
    const spec = { jwtRules: [{ issuer: 'a', timeout: '1'.repeat(100_000), jwksUri: text }], selector: { matchLabels: { [text]: text } } };
    await validate(istioObject('security.istio.io/v1', 'RequestAuthentication', spec));
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('does not list a million errors', async () => {
    const hosts = Array.from({ length: 100_000 }, () => 1);
    const { schema } = await validate(istioObject('networking.istio.io/v1', 'VirtualService', { hosts, http: [] }));
    expect(schema.length).toBeGreaterThan(0);
    expect(schema.length).toBeLessThanOrEqual(100);
  });
});
