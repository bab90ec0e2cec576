import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldPath } from '#documents/document.js';
import { findInBlock } from '#documents/find-in-block.js';
import { findInJson } from '#documents/find-in-json.js';
import { findInYaml } from '#documents/find-in-yaml.js';
import type { JsonValue } from '#documents/json.js';
import { loadTexts } from './load-texts.js';
import { printBlock, yamlMapping } from './print-block.js';

const yaml = `# a policy
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: "é🙂"
spec:
  rules:
  - from:
    - source: {principals: ["a", "b"]}
    to:
    -   operation:
          ports:
          - "80"
          - "81" # second
  8080:
    mode: STRICT
`;

async function place(text: string, path: FieldPath): Promise<string> {
  const { resources, locate } = await loadTexts({ f: text });
  const [resource] = resources;
  if (resource === undefined) throw new Error('nothing was read');
  const { line, column, endLine, endColumn } = locate({ resource, path });
  expect(endLine).toBe(line);
  return `${String(line)}:${String(column)}-${String(endColumn)}`;
}

const cases: readonly (readonly [FieldPath, string])[] = [
  [[], '2:1-11'],
  [['metadata', 'name'], '5:3-14'],
  [['metadata'], '4:1-9'],
  [['spec', 'rules', 0], '8:5-9'],
  [['spec', 'rules', 0, 'from', 0, 'source', 'principals', 1], '9:34-37'],
  [['spec', 'rules', 0, 'from', 0, 'source', 'principals'], '9:16-26'],
  [['spec', 'rules', 0, 'to', 0, 'operation', 'ports', 1], '14:13-17'],
  [['spec', '8080', 'mode'], '16:5-17'],
  [['spec', 8080, 'missing', 'deeper'], '15:3-7'],
  [['spec', 'rules', 7], '7:3-8'],
];

describe('locate', () => {
  it.each(cases)('finds %j in a document', async (path, wanted) => {
    expect(await place(yaml, path)).toBe(wanted);
  });

  it.each(cases)(
    'finds %j in a file with byte order mark and Windows line ends, after another document',
    async (path, wanted) => {
      const text = `\ufeff---\r\n---\r\n${yaml.replaceAll('\n', '\r\n')}`;
      const [line, columns] = wanted.split(':');
      expect(await place(text, path)).toBe(`${String(Number(line) + 2)}:${columns ?? ''}`);
    },
  );

  it.each(cases)('finds %j in a document that only the thorough reader understands', async (path, wanted) => {
    expect(await place(`${yaml}x: &anchor\n  y: *anchor2\n`.replace('*anchor2', '>\n    z'), path)).toBe(
      wanted,
    );
  });

  it.each(cases)('finds %j in a member of a List', async (path, wanted) => {
    const member = yaml.replace('# a policy\n', '').trimEnd().replaceAll('\n', '\n  ');
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${member}\n`;
    const [line = '', start = '', end = ''] = wanted.split(/[:-]/);
    expect(await place(text, path)).toBe(
      `${String(Number(line) + 2)}:${String(Number(start) + 2)}-${String(Number(end) + 2)}`,
    );
  });

  it('finds places in JSON, by line and by column', async () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'é' }, spec: { a: [1, { b: 'c' }] } };
    const list = { kind: 'List', apiVersion: 'v1', items: [object] };
    expect(await place(JSON.stringify(list, null, 2), ['metadata', 'name'])).toBe('9:9-20');
    expect(await place(JSON.stringify(list), ['metadata', 'name'])).toBe('1:87-97');
    expect(await place(JSON.stringify(object), ['spec', 'a', 1, 'b'])).toBe('1:73-80');
    expect(await place(JSON.stringify(object), ['spec', 'zzz'])).toBe('1:57-63');
  });

  it('follows aliases and merge keys to the line that says it', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: &m\n  name: x\nspec:\n  <<: *m\n  copy: *m\n';
    expect(await place(text, ['spec', 'name'])).toBe('4:3-10');
    expect(await place(text, ['spec', 'copy', 'name'])).toBe('4:3-10');
  });

  it('finds by walking what the position-keeping parser finds', () => {
    fc.assert(
      fc.property(yamlMapping, fc.infiniteStream(fc.nat(99)), (value, choices) => {
        const text = printBlock(value, { choose: (count) => (choices.next().value ?? 0) % count });
        const [quick, thorough, json] = [
          findInBlock(text),
          findInYaml(text),
          findInJson(JSON.stringify(value)),
        ];
        for (const path of paths(value)) {
          expect({ path, start: quick(path).start }).toEqual({ path, start: thorough(path).start });
          const { start, end } = json(path);
          if (path.length > 0 && typeof path.at(-1) === 'string') {
            expect(JSON.stringify(value).slice(start, end)).toContain(JSON.stringify(path.at(-1)));
          }
        }
      }),
    );
  });
});

function paths(value: JsonValue | undefined, prefix: FieldPath = []): FieldPath[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const nested = Object.entries(value).flatMap(([key, member]) =>
    paths(member as JsonValue, [...prefix, Array.isArray(value) ? Number(key) : key]),
  );
  return [prefix, ...nested];
}
