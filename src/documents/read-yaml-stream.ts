import { isAscii, isUtf8 } from 'node:buffer';
import {
  addMember,
  addPieceProblem,
  addProblem,
  addUnread,
  addValue,
  withListType,
  type ContentBuilder,
  type Piece,
} from './content-builder.js';
import { firstInvalidByte } from './decode.js';
import type { TextPlace } from './found-object.js';
import { isObject, type JsonValue } from './json.js';
import { isListKind } from './kubernetes-names.js';
import { readDocument, type DocumentText } from './read-document.js';
import { mebibytes } from './read-source.js';
import { countNewlines, splitList, type SplitList } from './split-list.js';
import { splitYaml, type Slice } from './split-yaml.js';

/** Reads all documents of a YAML stream, each on its own, the members of a List likewise. */
export async function readYamlStream(builder: ContentBuilder): Promise<void> {
  const { bytes } = builder.source;
  const slices = splitYaml(bytes);
  const valid = isUtf8(bytes);
  builder.documents = slices.length;
  for (const [document, slice] of slices.entries()) {
    const invalid = valid ? undefined : firstInvalidByte(bytes.subarray(slice.start, slice.end));
    if (invalid !== undefined) {
      addEncodingProblem(builder, { document, path: [], slice }, invalid);
      continue;
    }
    const list = splitList(builder.source.bytes, slice);
    const piece: Piece = { document, path: [], slice };
    if (list === undefined || !(await readList(builder, piece, list))) await readWhole(builder, piece);
  }
}

function addEncodingProblem(builder: ContentBuilder, piece: Piece, invalid: number): void {
  const { start, line } = piece.slice;
  const broken = { ...piece.slice, line: line + countNewlines(builder.source.bytes, start, start + invalid) };
  addPieceProblem(builder, { ...piece, slice: broken }, 'encoding', 'Not UTF-8 text');
}

interface ListType {
  readonly apiVersion: string;
  readonly kind: string;
  /** True when the text ends before the List's kind was told. */
  readonly cut: boolean;
}

/** Reads a List member by member; false when the document is none, or only makes sense as a whole. */
async function readList(builder: ContentBuilder, piece: Piece, list: SplitList): Promise<boolean> {
  const type = await listType(builder, list);
  if (type === undefined) return false;
  const trial: ContentBuilder = { ...builder, objects: [], problems: [], unread: new Map() };
  const { control = false } = piece.slice;
  for (const [index, slice] of list.items.entries()) {
    await readMember(trial, { ...piece, path: ['items', index], slice: { ...slice, control } }, type);
  }
  if (trial.problems.some(isSyntaxProblem) && (await wholeIsFine(builder, piece))) return false;
  for (const object of trial.objects) builder.objects.push(object);
  builder.problems.push(...trial.problems);
  for (const [kind, count] of trial.unread) builder.unread.set(kind, (builder.unread.get(kind) ?? 0) + count);
  if (type.cut) {
    const message = 'The List ends without its kind: the text looks cut off';
    addPieceProblem(builder, { ...piece, slice: list.items.at(-1) ?? piece.slice }, 'syntax', message);
  }
  return true;
}

function isSyntaxProblem(problem: { readonly code: string; readonly column?: number }): boolean {
  return problem.code === 'broken-list-item' && problem.column !== undefined;
}

async function listType(builder: ContentBuilder, list: SplitList): Promise<ListType | undefined> {
  const head = await readDocument(
    { text: list.head, odd: false, member: false, wanted: () => true },
    builder.options.limits,
  );
  if (!('value' in head) || !isObject(head.value)) return undefined;
  const { apiVersion, kind } = { apiVersion: head.value['apiVersion'], kind: head.value['kind'] };
  if (typeof apiVersion !== 'string') return undefined;
  if (typeof kind === 'string') return isListKind(kind) ? { apiVersion, kind, cut: false } : undefined;
  return kind === undefined && list.items.length > 0 ? { apiVersion, kind: 'List', cut: true } : undefined;
}

/** Pieces may depend on each other, by anchors or open quotes; what then reads as a whole is read as a whole. */
async function wholeIsFine(builder: ContentBuilder, piece: Piece): Promise<boolean> {
  if (isTooLarge(builder, piece)) return false;
  const whole = await readDocument(documentText(builder, piece), builder.options.limits);
  return !('error' in whole);
}

async function readMember(builder: ContentBuilder, piece: Piece, list: ListType): Promise<void> {
  const read = await readPiece(builder, piece);
  if (read === undefined) return;
  addMember(builder, withListType(read.value, list), { piece, place: placeOf(builder, piece, read) });
}

async function readWhole(builder: ContentBuilder, piece: Piece): Promise<void> {
  const read = await readPiece(builder, piece);
  if (read !== undefined) addValue(builder, read.value, piece, placeOf(builder, piece, read));
}

interface ReadPiece {
  readonly value: JsonValue;
  readonly plain: boolean;
  readonly cut: boolean;
}

/** A List member's text is a sequence of one. */
function placeOf(builder: ContentBuilder, piece: Piece, { plain, cut }: ReadPiece): TextPlace {
  const prefix = piece.path.length > 0 ? [0] : [];
  return {
    reopen: builder.source.reopen,
    slice: piece.slice,
    format: 'yaml',
    prefix,
    plain,
    mayPatch: !plain,
    cut,
  };
}

/** The value of a piece; undefined when it was counted as unread or became a problem. */
async function readPiece(builder: ContentBuilder, piece: Piece): Promise<ReadPiece | undefined> {
  if (isTooLarge(builder, piece)) {
    const { objectBytes } = builder.options.limits;
    const size = mebibytes(piece.slice.end - piece.slice.start);
    addPieceProblem(
      builder,
      piece,
      'too-large',
      `One object of ${size}; the limit is ${mebibytes(objectBytes)}`,
    );
    return undefined;
  }
  const result = await readDocument(documentText(builder, piece), builder.options.limits);
  if ('unread' in result) addUnread(builder, result.unread);
  if ('error' in result) addProblem(builder, piece, result.error);
  if (!('value' in result)) return undefined;
  addDuplicates(builder, piece, result.duplicates);
  return { value: result.value, plain: result.plain === true, cut: result.cut === true };
}

/** More keys that occur twice in one document than anybody reads; to place each takes the time to read the text up to it. */
const mostDuplicates = 20;

function addDuplicates(
  builder: ContentBuilder,
  piece: Piece,
  duplicates: readonly { readonly key: string; readonly offset: number }[],
): void {
  for (const [index, { key, offset }] of duplicates.slice(0, mostDuplicates + 1).entries()) {
    const rest = duplicates.length - mostDuplicates;
    const message =
      index < mostDuplicates
        ? `Key ${key} occurs twice in one mapping; the last value counts`
        : `Keys occur twice in one mapping from here on, ${String(rest)} times more; the last value counts`;
    addProblem(builder, { ...piece, path: [] }, { code: 'duplicate-key', offset, message }, false);
  }
}

function documentText(builder: ContentBuilder, piece: Piece): DocumentText {
  const { start, end } = piece.slice;
  const bytes = builder.source.bytes.subarray(start, end);
  const ascii = isAscii(bytes) ? bytes : undefined;
  const text = bytes.toString(ascii === undefined ? 'utf8' : 'latin1');
  const odd = piece.slice.control === true;
  const { wanted, memo } = builder.options;
  return { text, odd, member: piece.path.length > 0, wanted, memo, ascii };
}

function isTooLarge(builder: ContentBuilder, { slice }: { readonly slice: Slice }): boolean {
  return slice.end - slice.start > builder.options.limits.objectBytes;
}
