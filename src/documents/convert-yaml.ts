import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { ProblemCode } from './document.js';
import type { JsonValue } from './json.js';
import type { Limits } from './limits.js';
import type { DuplicateKey, ReadError, ReadResult } from './read-result.js';
import { keyText, resolveScalar } from './resolve-scalar.js';
import { setEntry, type Entries } from './set-entry.js';

/** Thrown inside the conversion to give a document up; never leaves the readers. */
export class Refusal extends Error implements ReadError {
  readonly code: ProblemCode;
  readonly offset: number;
  constructor(code: ProblemCode, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

interface Conversion {
  readonly limits: Limits;
  readonly text: string;
  readonly targets: ReadonlyMap<Alias, Node>;
  readonly duplicates: DuplicateKey[];
  readonly expanding: Set<Node>;
  nodes: number;
  aliasedNodes: number;
  depth: number;
}

/** The JSON value of a parsed document, as sigs.k8s.io/yaml converts it: aliases expanded, merge keys applied in order. */
export function convertNode(root: Node | null, text: string, limits: Limits): ReadResult {
  const state: Conversion = {
    limits,
    text,
    targets: bindAliases(root),
    duplicates: [],
    expanding: new Set(),
    nodes: 0,
    aliasedNodes: 0,
    depth: 0,
  };
  return { value: convert(state, root), duplicates: state.duplicates };
}

/** Each alias with the node it stands for: the nearest anchor of that name before it. */
export function bindAliases(root: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(root, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined)
          throw new Refusal('syntax', offsetOf(node), `Unknown anchor ${node.source}`);
        targets.set(node, target);
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return targets;
}

export function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}

function convert(state: Conversion, node: unknown): JsonValue {
  count(state, node);
  if (isAlias(node)) return expand(state, node, (target) => convert(state, target));
  if (isScalar(node)) return convertScalar(state, node);
  if (!isMap(node) && !isSeq(node)) return null;
  if (++state.depth > state.limits.depth) {
    throw new Refusal(
      'too-deep',
      offsetOf(node),
      `Nested more than ${String(state.limits.depth)} levels deep`,
    );
  }
  const value = isMap(node) ? fill(state, node, {}) : node.items.map((item) => convert(state, item));
  state.depth--;
  return value;
}

/** go-yaml's guard (decode.go, allowedAliasRatio): the share of the values that may come from aliases. */
function count(state: Conversion, node: unknown): void {
  state.nodes++;
  if (state.expanding.size > 0) state.aliasedNodes++;
  if (state.aliasedNodes <= 100 || state.nodes <= 1000) return;
  const [low, high] = [400_000, 4_000_000];
  const share = Math.min(1, Math.max(0, (state.nodes - low) / (high - low)));
  if (state.aliasedNodes / state.nodes > 0.99 - 0.89 * share) {
    throw new Refusal(
      'alias-bomb',
      offsetOf(node),
      'Aliases expand to far more values than the document holds',
    );
  }
}

function expand<Result>(state: Conversion, alias: Alias, then: (target: Node) => Result): Result {
  const target = state.targets.get(alias);
  if (target === undefined || state.expanding.has(target)) {
    throw new Refusal('alias-bomb', offsetOf(alias), `Anchor ${alias.source} contains itself`);
  }
  state.expanding.add(target);
  const result = then(target);
  state.expanding.delete(target);
  return result;
}

function fill(state: Conversion, map: YAMLMap, target: Entries): Entries {
  const own = new Set<string>();
  for (const { key, value } of map.items) {
    if (isMerge(key)) {
      merge(state, value, target);
      continue;
    }
    const name = convertKey(state, key);
    if (own.has(name)) state.duplicates.push({ key: name, offset: offsetOf(key) });
    own.add(name);
    setEntry(target, name, convert(state, value));
  }
  return target;
}

function isMerge(key: unknown): boolean {
  if (!isScalar(key) || key.source !== '<<') return false;
  return key.tag === 'tag:yaml.org,2002:merge' || (key.tag === undefined && key.type === 'PLAIN');
}

/** go-yaml v2 sets merged entries where the `<<` stands: they replace what came before and yield to what follows. */
function merge(state: Conversion, value: unknown, target: Entries): void {
  count(state, value);
  if (isMap(value)) fill(state, value, target);
  else if (isAlias(value)) {
    expand(state, value, (found) => {
      if (!isMap(found)) throw mergeNeedsMap(value);
      fill(state, found, target);
    });
  } else if (isSeq(value)) {
    for (const item of [...value.items].reverse()) {
      if (isSeq(item) || isScalar(item)) throw mergeNeedsMap(item);
      merge(state, item, target);
    }
  } else throw mergeNeedsMap(value);
}

function mergeNeedsMap(node: unknown): Refusal {
  return new Refusal('syntax', offsetOf(node), 'A merge key (<<) needs a mapping or a sequence of mappings');
}

function convertKey(state: Conversion, key: unknown): string {
  const node = isAlias(key) ? state.targets.get(key) : key;
  const text = isScalar(node) ? keyText(scalarValue(node), node.source ?? '') : undefined;
  if (text === undefined) {
    const what = isScalar(node) || node === null ? 'is null' : 'is no scalar';
    throw new Refusal('syntax', offsetOf(key), `A mapping key ${what}, which Kubernetes refuses`);
  }
  return text;
}

/** The JSON key of a mapping key node; undefined for keys that Kubernetes refuses. */
export function keyOf(node: unknown): string | undefined {
  return isScalar(node) ? keyText(scalarValue(node), node.source ?? '') : undefined;
}

function convertScalar(state: Conversion, node: Scalar): JsonValue {
  const value = scalarValue(node);
  if (typeof value === 'string' && endsOpen(state.text, node)) return value.slice(0, -1);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Refusal(
      'syntax',
      offsetOf(node),
      'Infinity and NaN have no JSON form; Kubernetes refuses them',
    );
  }
  return value;
}

/** A block scalar that the text ends in, without a last line break: the parser makes one up, libyaml does not. */
function endsOpen(text: string, node: Scalar): boolean {
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  if (!isBlock || (node.range?.[1] ?? 0) < text.length || node.source?.endsWith('\n') !== true) return false;
  return text.slice(text.lastIndexOf('\n') + 1).trim() !== '';
}

const coreTag = 'tag:yaml.org,2002:';

function scalarValue(node: Scalar): string | number | boolean | null {
  const text = node.source ?? '';
  const tag = node.tag;
  if (tag === undefined) return node.type === 'PLAIN' || node.type === undefined ? resolveScalar(text) : text;
  if (!tag.startsWith(coreTag)) return text;
  const value = resolveScalar(text);
  switch (tag.slice(coreTag.length)) {
    case 'int':
    case 'float':
      return expectType(node, typeof value === 'number', value);
    case 'bool':
      return expectType(node, typeof value === 'boolean', value);
    case 'null':
      return expectType(node, value === null, value);
    case 'binary':
      return Buffer.from(text, 'base64').toString('utf8');
    default:
      return text;
  }
}

function expectType<Value>(node: Scalar, fits: boolean, value: Value): Value {
  if (!fits) throw new Refusal('syntax', offsetOf(node), 'The value does not fit its tag');
  return value;
}
