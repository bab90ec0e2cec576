import type { Pattern, Piece, Wildcard } from './pattern.js';

/** Says whether a text is in the set that a pattern describes. */
export type TextTest = (text: string) => boolean;

/** ASCII letters in lower case; other letters as they are. */
export function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

const characters: Readonly<Record<Wildcard, TextTest>> = {
  any: () => true,
  some: () => true,
  name: (character) => character !== '/',
  segment: (character) => /[a-zA-Z0-9\-._~%!$&'()+,;:@=]/.test(character),
  segments: (character) => /[a-zA-Z0-9\-._~%!$&'()+,;:@=/]/.test(character),
};

/** Wildcards that need at least one character. */
const needsOne: ReadonlySet<Wildcard> = new Set(['some', 'segment']);

/** One character of a pattern: a letter, or a wildcard that may repeat. */
type State = { readonly letter: string } | { readonly wildcard: Wildcard };

/** The pattern letter by letter; a wildcard that needs one character is that character, then a repeating one. */
function statesOf(pieces: readonly Piece[]): readonly State[] {
  return pieces.flatMap((piece): readonly State[] =>
    'literal' in piece ? Array.from(piece.literal, (letter) => ({ letter })) : [{ wildcard: piece.wildcard }],
  );
}

interface Automaton {
  readonly states: readonly State[];
  /** True when a state's wildcard may also stand for nothing. */
  readonly optional: readonly boolean[];
}

/** Adds the states that are reached from one without reading anything. */
function reach({ states, optional }: Automaton, from: number, into: Set<number>): void {
  for (let state = from; !into.has(state); state += 1) {
    into.add(state);
    if (state >= states.length || optional[state] !== true) return;
  }
}

function step(automaton: Automaton, current: ReadonlySet<number>, character: string): Set<number> {
  const next = new Set<number>();
  for (const index of current) {
    const state = automaton.states[index];
    if (state === undefined) continue;
    if ('letter' in state) {
      if (state.letter === character) reach(automaton, index + 1, next);
    } else if (characters[state.wildcard](character)) {
      next.add(index);
      reach(automaton, index + 1, next);
    }
  }
  return next;
}

/** The general case, in time proportional to text × pattern whatever the pattern: patterns are input too. */
function automatonTest(pieces: readonly Piece[]): TextTest {
  const states = statesOf(pieces);
  const optional = states.map((state) => 'wildcard' in state && !needsOne.has(state.wildcard));
  const automaton = { states, optional };
  return (text) => {
    let current = new Set<number>();
    reach(automaton, 0, current);
    for (const character of text) {
      if (current.size === 0) return false;
      current = step(automaton, current, character);
    }
    return current.has(states.length);
  };
}

const literalOf = (piece: Piece | undefined): string | undefined =>
  piece !== undefined && 'literal' in piece ? piece.literal : undefined;
const wildcardOf = (piece: Piece | undefined): Wildcard | undefined =>
  piece !== undefined && 'wildcard' in piece ? piece.wildcard : undefined;

/** Wildcards that stand for any text leave no choice worth trying: each literal is best found as early as possible. */
function greedyTest(pieces: readonly Piece[]): TextTest {
  const last = literalOf(pieces.at(-1));
  const body = last === undefined ? pieces : pieces.slice(0, -1);
  return (text) => {
    let at = 0;
    let floating = false;
    for (const piece of body) {
      const sought = literalOf(piece);
      if (sought === undefined) {
        floating = true;
        if (wildcardOf(piece) === 'some') at += 1;
        continue;
      }
      const found = floating ? text.indexOf(sought, at) : text.startsWith(sought, at) ? at : -1;
      if (found < 0) return false;
      at = found + sought.length;
      floating = false;
    }
    if (last === undefined) return floating ? at <= text.length : at === text.length;
    const from = text.length - last.length;
    return (floating ? from >= at : from === at) && text.endsWith(last);
  };
}

/** The two forms that make up most policies, and the one of most namespaces. */
function shortTest(pieces: readonly Piece[]): TextTest | undefined {
  const [first, second, third] = pieces;
  const [head, middle] = [literalOf(first), literalOf(second)];
  if (pieces.length === 1 && head !== undefined) return (text) => text === head;
  if (pieces.length === 2 && head !== undefined && wildcardOf(second) === 'any')
    return (text) => text.startsWith(head);
  const within = pieces.length === 3 && wildcardOf(first) === 'any' && wildcardOf(third) === 'any';
  return within && middle !== undefined ? (text) => text.includes(middle) : undefined;
}

const expressions: Readonly<Record<Wildcard, string>> = {
  any: '.*',
  some: '.+',
  name: '[^/]*',
  segment: "[a-zA-Z0-9\\-._~%!$&'()+,;:@=]+",
  segments: "[a-zA-Z0-9\\-._~%!$&'()+,;:@=/]*",
};

const crossing: ReadonlySet<Wildcard> = new Set(['any', 'some', 'segments']);

/** A name that something other than a slash follows: where it ends takes trying. */
function isOpenName(piece: Piece, next: Piece | undefined): boolean {
  return wildcardOf(piece) === 'name' && next !== undefined && literalOf(next)?.startsWith('/') !== true;
}

/** A regular expression, where no more than one wildcard can run past slashes: with more, matching one may take too long. */
function expressionTest(pieces: readonly Piece[]): TextTest | undefined {
  const runsOn = pieces.filter((piece) => crossing.has(wildcardOf(piece) ?? 'name')).length;
  const openNames = pieces.filter((piece, index) => isOpenName(piece, pieces[index + 1])).length;
  if (runsOn > 1 || openNames > 1) return undefined;
  const source = pieces.map((piece) =>
    'literal' in piece ? piece.literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&') : expressions[piece.wildcard],
  );
  const expression = new RegExp(`^${source.join('')}$`, 's');
  return (text) => expression.test(text);
}

function textTestOf(pieces: readonly Piece[]): TextTest {
  const short = shortTest(pieces);
  if (short !== undefined) return short;
  const free = pieces.every((piece) => ['any', 'some', undefined].includes(wildcardOf(piece)));
  return free ? greedyTest(pieces) : (expressionTest(pieces) ?? automatonTest(pieces));
}

function lowerPiece(piece: Piece): Piece {
  return 'literal' in piece ? { literal: lowerAscii(piece.literal) } : piece;
}

/** Makes the test of a pattern, once; testing a text then costs what the simplest method for its form costs. */
export function textTest({ pieces, ignoreCase }: Pattern): TextTest {
  const compared = ignoreCase ? pieces.map(lowerPiece) : pieces;
  const test = textTestOf(compared);
  return ignoreCase ? (text) => test(lowerAscii(text)) : test;
}

/** One test for several patterns: exact ones in one look-up, then the others in turn. */
export function anyTextTest(patterns: readonly Pattern[]): TextTest {
  const exact = new Set<string>();
  const others: TextTest[] = [];
  for (const one of patterns) {
    const text = one.pieces.length === 1 && !one.ignoreCase ? literalOf(one.pieces[0]) : undefined;
    if (text === undefined) others.push(textTest(one));
    else exact.add(text);
  }
  if (others.length === 0) return (text) => exact.has(text);
  return (text) => exact.has(text) || others.some((test) => test(text));
}

/** True when a text matches a value with Istio's wildcards: a star at the start or the end, else exactly. */
export function matchesStar(value: string, text: string): boolean {
  if (value.startsWith('*')) return text.endsWith(value.slice(1));
  return value.endsWith('*') ? text.startsWith(value.slice(0, -1)) : text === value;
}
