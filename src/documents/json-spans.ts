import type { JsonValue } from './json.js';
import type { JsonWindow } from './json-window.js';
import { mayHoldDirective } from './kustomize.js';

/** What a stretch of JSON text was read as. */
export interface JsonSpan {
  readonly value: JsonValue;
  /** False when certainly no directive of a strategic merge patch stands in it. */
  readonly mayPatch: boolean;
}

/**
 * Reads values in JSON and remembers those that were there before, text by text: the Pods of a dump are alike but for names
 * and addresses. Shares the values, which nobody minds who does not change what was read.
 */
export interface JsonSpans {
  /** The value between two offsets of a window; undefined when that is no JSON. */
  readonly read: (window: JsonWindow, start: number, end: number) => JsonSpan | undefined;
}

interface Known extends JsonSpan {
  readonly hash: number;
  readonly bytes: Buffer;
}

const slots = 1024;
const longest = 8192;

/** Nothing is remembered yet. */
export function createJsonSpans(): JsonSpans {
  const known = new Array<Known | undefined>(slots).fill(undefined);
  // What comes once is not worth a copy: it is kept when it comes again.
  const seen = new Int32Array(slots);
  return {
    read: (window, start, end) => {
      if (end - start > longest) return parse(window, start, end);
      const hash = hashOf(window, start, end);
      const slot = hash & (slots - 1);
      const found = known[slot];
      if (found?.hash === hash && isSame(window.bytes, start, end, found.bytes)) return found;
      const span = parse(window, start, end);
      if (span !== undefined && seen[slot] === hash)
        known[slot] = { ...span, hash, bytes: Buffer.from(window.bytes.subarray(start, end)) };
      seen[slot] = hash;
      return span;
    },
  };
}

function isSame(bytes: Buffer, start: number, end: number, known: Buffer): boolean {
  return known.length === end - start && bytes.compare(known, 0, known.length, start, end) === 0;
}

/** Of a longer text a sample, with its end: what is taken for the same is compared anyway. */
function hashOf({ view }: JsonWindow, start: number, end: number): number {
  const length = end - start;
  const step = Math.max(4, (length >> 5) & ~3);
  let hash = length ^ (view.getUint8(start) << 8);
  for (let at = end - 4; at >= start; at -= step)
    hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ view.getInt32(at, true), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

function parse({ bytes }: JsonWindow, start: number, end: number): JsonSpan | undefined {
  const text = bytes.toString('utf8', start, end);
  try {
    const value: unknown = JSON.parse(text);
    return { value: value as JsonValue, mayPatch: mayHoldDirective(text) };
  } catch {
    return undefined;
  }
}
