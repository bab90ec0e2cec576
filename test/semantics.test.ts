import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Evidence {
  readonly test: string;
  readonly by: string;
}

interface Statement {
  readonly id: string;
  readonly says: string;
  readonly in?: readonly string[];
  readonly shown?: readonly Evidence[];
  readonly unknown?: string;
  readonly why?: string;
  readonly aside?: string;
}

interface Semantics {
  readonly statements: readonly Statement[];
  readonly releases: readonly (Pick<Statement, 'in' | 'shown'> & { readonly what: string })[];
}

const semantics = JSON.parse(readFileSync(`${root}docs/semantics.json`, 'utf8')) as Semantics;
const { statements, releases } = semantics;

/** How many numbered statements each section has. */
const sections = {
  ...{ a: 24, b: 28, c: 47, d: 14, e: 15, f: 5, g: 8, h: 25, i: 9, j: 13, k: 6, l: 8 },
  ...{ m: 42, n: 20, o: 22, p: 14 },
};

const texts = new Map<string, string>();

function textOf(file: string): string {
  const text = texts.get(file) ?? (existsSync(root + file) ? readFileSync(root + file, 'utf8') : '');
  texts.set(file, text);
  return text;
}

function withoutProof(evidence: readonly Evidence[]): readonly string[] {
  return evidence
    .filter(
      ({ test, by }) => !/\b(?:it|describe)(?:\.each)?[(<]/.test(textOf(test)) || !textOf(test).includes(by),
    )
    .map(({ test, by }) => `${test}: ${by}`);
}

describe('docs/semantics.json', () => {
  it('misses no number', () => {
    const numbers = Object.entries(sections).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}.${String(index + 1)}`),
    );
    const ids = statements.map(({ id }) => id);
    expect(numbers.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('says of each statement one thing: shown, unknown and why, aside', () => {
    const states = ({ shown, unknown, aside }: Statement): number =>
      [shown, unknown, aside].filter((state) => state !== undefined).length;
    expect(statements.filter((one) => states(one) !== 1).map(({ id }) => id)).toEqual([]);
    const silent = statements.filter(({ unknown, why }) => (unknown === undefined) !== (why === undefined));
    expect(silent.map(({ id }) => id)).toEqual([]);
    const idle = statements.filter(({ shown, in: files }) => shown && (!shown.length || !files?.length));
    expect(idle.map(({ id }) => id)).toEqual([]);
  });

  it('names files that exist', () => {
    const named = [...statements, ...releases].flatMap((one) => one.in ?? []);
    expect([...new Set(named)].filter((file) => !existsSync(root + file))).toEqual([]);
  });

  it.each(statements.flatMap(({ id, shown }) => (shown === undefined ? [] : [{ id, shown }])))(
    '$id is shown by the tests it names',
    ({ shown }) => {
      expect(withoutProof(shown)).toEqual([]);
    },
  );

  it.each(releases)('the release of $what is shown by the test it names', ({ shown }) => {
    expect(withoutProof(shown ?? [])).toEqual([]);
  });
});

describe('docs/semantics.md', () => {
  it('has every statement', () => {
    const page = textOf('docs/semantics.md');
    expect(statements.filter(({ id }) => !page.includes(`| ${id} |`)).map(({ id }) => id)).toEqual([]);
  });
});
