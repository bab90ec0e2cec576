import type { ReadOptions } from './content-builder.js';
import { giveUp, Unusual } from './block-scan.js';
import type { FileContent, FoundObject } from './found-object.js';
import type { JsonValue } from './json.js';
import { createJsonSpans, type JsonSpans } from './json-spans.js';
import {
  attempt,
  checkEncoding,
  openWindow,
  skipSpace,
  skipString,
  skipValue,
  type JsonWindow,
} from './json-window.js';
import { isListKind, typeOf } from './kubernetes-names.js';
import { readJsonMember, type JsonMember } from './read-json-member.js';
import { identityOf, type Source } from './read-source.js';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A List on the way from text to objects. */
interface Reading {
  readonly source: Source;
  readonly options: ReadOptions;
  readonly window: JsonWindow;
  readonly objects: FoundObject[];
  readonly unread: Map<string, number>;
  readonly spans: JsonSpans;
}

/**
 * Reads a List as `kubectl get -o json` prints it, member by member: no more of the text is in memory than a window, and
 * of each member only what decisions read is parsed. Undefined for anything else, broken Lists included.
 */
export function readJsonList(source: Source, options: ReadOptions): FileContent | undefined {
  // In a chart's templates the text matters, not what it holds.
  if (source.shown.includes('templates/')) return undefined;
  const window = openWindow(source.range ?? source.bytes);
  const spans = createJsonSpans();
  const reading: Reading = { source, options, window, objects: [], unread: new Map(), spans };
  try {
    readText(reading);
  } catch (thrown) {
    if (thrown instanceof Unusual) return undefined;
    throw thrown;
  }
  const { objects, unread } = reading;
  const signs = { template: false, waiver: false, kubernetes: true, templated: new Set<never>() };
  return { source: identityOf(source), signs, objects, problems: [], unread, documents: 1 };
}

function readText(reading: Reading): void {
  const { window } = reading;
  const head = readHead(window);
  readMembers(reading);
  const tail = readTail(window);
  checkEncoding(window, window.end);
  const list = parse(`${head}[]${tail}`);
  const type = typeOf(list);
  if (!window.valid || type === undefined || !isListKind(type.kind)) giveUp();
}

/** The text before the items; the position is then behind their opening bracket. */
function readHead(window: JsonWindow): string {
  skipSpace(window);
  const start = window.at;
  if (window.bytes[start] !== openBrace) giveUp();
  window.at++;
  for (;;) {
    if (!skipSpace(window)) giveUp();
    const key = window.at;
    if (window.bytes[key] !== quote || !skipString(window)) giveUp();
    const isItems = window.bytes.toString('latin1', key, window.at) === '"items"';
    expect(window, colon);
    if (isItems) break;
    if (!skipSpace(window) || !skipValue(window)) giveUp();
    expect(window, comma);
  }
  skipSpace(window);
  const head = window.bytes.toString('utf8', start, window.at);
  expect(window, openBracket);
  if (head.includes('\\')) giveUp();
  return head;
}

function expect(window: JsonWindow, code: number): void {
  if (!skipSpace(window) || window.bytes[window.at] !== code) giveUp();
  window.at++;
}

/** The text behind the items, to the end of the file. */
function readTail(window: JsonWindow): string {
  let tail = '';
  const end = (at: JsonWindow): boolean => {
    const start = at.at;
    while (at.at < at.end && at.bytes[at.at] !== closeBrace) {
      if (!skipSpace(at)) return false;
      const first = at.bytes[at.at];
      if (first === comma || first === colon) at.at++;
      else if (first !== closeBrace && !skipValue(at)) return false;
    }
    if (at.at >= at.end) return false;
    at.at++;
    tail = at.bytes.toString('utf8', start, at.at);
    return true;
  };
  if (!attempt(window, end)) giveUp();
  if (attempt(window, skipSpace) || tail.includes('\\') || tail.includes('"items"')) giveUp();
  return tail;
}

function readMembers(reading: Reading): void {
  const { window } = reading;
  for (let index = 0; ; index++) {
    if (!attempt(window, skipSpace)) giveUp();
    if (index === 0 && window.bytes[window.at] === closeBracket) break;
    readMember(reading, index);
    if (!attempt(window, skipSpace)) giveUp();
    if (window.bytes[window.at] === closeBracket) break;
    if (window.bytes[window.at] !== comma) giveUp();
    window.at++;
  }
  window.at++;
}

function readMember(reading: Reading, index: number): void {
  const { window, options, source } = reading;
  if (window.bytes[window.at] !== openBrace) giveUp();
  let start = 0;
  let line = 0;
  let member: JsonMember | undefined;
  const step = (): boolean => {
    start = window.at;
    line = window.line;
    member = readJsonMember(window, { spans: reading.spans, kept: options.kept });
    return member !== undefined;
  };
  if (!attempt(window, step) || member === undefined) giveUp();
  const { apiVersion, kind, cut, value, mayPatch } = member;
  const tooLarge =
    window.at - start > options.limits.objectBytes || window.deepest > options.limits.depth - 10;
  if (tooLarge || apiVersion === '' || kind === '' || isListKind(kind)) giveUp();
  if (!options.kept(apiVersion, kind)) {
    reading.unread.set(kind, (reading.unread.get(kind) ?? 0) + 1);
    return;
  }
  const slice = { start: window.base + start, end: window.base + window.at, line };
  const place = { reopen: source.reopen, slice, format: 'json', prefix: [], plain: false, cut } as const;
  const found = { document: 0, path: ['items', index], line } as const;
  reading.objects.push({ ...found, value, place: { ...place, mayPatch } });
}

function parse(text: string): JsonValue {
  try {
    const value: unknown = JSON.parse(text);
    return value as JsonValue;
  } catch {
    giveUp();
  }
}
