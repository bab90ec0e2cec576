import { keepRule, objectRule, ruleFor, type CutRule } from './cut-rule.js';
import { createKeyCache } from './key-cache.js';
import { skipSpace, skipString, skipValue, type JsonWindow } from './json-window.js';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A Kubernetes object in JSON on which the cutting has been done, but not yet the parsing. */
export interface CutMember {
  /** Offsets in the window between which text is kept, in pairs. */
  readonly kept: number[];
  apiVersion: string;
  kind: string;
  /** Undefined until the metadata were passed. */
  stored: boolean | undefined;
  /** False once a field was kept because it was not known yet whether it may be cut. */
  cut: boolean;
}

const keyText = createKeyCache();

interface Walk extends CutMember {
  readonly window: JsonWindow;
  keptFrom: number;
}

/** A mapping on the way: what may be cut from it, and who wants to know of its entries. */
interface Frame {
  rule: CutRule;
  readonly watch?: (key: string, start: number) => boolean;
}

/**
 * Passes over the object at the position and notes which parts of its text are to be kept. Undefined when it does not
 * end within the window, or is written in a way (escapes in keys, a key twice) that needs a thorough reader.
 */
export function cutMember(window: JsonWindow): CutMember | undefined {
  const start = window.at;
  const walk: Walk = {
    window,
    keptFrom: start,
    kept: [],
    apiVersion: '',
    kind: '',
    stored: undefined,
    cut: true,
  };
  if (!walkRoot(walk)) return undefined;
  walk.kept.push(walk.keptFrom, window.at);
  return walk;
}

function walkRoot(walk: Walk): boolean {
  const seen = new Set<string>();
  const frame: Frame = {
    rule: objectRule,
    watch: (key, start) => {
      if (!learn(walk, key, start) || seen.has(key)) return !seen.has(key);
      seen.add(key);
      if (walk.apiVersion !== '' && walk.kind !== '')
        frame.rule = ruleFor({ ...walk, stored: walk.stored === true });
      return true;
    },
  };
  return walkObject(walk, frame);
}

/** Takes note of an entry of the root; true when it decides what may be cut from the rest. */
function learn(walk: Walk, key: string, start: number): boolean {
  if (key === 'apiVersion') walk.apiVersion = textAt(walk, start);
  else if (key === 'kind') walk.kind = textAt(walk, start);
  else if (key === 'metadata') walk.stored ??= false;
  else {
    const known = walk.apiVersion !== '' && walk.kind !== '';
    if ((key === 'status' && !known) || (key === 'spec' && !(known && walk.stored !== undefined)))
      walk.cut = false;
    return false;
  }
  return true;
}

/** The string between an offset and the position; empty for any other value, and for one with escapes. */
function textAt({ window: { bytes, at } }: Walk, start: number): string {
  const text = bytes[start] === quote ? bytes.toString('utf8', start + 1, at - 1) : '';
  return text.includes('\\') ? '' : text;
}

function walkObject(walk: Walk, frame: Frame): boolean {
  const { window } = walk;
  let previous = ++window.at;
  if (!skipSpace(window)) return false;
  if (window.bytes[window.at] === closeBrace) return step(window);
  for (let keeps = false; ;) {
    const cut = walkEntry(walk, frame);
    if (cut === undefined) return false;
    if (cut) drop(walk, previous, window.at);
    else keeps = true;
    previous = window.at;
    if (!skipSpace(window)) return false;
    if (window.bytes[window.at] === closeBrace) return step(window);
    if (window.bytes[window.at] !== comma) return false;
    window.at++;
    if (!keeps) {
      drop(walk, previous, window.at);
      previous = window.at;
    }
    if (!skipSpace(window)) return false;
  }
}

function step(window: JsonWindow): true {
  window.at++;
  return true;
}

/** Leaves a stretch of the text out. */
function drop(walk: Walk, from: number, to: number): void {
  if (walk.keptFrom < from) walk.kept.push(walk.keptFrom, from);
  walk.keptFrom = to;
}

/** Passes over a key and its value: true when the entry is to be cut, undefined when something is wrong. */
function walkEntry(walk: Walk, frame: Frame): boolean | undefined {
  const { window } = walk;
  const key = walkKey(window);
  if (key === undefined || !skipSpace(window)) return undefined;
  const rule = frame.rule(key);
  const start = window.at;
  const passed = rule === 'cut' || rule === keepRule ? skipValue(window) : walkValue(walk, key, rule);
  if (!passed || frame.watch?.(key, start) === false) return undefined;
  return rule === 'cut';
}

function walkKey(window: JsonWindow): string | undefined {
  const { bytes, at: start } = window;
  if (bytes[start] !== quote || !skipString(window)) return undefined;
  const key = keyText(bytes, start + 1, window.at - 1);
  if (key.includes('\\') || !skipSpace(window) || bytes[window.at] !== colon) return undefined;
  window.at++;
  return key;
}

function walkValue(walk: Walk, key: string, rule: CutRule): boolean {
  const { window } = walk;
  const first = window.bytes[window.at];
  if (first === openBrace) return walkObject(walk, key === 'metadata' ? metadataFrame(walk, rule) : { rule });
  return first === openBracket ? walkArray(walk, rule) : skipValue(window);
}

function metadataFrame(walk: Walk, rule: CutRule): Frame {
  return {
    rule,
    watch: (key, start) => {
      if (key === 'uid' || key === 'resourceVersion')
        walk.stored = walk.stored === true || textAt(walk, start) !== '';
      return true;
    },
  };
}

function walkArray(walk: Walk, rule: CutRule): boolean {
  const { window } = walk;
  const { bytes } = window;
  window.at++;
  if (!skipSpace(window)) return false;
  if (bytes[window.at] === closeBracket) return step(window);
  for (;;) {
    if (!walkValue(walk, '', rule) || !skipSpace(window)) return false;
    if (bytes[window.at] === closeBracket) return step(window);
    if (bytes[window.at] !== comma) return false;
    window.at++;
    if (!skipSpace(window)) return false;
  }
}
