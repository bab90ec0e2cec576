import { isAscii } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepRule, type CutRule } from '#documents/cut-rule.js';
import { isObject } from '#documents/json.js';
import { defaultLimits } from '#documents/limits.js';
import { readAnyYaml } from '#documents/read-any-yaml.js';
import { readBlockYaml, type RootWatch } from '#documents/read-block-yaml.js';
import { createSpanMemo } from '#documents/span-memo.js';
import { printBlock, yamlMapping, type Printing } from './print-block.js';

const keepAll: RootWatch = { cut: keepRule, after: () => keepRule };

/** Remembers what was read through all of a test; keeps the shortest stretches too. */
const rememberAll = (): RootWatch => ({ ...keepAll, memo: createSpanMemo(1) });

function fast(text: string, watch = keepAll): unknown {
  const bytes = Buffer.from(text);
  const ascii = isAscii(bytes) ? bytes : undefined;
  const result = readBlockYaml(text, false, { ...watch, ascii });
  return typeof result === 'string' ? result : result.value;
}

function thorough(text: string): unknown {
  const result = readAnyYaml(text, defaultLimits);
  return 'value' in result ? result.value : result.error;
}

/** Each was also read by sigs.k8s.io/yaml with the same outcome. */
const understood: readonly string[] = [
  'a: b\nc: 1\n',
  'a:\n  b:\n    c: null\n    d: ~\n    e:\n',
  'a:\n- 1\n- two\n- x: y\n  z:\n  - - deep\n    - er\n',
  'a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n  - \n',
  'a: # comment\n  # another\n  b: c # third\n\n\n# end\nd: e#not\n',
  "a: \"x\\ny\\u00e9\\x41\\\"\"\nb: 'it''s'\n",
  'a: "one\n  two\n\n  three \\\n  four"\nb: \'x\n\n  y\'\n',
  'a: plain text\n  goes on\n\n  and on\nb: c\n',
  'a: |\n  one\n    two\n\n  three\n\nb: |-\n  x\n\nc: |+\n  y\n\n\nd: e\n',
  'a: |2\n    two more\n  x\nb: c\n',
  'a:\n- |\n  text\n- b: |-\n    text\n',
  'a: {}\nb: []\nc: [1, "two", x-y]\nd: {e: f, "g": [h]}\n',
  '"quoted": 1\n\'single\': 2\n8080: 3\nyes: 4\n',
  'k:{"type":"Ready"}:\n  .: {}\n',
  'a: b\r\nc:\r\n- d\r\ne: |\r\n  x\r\n  y\r\n',
  'a: |\n  no line end',
  'url: http://x.y/z?a=b&c=d\ntime: 12:30:45\nx: a:b\n',
  '  a: 1\n  b:\n    c: 2\n',
  'x: !\n',
];

/** What texts that are nearly YAML are made of. */
const pieces = [
  'a',
  'b: ',
  '- ',
  ': ',
  '\n',
  '\n  ',
  '\n    ',
  '"',
  "'",
  '#',
  ' #',
  '|',
  '>',
  '{}',
  '[x]',
  '&a ',
  '*a',
  '~',
  '1',
  '\\',
  ',',
  '?',
  '!t ',
  '{',
  ']',
  '\t',
  '-',
  'k:',
  '|-\n   ',
  '\r\n',
];

/** What may follow a value: nothing, or lines that go on with it, or seem to. */
const tails = ['', '\n', '# c\n', '  # c\n', '  more: 1\n', '    x\n', '  - x\n', '- x\n', '\n\n  z: 1\n'];

/** Pieces of which many texts come together again and again. */
const repeated = [
  '\n  b: c',
  '\n  b:\n    c: d',
  '\n  b: |\n    text',
  '\n  b: |+\n    text',
  '\n  b: "x',
  ' y"',
  '\n- b: c',
  '\n  - b: c\n    d: e',
  '\n- - b',
  '\n  b: one',
  '\n   two',
  '\n     three',
  '\n',
  '\n    ',
  '\n# c',
  '\n  # c',
  '\nd:',
  '\ne:',
  ' # c',
  '\n  d: {}',
  '\n  b:\n  - c',
];

describe('readBlockYaml', () => {
  it.each(understood)('reads %j as the thorough reader does', (text) => {
    const value = fast(text);
    if (text !== 'x: !\n') expect(value).not.toBe('unusual');
    if (value !== 'unusual') expect(value).toStrictEqual(thorough(text));
  });

  it.each([
    'a: &x 1\nb: *x\n',
    'a: !!str 1\n',
    'a: b\na: c\n',
    '<<: {a: b}\n',
    'a: [1,\n 2]\n',
    'a:\n\tb: c\n',
    'a: b: c\n',
    'a: >\n  folded\n',
    '? a\n: b\n',
    '__proto__: x\n',
    'spec:\n  $patch: delete\n',
    'a:\n  b: 1\n c: 2\n',
    'a: .inf\n',
    '- a\n',
    'just text\n',
    'a: "open\n',
    'a: b\rc: d\n',
    'a: x\n  # comment\n  y\n',
    'x: |1\n  \n',
    'x: |2\n    a\n   \n',
    'a:\n  b: "x\n y"\n',
    'x: "a\\\r\n b"\n',
    'x: "a\\\n\n b"\n',
  ])('leaves %j to the thorough reader', (text) => {
    expect(fast(text)).toBe('unusual');
  });

  it('agrees with the thorough reader on whatever is printed in block style', () => {
    fc.assert(
      fc.property(yamlMapping, fc.infiniteStream(fc.nat(99)), (value, choices) => {
        const printing: Printing = { choose: (count) => (choices.next().value ?? 0) % count };
        const text = printBlock(value, printing);
        expect(thorough(text)).toStrictEqual(value);
        const read = fast(text);
        expect(read).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with the thorough reader on texts that are nearly YAML, or leaves them alone', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (chosen) => {
        const text = `x: ${chosen.join('')}\n`;
        const read = readBlockYaml(text, false, keepAll);
        if (typeof read !== 'string') expect(read.value).toStrictEqual(thorough(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('gives the same values from memory', () => {
    const remember = rememberAll();
    fc.assert(
      fc.property(yamlMapping, fc.array(fc.nat(8), { maxLength: 6 }), (value, copies) => {
        const printing: Printing = { choose: () => 1 };
        const part = printBlock(value, printing).replaceAll(/^(?=.)/gm, '  ');
        const text = copies.map((copy, index) => `k${String(index)}:\n${part}${tails[copy] ?? ''}`).join('');
        expect(fast(text, remember)).toStrictEqual(fast(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no text from memory for another', () => {
    const remember = rememberAll();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...repeated), { minLength: 2, maxLength: 12 }), (chosen) => {
        const text = `a:${chosen.join('')}\n`;
        expect(fast(text, remember)).toStrictEqual(fast(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('passes over nothing but what is cut', () => {
    const rule: CutRule = (key) => (key === 'status' ? 'cut' : keepRule);
    const lines = [
      '\n  a: ',
      '\n  - ',
      '\n- ',
      '\n    b: ',
      ' "q"',
      ' "open',
      '\n  k:{"t":"x"}:',
      '\n  c: {}',
      ": 'it'",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...lines), { maxLength: 14 }), (chosen) => {
        const text = `a: 1\nstatus:${chosen.join('')}\nspec: x\nz: "y"\n`;
        const read = readBlockYaml(text, false, { cut: rule, after: () => rule });
        const whole = readAnyYaml(text, defaultLimits);
        if (typeof read === 'string' || !('value' in whole) || !isObject(whole.value)) return;
        const kept = Object.entries(whole.value).filter(([key]) => key !== 'status');
        expect(read.value).toStrictEqual(Object.fromEntries(kept));
      }),
      { numRuns: 5000 },
    );
  });
});
