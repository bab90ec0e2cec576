import { describe, expect, it } from 'vitest';
import { loadTexts, problemText, resourceTexts } from './load-texts.js';

const neighbour = 'apiVersion: v1\nkind: Pod\nmetadata: {name: neighbour}\n';

/** Texts made to exhaust a reader; each is refused, and the document after it survives. */
const hostile: readonly (readonly [string, () => string, string])[] = [
  ['a YAML line of 40 MB', () => `kind: Pod\na: ${'x'.repeat(40e6)}\n`, 'f:1 too-large'],
  ['100,000 open brackets', () => `kind: Pod\na: ${'['.repeat(1e5)}\n`, 'f:1:1 too-deep'],
  ['100,000 nested brackets', () => `kind: Pod\na: ${'['.repeat(1e5)}${']'.repeat(1e5)}\n`, 'f:1:1 too-deep'],
  [
    '100,000 nested braces',
    () => `kind: Pod\na: ${'{a: '.repeat(1e5)}${'}'.repeat(1e5)}\n`,
    'f:1:1 too-deep',
  ],
  ['100,000 dashes', () => `kind: Pod\na:\n${'- '.repeat(1e5)}x\n`, 'f:1:1 too-deep'],
  ['100,000 question marks', () => `kind: Pod\n${'? '.repeat(1e5)}x\n`, 'f:1:1 too-deep'],
  ['1,000 levels of indentation', () => `kind: Pod\n${levels(1000)}`, 'f:1:1 too-deep'],
  ['an open quote', () => `kind: Pod\na: "${'x\n  '.repeat(2e5)}\n`, 'f:200003:1 syntax'],
  ['many open quotes', () => `kind: Pod\n${'a: "x\n'.repeat(20_000)}`, 'f:4:3 syntax'],
  ['an alias bomb', () => `kind: Pod\n${bomb()}`, 'f:2:10 alias-bomb'],
];

function levels(count: number): string {
  return Array.from({ length: count }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
}

function bomb(): string {
  const lines = ['l0: &l0 [x]'];
  for (let level = 1; level < 30; level++) {
    const above = `*l${String(level - 1)}`;
    lines.push(
      `l${String(level)}: &l${String(level)} [${Array.from({ length: 9 }, () => above).join(', ')}]`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('bounds', () => {
  it.each(hostile)('%s is refused in bounded time, its neighbour read', async (_, make, problem) => {
    const started = process.cpuUsage();
    const loaded = await loadTexts({ f: `${make()}---\n${neighbour}` });
    const used = process.cpuUsage(started).user / 1e6;
    expect(loaded.problems.map(problemText)).toEqual([problem]);
    expect(loaded.resources.map(({ name }) => name)).toEqual(['neighbour']);
    expect(used).toBeLessThan(20);
  });

  it('refuses deep and huge JSON and reads the rest', async () => {
    const deep = `{"kind":"Pod","a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
    const huge = `{"kind":"Pod","a":"${'x'.repeat(2000)}"}`;
    const loaded = await loadTexts(
      { 'd.json': deep, 'e.json': huge, 'f.yaml': neighbour },
      { limits: { objectBytes: 1000 } },
    );
    expect(loaded.problems.map(problemText)).toEqual(['d.json:1 too-deep', 'e.json:1 too-large']);
    expect(resourceTexts(loaded)).toEqual(['Pod/neighbour@f.yaml#0:1']);
  });

  it('loses only the huge member of a List', async () => {
    const member = (name: string, size: number): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { x: 'y'.repeat(size) } },
    });
    const items = [member('a', 1), member('b', 2000), member('c', 1)];
    const yaml = items.map((item) => `- ${JSON.stringify(item)}\n`).join('');
    const texts = {
      'a.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      'b.yaml': `apiVersion: v1\nkind: List\nitems:\n${yaml}`,
    };
    const loaded = await loadTexts(texts, { limits: { objectBytes: 1000 } });
    expect(loaded.problems.map(problemText)).toEqual(['a.json:1 too-large', 'b.yaml:5 too-large']);
    expect(loaded.resources.map(({ name }) => name)).toEqual(['a', 'c', 'a', 'c']);
  });

  it('keeps aliases that a person would write', async () => {
    const uses = Array.from({ length: 300 }, (_, index) => `  u${String(index)}: *c\n`).join('');
    const loaded = await loadTexts({ f: `${neighbour}spec:\n  c: &c {image: x, args: [a, b]}\n${uses}` });
    expect(loaded.problems).toEqual([]);
    expect(Object.keys(loaded.resources[0]?.object['spec'] ?? {})).toHaveLength(301);
  });
});

it('tells of twenty keys that occur twice, and counts the rest', async () => {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${'  k: v\n'.repeat(30_000)}`;
  const { problems, resources } = await loadTexts({ f: text });
  expect(resources).toHaveLength(1);
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)?.message).toContain('29979 times more');
}, 20_000);
