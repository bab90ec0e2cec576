import { giveUp } from './block-scan.js';
import { isStored, keepRule, objectRule, ruleFor, type CutRule } from './cut-rule.js';
import type { JsonValue } from './json.js';
import { createKeyCache } from './key-cache.js';
import type { JsonSpans } from './json-spans.js';
import { skipSpace, skipString, skipValue, type JsonWindow } from './json-window.js';
import type { Entries } from './set-entry.js';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A Kubernetes object read from JSON, without what no decision reads. */
export interface JsonMember {
  value: JsonValue;
  apiVersion: string;
  kind: string;
  /** Undefined until the metadata were passed. */
  stored: boolean | undefined;
  /** False once a field was kept because it was not known yet whether it may be cut. */
  cut: boolean;
  /** False when certainly no directive of a strategic merge patch stands in it. */
  mayPatch: boolean;
}

/** What members are read with. */
export interface MemberReader {
  readonly spans: JsonSpans;
  /** True for kinds whose content is wanted. */
  readonly kept: (apiVersion: string, kind: string) => boolean;
}

interface Walk extends JsonMember {
  readonly window: JsonWindow;
  readonly reader: MemberReader;
}

/** A mapping on the way: what may be cut from it, and who wants to know of its entries; false where they are amiss. */
interface Frame {
  rule: CutRule;
  readonly watch?: (key: string, value: JsonValue | undefined) => boolean;
}

const cutAll: CutRule = () => 'cut';

const keyText = createKeyCache();
const wordText = createKeyCache();
const longestWord = 24;

/**
 * Reads the object at the position; of one of a kind that is not wanted, no more than its kind. Undefined when it does not
 * end within the window, or is written in a way (escapes in keys, a key twice) that needs a thorough reader.
 */
export function readJsonMember(window: JsonWindow, reader: MemberReader): JsonMember | undefined {
  const walk: Walk = {
    window,
    reader,
    value: null,
    apiVersion: '',
    kind: '',
    stored: undefined,
    cut: true,
    mayPatch: false,
  };
  const value = walkObject(walk, rootFrame(walk));
  if (value === undefined) return undefined;
  walk.value = value;
  return walk;
}

function rootFrame(walk: Walk): Frame {
  const seen = new Set<string>();
  const frame: Frame = {
    rule: objectRule,
    watch: (key, value) => {
      if (!learn(walk, key, value)) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      const { apiVersion, kind, stored, reader } = walk;
      if (apiVersion === '' || kind === '') return true;
      frame.rule = reader.kept(apiVersion, kind)
        ? ruleFor({ apiVersion, kind, stored: stored === true })
        : cutAll;
      return true;
    },
  };
  return frame;
}

/** Takes note of an entry of the root; true when it decides what may be cut from the rest. */
function learn(walk: Walk, key: string, value: JsonValue | undefined): boolean {
  if (key === 'apiVersion') walk.apiVersion = typeof value === 'string' ? value : '';
  else if (key === 'kind') walk.kind = typeof value === 'string' ? value : '';
  else if (key === 'metadata') walk.stored = isStored(value);
  else {
    const known = walk.apiVersion !== '' && walk.kind !== '';
    if ((key === 'status' && !known) || (key === 'spec' && !(known && walk.stored !== undefined)))
      walk.cut = false;
    return false;
  }
  return true;
}

function walkObject(walk: Walk, frame: Frame): Entries | undefined {
  const { window } = walk;
  const entries: Entries = {};
  window.at++;
  if (!skipSpace(window)) return undefined;
  if (window.bytes[window.at] === closeBrace) {
    window.at++;
    return entries;
  }
  for (;;) {
    if (!walkEntry(walk, frame, entries) || !skipSpace(window)) return undefined;
    const after = window.bytes[window.at++];
    if (after === closeBrace) return entries;
    if (after !== comma || !skipSpace(window)) return undefined;
  }
}

/** Passes over a key and its value; false when something is amiss. */
function walkEntry(walk: Walk, frame: Frame, entries: Entries): boolean {
  const { window } = walk;
  const key = walkKey(window);
  if (key === undefined || !skipSpace(window)) return false;
  const rule = frame.rule(key);
  let value: JsonValue | undefined;
  if (rule === 'cut') {
    if (!skipValue(window)) return false;
  } else {
    value = walkValue(walk, rule);
    if (value === undefined) return false;
    if (key.startsWith('$')) walk.mayPatch = true;
    entries[key] = value;
  }
  return frame.watch?.(key, value) !== false;
}

function walkKey(window: JsonWindow): string | undefined {
  const { bytes, at: start } = window;
  if (bytes[start] !== quote || !skipString(window)) return undefined;
  const key = keyText(bytes, start + 1, window.at - 1);
  if (isOdd(key) || !skipSpace(window) || bytes[window.at] !== colon) return undefined;
  window.at++;
  return key;
}

const usualKeys = new Set<string>();

/** Keys that need decoding, or that mean something to JavaScript. */
function isOdd(key: string): boolean {
  if (usualKeys.has(key)) return false;
  if (key === '__proto__' || /[^ -~]|\\/.test(key)) return true;
  if (usualKeys.size < 1000) usualKeys.add(key);
  return false;
}

function walkValue(walk: Walk, rule: CutRule): JsonValue | undefined {
  const { window } = walk;
  const first = window.bytes[window.at];
  if (first === quote) return readString(window);
  if (first === openBracket) return walkArray(walk, rule);
  if (first === openBrace && rule !== keepRule) return walkObject(walk, { rule });
  return readSpan(walk);
}

function readSpan(walk: Walk): JsonValue | undefined {
  const { window } = walk;
  const start = window.at;
  if (!skipValue(window)) return undefined;
  const span = walk.reader.spans.read(window, start, window.at);
  if (span === undefined) giveUp();
  if (span.mayPatch) walk.mayPatch = true;
  return span.value;
}

/** Only lists of what is cut from are walked through further down: what else they hold is read at once. */
function readItem(walk: Walk, rule: CutRule): JsonValue | undefined {
  const { window } = walk;
  const isList = window.bytes[window.at] === openBracket;
  return isList && rule === keepRule ? readSpan(walk) : walkValue(walk, rule);
}

function readString(window: JsonWindow): string | undefined {
  const { bytes, at: start } = window;
  if (!skipString(window)) return undefined;
  const end = window.at - 1;
  for (let at = start + 1; at < end; at++) {
    const code = bytes[at] ?? 0;
    if (code < 0x20 || code >= 0x80 || code === backslash) return parseString(bytes, start, end + 1);
  }
  if (end - start <= longestWord) return wordText(bytes, start + 1, end);
  return bytes.toString('latin1', start + 1, end);
}

function parseString(bytes: Buffer, start: number, end: number): string {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end));
    if (typeof value === 'string') return value;
  } catch {
    // Not JSON: for those who say where.
  }
  giveUp();
}

function walkArray(walk: Walk, rule: CutRule): JsonValue[] | undefined {
  const { window } = walk;
  const items: JsonValue[] = [];
  window.at++;
  if (!skipSpace(window)) return undefined;
  if (window.bytes[window.at] === closeBracket) {
    window.at++;
    return items;
  }
  for (;;) {
    const item = readItem(walk, rule);
    if (item === undefined || !skipSpace(window)) return undefined;
    items.push(item);
    const after = window.bytes[window.at++];
    if (after === closeBracket) return items;
    if (after !== comma || !skipSpace(window)) return undefined;
  }
}
