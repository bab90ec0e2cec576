import {
  addMember,
  addPieceProblem,
  addProblem,
  addValue,
  withListType,
  type ContentBuilder,
  type Piece,
} from './content-builder.js';
import type { TextPlace } from './found-object.js';
import { findJsonError } from './json-error.js';
import type { JsonValue } from './json.js';
import { isListKind, typeOf } from './kubernetes-names.js';
import { mayHoldDirective } from './kustomize.js';
import { mebibytes } from './read-source.js';
import { recoverJsonList } from './recover-json-list.js';
import { scanJson, type JsonText } from './scan-json.js';
import { sliceText } from './text-position.js';
import type { Slice } from './split-yaml.js';

/** Reads a file of JSON texts, one or many after another; false when it is no JSON but perhaps YAML. */
export function readJsonStream(builder: ContentBuilder): boolean {
  const { bytes } = builder.source;
  const texts = scanTexts(bytes);
  if (texts === undefined) return readBrokenList(builder);
  builder.documents = texts.length;
  for (const [document, text] of texts.entries())
    readText(builder, { document, path: [], slice: text }, text);
  return true;
}

function scanTexts(bytes: Buffer): JsonText[] | undefined {
  const texts: JsonText[] = [];
  let line = 1;
  for (let at = 0; ;) {
    const text = scanJson(bytes, at, line);
    if (text === undefined) return texts.length > 0 ? texts : undefined;
    const first = bytes[text.start];
    if ((first !== 0x7b && first !== 0x5b) || !text.wellFormed) return undefined;
    texts.push(text);
    at = text.end;
    line = text.endLine;
  }
}

interface ListType {
  readonly apiVersion: string;
  readonly kind: string;
}

function readText(builder: ContentBuilder, piece: Piece, text: JsonText): void {
  const { limits } = builder.options;
  if (text.depth > limits.depth) {
    addPieceProblem(builder, piece, 'too-deep', `Nested more than ${String(limits.depth)} levels deep`);
    return;
  }
  const type = text.items === undefined ? undefined : listType(builder, text);
  if (type !== undefined && text.items !== undefined) {
    readMembers(builder, piece, { type, items: text.items });
    return;
  }
  const read = parsePiece(builder, piece);
  if (read !== undefined) addValue(builder, read.value, piece, placeOf(builder, piece.slice, read.mayPatch));
}

function placeOf(builder: ContentBuilder, slice: Slice, mayPatch: boolean): TextPlace {
  return {
    reopen: builder.source.reopen,
    slice,
    format: 'json',
    prefix: [],
    plain: false,
    mayPatch,
    cut: false,
  };
}

interface Members {
  readonly type: ListType;
  readonly items: readonly Slice[];
}

function readMembers(builder: ContentBuilder, list: Piece, { type, items }: Members): void {
  for (const [index, slice] of items.entries()) {
    const piece: Piece = { ...list, path: [...list.path, 'items', index], slice };
    const read = parsePiece(builder, piece);
    if (read === undefined) continue;
    addMember(builder, withListType(read.value, type), {
      piece,
      place: placeOf(builder, slice, read.mayPatch),
    });
  }
}

/** The List without its members tells whether it is one. */
function listType(builder: ContentBuilder, text: JsonText): ListType | undefined {
  const { bytes } = builder.source;
  const head = `${bytes.toString('utf8', text.start, text.itemsStart)}[]${bytes.toString('utf8', text.itemsEnd, text.end)}`;
  const type = typeOf(parse(head) ?? null);
  return type !== undefined && isListKind(type.kind) ? type : undefined;
}

/** A List that is cut off or has a bracket too many or too few: the members that are whole are read all the same. */
function readBrokenList(builder: ContentBuilder): boolean {
  const { bytes } = builder.source;
  const items = recoverJsonList(bytes);
  if (items === undefined) return false;
  builder.documents = 1;
  const list: Piece = { document: 0, path: [], slice: { start: 0, end: bytes.length, line: 1 } };
  const before = builder.problems.length;
  readMembers(builder, list, { type: { apiVersion: 'v1', kind: 'List' }, items });
  if (builder.problems.length === before) {
    addPieceProblem(
      builder,
      { ...list, slice: items.at(-1) ?? list.slice },
      'syntax',
      'The List does not end properly',
    );
  }
  return true;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value as JsonValue;
  } catch {
    return undefined;
  }
}

interface ReadPiece {
  readonly value: JsonValue;
  readonly mayPatch: boolean;
}

function parsePiece(builder: ContentBuilder, piece: Piece): ReadPiece | undefined {
  const { objectBytes } = builder.options.limits;
  const size = piece.slice.end - piece.slice.start;
  if (size > objectBytes) {
    const message = `One object of ${mebibytes(size)}; the limit is ${mebibytes(objectBytes)}`;
    addPieceProblem(builder, piece, 'too-large', message);
    return undefined;
  }
  const text = sliceText(builder.source.bytes, piece.slice);
  const value = parse(text);
  if (value === undefined) {
    const error = findJsonError(text) ?? { offset: 0, message: 'Invalid JSON' };
    addProblem(builder, piece, { code: 'syntax', ...error });
    return undefined;
  }
  return { value, mayPatch: mayHoldDirective(text) };
}
