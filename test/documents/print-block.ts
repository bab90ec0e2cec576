import fc from 'fast-check';
import type { JsonObject, JsonValue } from '#documents/json.js';

/** Picks one of several ways to print the same thing. */
export interface Printing {
  readonly choose: (count: number) => number;
}

function characters(text: string): string[] {
  return text.split('');
}

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...characters('abcXYZ019 -_.:/#"\'\\{}[]&*!|>%@`,?=~')), maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    'true',
    'no',
    '0777',
    '1e3',
    '~',
    '-',
    'a: b',
    'a #b',
    'one\ntwo',
    'one\n\n  two\n',
    'é',
    '日本',
    '🙂',
    '- x',
    '<<',
    '=',
    '2001-01-01',
  ),
);

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, -1.25, 1e21),
);
const key = fc.oneof(
  fc.constantFrom(
    'name',
    'app.kubernetes.io/name',
    'x-y_z',
    '8080',
    'yes',
    'f:spec',
    'k:{"a":"b"}',
    'with space',
    'a"b',
    "it's",
  ),
  fc.string({ unit: fc.constantFrom(...characters('abcdefgh')), minLength: 1, maxLength: 8 }),
);

const tree = fc.letrec<{ value: JsonValue; mapping: JsonObject; sequence: readonly JsonValue[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, scalar, tie('mapping'), tie('sequence')),
  mapping: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  sequence: fc.array(tie('value'), { maxLength: 4 }),
}));

/** Mappings with at least one entry, as documents of Kubernetes objects are. */
export const yamlMapping: fc.Arbitrary<JsonObject> = tree.mapping.filter(
  (object) => Object.keys(object).length > 0,
);

/** Prints a mapping in block style, choosing among quotes, indentations, comments and block scalars on the way. */
export function printBlock(object: JsonObject, printing: Printing): string {
  return mappingLines(object, '', printing).join('\n') + '\n';
}

function mappingLines(object: JsonObject, indent: string, printing: Printing): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const comment =
      printing.choose(8) === 0 ? [`${indent}# a comment`] : printing.choose(8) === 0 ? [''] : [];
    return [
      ...comment,
      ...entryLines(`${indent}${printKey(name, printing)}:`, value ?? null, { indent, printing }),
    ];
  });
}

interface Place {
  readonly indent: string;
  readonly printing: Printing;
}

function entryLines(head: string, value: JsonValue, { indent, printing }: Place): string[] {
  if (value === null && printing.choose(2) === 0) return [head];
  if (value === null || typeof value !== 'object') return [`${head} ${printScalar(value, indent, printing)}`];
  const tail = printing.choose(6) === 0 ? `${head} # why` : head;
  if (isSequence(value)) {
    if (value.length === 0) return [`${head} []`];
    return [tail, ...sequenceLines(value, printing.choose(2) === 0 ? indent : `${indent}  `, printing)];
  }
  if (Object.keys(value).length === 0) return [`${head} {}`];
  return [tail, ...mappingLines(value, indent + ' '.repeat(1 + printing.choose(4)), printing)];
}

function isSequence(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function sequenceLines(items: readonly JsonValue[], indent: string, printing: Printing): string[] {
  return items.flatMap((item) => {
    if (item === null || typeof item !== 'object')
      return [`${indent}- ${printScalar(item, indent, printing)}`];
    const inner = isSequence(item)
      ? item.length === 0
        ? ['[]']
        : sequenceLines(item, `${indent}  `, printing)
      : Object.keys(item).length === 0
        ? ['{}']
        : plainMapping(item, `${indent}  `, printing);
    return [`${indent}- ${(inner[0] ?? '').trimStart()}`, ...inner.slice(1)];
  });
}

/** Without a comment or blank line before the first key, which has to stand behind the dash. */
function plainMapping(object: JsonObject, indent: string, printing: Printing): string[] {
  const lines = mappingLines(object, indent, printing);
  return lines.slice(lines.findIndex((line) => line !== '' && !line.trimStart().startsWith('#')));
}

function printKey(name: string, printing: Printing): string {
  if (/^[a-z]{6,}$/.test(name) || name.startsWith('k:')) return name;
  return printing.choose(2) === 0 ? `'${name.replaceAll("'", "''")}'` : JSON.stringify(name);
}

function printScalar(value: string | number | boolean | null, indent: string, printing: Printing): string {
  if (typeof value !== 'string') return value === null ? 'null' : String(value);
  const isBlock =
    /^[^\s#][^\r]*[^\s]\n?$/.test(value) &&
    value.includes('\n') &&
    !/\n\s+\n|\s\n/.test(value.replace(/\n$/, '').replaceAll('\n\n', '\n'));
  if (isBlock && printing.choose(2) === 0) return blockScalar(value, `${indent}   `);
  if (/^[a-z][a-z ]*[a-z]$/.test(value) && value.length > 5 && printing.choose(2) === 0) return value;
  if (!value.includes('\n') && printing.choose(2) === 0) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}

function blockScalar(value: string, indent: string): string {
  const lines = value.replace(/\n$/, '').split('\n');
  return `${value.endsWith('\n') ? '|' : '|-'}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}
