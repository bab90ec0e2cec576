import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair } from 'yaml';
import { bindAliases, keyOf } from './convert-yaml.js';
import type { FindSpan, Span } from './find-span.js';
import { parseWithPositions } from './read-any-yaml.js';

/** Parses a document with positions kept; works as far as the text can be understood, and on JSON too. */
export function findInYaml(text: string): FindSpan {
  const { document, mended } = parseWithPositions(text);
  const original = offsetMapper(text, mended);
  const targets = aliasTargets(document.contents);
  return (path) => {
    let node: unknown = document.contents;
    let span = spanOf(firstKey(node) ?? node, undefined) ?? { start: 0, end: 0 };
    for (const step of path) {
      const entry = member(resolved(node, targets), step, targets);
      if (entry === undefined) break;
      span = entry.span ?? span;
      node = entry.value;
    }
    return { start: original(span.start), end: original(span.end) };
  };
}

function aliasTargets(root: Node | null): ReadonlyMap<Alias, Node> {
  try {
    return bindAliases(root);
  } catch {
    return new Map();
  }
}

function resolved(node: unknown, targets: ReadonlyMap<Alias, Node>): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

interface Member {
  readonly value: unknown;
  readonly span: Span | undefined;
}

function member(node: unknown, step: string | number, targets: ReadonlyMap<Alias, Node>): Member | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { value: item, span: spanOf(firstKey(item) ?? item, undefined) };
  }
  if (!isMap(node)) return undefined;
  const pair = lastPair(node.items, String(step), targets);
  return pair === undefined ? undefined : { value: pair.value, span: spanOf(pair.key, pair.value) };
}

/** The pair that counts for a key: the last one that sets it, through merge keys too. */
function lastPair(
  pairs: readonly Pair[],
  key: string,
  targets: ReadonlyMap<Alias, Node>,
  depth = 0,
): Pair | undefined {
  if (depth > 100) return undefined;
  for (const pair of [...pairs].reverse()) {
    if (keyOf(resolved(pair.key, targets)) === key) return pair;
    if (!isScalar(pair.key) || pair.key.source !== '<<') continue;
    const value = resolved(pair.value, targets);
    const sources = isSeq(value) ? value.items.map((item) => resolved(item, targets)) : [value];
    for (const source of sources) {
      const found = isMap(source) ? lastPair(source.items, key, targets, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function firstKey(node: unknown): unknown {
  return isMap(node) && node.flow !== true ? node.items[0]?.key : undefined;
}

/** From the start of one node to the end of another, if that is a scalar that begins beside it. */
function spanOf(from: unknown, to: unknown): Span | undefined {
  const start = rangeOf(from);
  if (start === undefined) return undefined;
  const end = isInline(to) ? rangeOf(to) : undefined;
  return { start: start[0], end: end === undefined || end[1] <= end[0] ? start[1] : end[1] };
}

function isInline(node: unknown): boolean {
  return isAlias(node) || (isScalar(node) && node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED');
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  const known = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return known ? (node.range ?? undefined) : undefined;
}

/** Offsets of a mended text as offsets of the text itself: both have the same lines, some further indented. */
function offsetMapper(text: string, mended: string): (offset: number) => number {
  if (text === mended) return (offset) => offset;
  return (offset) => {
    const line = mended.slice(0, offset).split('\n').length - 1;
    const mendedLines = mended.split('\n');
    const lines = text.split('\n');
    const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    const column = offset - mendedLines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    const added = (mendedLines[line]?.length ?? 0) - (lines[line]?.length ?? 0);
    return start + Math.max(0, column - added);
  };
}
