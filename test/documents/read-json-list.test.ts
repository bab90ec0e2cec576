import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutObject, ruleFor } from '#documents/cut-rule.js';
import type { Loaded } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { loadDocuments } from '#documents/load.js';
import { loadTexts, problemText } from './load-texts.js';

// Large enough to be read through a window that moves several times.
const count = 1600;

function member(index: number): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: index % 10 === 9 ? 'Event' : 'Pod',
    metadata: {
      labels: { größe: 'übergroß 🙂'.repeat((index % 7) + 1) },
      managedFields: [{ 'f:x': '}]"\\'.repeat(100 + (index % 13)) }],
      name: `pod-${String(index)}`,
      uid: 'u',
    },
    spec: { hostNetwork: true, tolerations: [{ key: 'x'.repeat(2000) }] },
  };
}

const items = Array.from({ length: count }, (_, index) => member(index));
const whole = JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: {} }, null, 4);
const read = (_: string, kind: string): boolean => kind === 'Pod';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meshaudit-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function loadFile(text: string | Buffer): Promise<Loaded> {
  writeFileSync(path.join(folder, 'list.json'), text);
  return loadDocuments({ paths: ['list.json'], cwd: folder, read });
}

describe('a large JSON List', () => {
  it('is read from a file piece by piece as it is from memory', async () => {
    expect(Buffer.byteLength(whole)).toBeGreaterThan(5e6);
    const [inPieces, atOnce] = await Promise.all([
      loadFile(whole),
      loadTexts({ 'list.json': whole }, { read }),
    ]);
    expect(inPieces.problems).toEqual([]);
    expect(inPieces.resources).toHaveLength(count * 0.9);
    expect(inPieces.resources).toStrictEqual(atOnce.resources);
    expect(inPieces.skipped).toEqual(atOnce.skipped);
    expect(inPieces.stats).toEqual(atOnce.stats);
    expect(inPieces.resources[0]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { labels: { größe: 'übergroß 🙂' }, name: 'pod-0', uid: 'u' },
      spec: { hostNetwork: true },
    });
  });

  it('gives the very places that its text shows', async () => {
    const { resources, locate } = await loadFile(whole);
    const lines = whole.split('\n');
    for (const resource of [resources[0], resources[700], resources.at(-1)]) {
      if (resource === undefined) throw new Error('too few');
      const { line, column } = locate({ resource, path: ['metadata', 'name'] });
      expect(lines[line - 1]?.slice(column - 1)).toBe(`"name": "${resource.name}",`);
    }
  });

  const spoilt: readonly (readonly [string, (text: string) => string | Buffer, number, readonly string[]])[] =
    [
      ['with a broken member', (text) => text.replace('"pod-800"', '"pod-800'), 1, ['broken-list-item']],
      [
        'with a member of no kind',
        (text) => text.replace(/"Pod",(?=[^{}]*\{[^]{9000})/, '7,'),
        1,
        ['broken-list-item'],
      ],
      ['that is cut off', (text) => text.slice(0, -8000), 2, ['broken-list-item']],
      [
        'with text behind its end',
        (text) => `${text}\n{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}}`,
        -1,
        [],
      ],
    ];
  it.each(spoilt)('%s loses nothing else', async (_, spoil, lost, codes) => {
    const text = spoil(whole);
    const loaded = await loadFile(text);
    expect(loaded.resources.length).toBe(count * 0.9 - lost);
    expect([...new Set(loaded.problems.map(({ code }) => code))]).toEqual(codes);
    const atOnce = await loadTexts({ 'list.json': text.toString() }, { read });
    expect(loaded.problems.map(problemText)).toEqual(atOnce.problems.map(problemText));
  });

  it('is refused where it is not UTF-8', async () => {
    const bytes = Buffer.from(whole);
    bytes[bytes.indexOf('pod-1200') - 1] = 0xff;
    const loaded = await loadFile(bytes);
    expect(loaded.problems.length).toBeGreaterThan(0);
  });
});

describe('a JSON List', () => {
  const pod = '"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","uid":"u"}';
  it.each([
    ['a member that is a List', `{"kind":"List","apiVersion":"v1","items":[{${pod}}]}`],
    ['a key with an escape', `{${pod},"sp\\u0065c":{"hostNetwork":true}}`],
    ['a kind with an escape', `{"apiVersion":"v1","kind":"P\\u006fd","metadata":{"name":"p","uid":"u"}}`],
    ['a kind given twice', `{"kind":"Event",${pod}}`],
    ['a spec before its kind', `{"spec":{"tolerations":[{}]},${pod}}`],
    ['everything cut', `{${pod},"status":{"conditions":[]},"spec":{"tolerations":[]}}`],
  ])('with %s is read as JSON means it', async (_, text) => {
    const loaded = await loadTexts({ f: `{"apiVersion":"v1","kind":"List","items":[${text}]}` }, { read });
    expect(loaded.problems).toEqual([]);
    expect(loaded.resources.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['Pod/p']);
    expect(loaded.resources[0]?.object['spec'] ?? {}).not.toHaveProperty('tolerations');
  });

  it.each(['[1,]', '[{},]', '[}', '[{"a":1,}]', '[{"a" 1}]', '[{"a":1}{"a":2}]'])(
    'with items %s is not taken for whole',
    async (broken) => {
      const loaded = await loadTexts({ f: `{"apiVersion":"v1","kind":"List","items":${broken}}` }, { read });
      expect(loaded.problems.length).toBeGreaterThan(0);
    },
  );
});

describe('the members of a JSON List', () => {
  const unit = fc.constantFrom(...'ab"\\\n\té🙂{}[],: '.split(''));
  // Odd keys leave the whole List to the thorough reader, so they are few.
  const usual = fc.constantFrom(
    'containers',
    'initContainers',
    'name',
    'env',
    'tolerations',
    'securityContext',
  );
  const key = fc.oneof(
    { weight: 15, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom('größe', 'with "quotes"', 'a\\b', '__proto__') },
    { weight: 1, arbitrary: fc.string({ unit, maxLength: 4 }) },
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      fc.oneof(
        fc.string({ unit, maxLength: 30 }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      fc.constantFrom(true, false, null, '', {}, []),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const spec = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true });
  const pods = fc.array(fc.tuple(spec, fc.dictionary(key, fc.string({ unit }), { noNullPrototype: true })), {
    minLength: 1,
    maxLength: 3,
  });

  it('are what JSON.parse makes of them, but for what is cut', async () => {
    await fc.assert(
      fc.asyncProperty(pods, fc.nat(4), fc.nat(3), async (made, indent, copies) => {
        // The same again and again: most of it is then known.
        const members = Array.from({ length: copies + 1 }, () => made).flat();
        const written = members.map(([content, labels], index) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { labels, managedFields: content, name: `p${String(index)}`, uid: 'u' },
          spec: content,
          status: content,
        }));
        const text = JSON.stringify({ apiVersion: 'v1', items: written, kind: 'List' }, null, indent);
        const { resources, problems } = await loadTexts({ f: text });
        expect(problems).toEqual([]);
        const rule = ruleFor({ apiVersion: 'v1', kind: 'Pod', stored: true });
        const again = JSON.parse(text) as { readonly items: readonly JsonObject[] };
        expect(resources.map(({ object }) => object)).toStrictEqual(
          again.items.map((object) => cutObject(object, rule)),
        );
      }),
      { numRuns: 500 },
    );
  });
});
