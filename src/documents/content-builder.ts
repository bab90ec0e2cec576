import type { FieldPath, ProblemCode } from './document.js';
import type { FileContent, FoundObject, FoundProblem, TextPlace } from './found-object.js';
import { isArray, isObject, type JsonValue } from './json.js';
import { isListKind, typeOf } from './kubernetes-names.js';
import type { Limits } from './limits.js';
import { identityOf, type Source } from './read-source.js';
import type { ReadError } from './read-result.js';
import type { Slice } from './split-yaml.js';
import { readSigns } from './read-signs.js';
import type { SpanMemo } from './span-memo.js';
import { positionAt } from './text-position.js';

/** What the readers of one file need to know. */
export interface ReadOptions {
  readonly limits: Limits;
  /** True for kinds that must be read; others are counted without being parsed. */
  readonly wanted: (apiVersion: string, kind: string) => boolean;
  /** True for kinds that are kept: of the wanted ones, a List is not kept itself. */
  readonly kept: (apiVersion: string, kind: string) => boolean;
  /** What was read so far, in any of the files. */
  readonly memo?: SpanMemo;
}

/** A document, or a member of a List, on its way from text to object. */
export interface Piece {
  readonly document: number;
  readonly path: FieldPath;
  readonly slice: Slice;
}

/** The content of one file while it is being read. */
export interface ContentBuilder {
  readonly source: Source;
  readonly options: ReadOptions;
  readonly objects: FoundObject[];
  readonly problems: FoundProblem[];
  readonly unread: Map<string, number>;
  documents: number;
}

/** A builder with nothing in it yet. */
export function createBuilder(source: Source, options: ReadOptions): ContentBuilder {
  return { source, options, objects: [], problems: [], unread: new Map(), documents: 0 };
}

/** The finished content. */
export function finish(builder: ContentBuilder): FileContent {
  const { source, objects, problems, unread, documents } = builder;
  return { source: identityOf(source), signs: readSigns(builder), objects, problems, unread, documents };
}

/** Counts an object whose kind is not read. */
export function addUnread(builder: ContentBuilder, kind: string): void {
  builder.unread.set(kind, (builder.unread.get(kind) ?? 0) + 1);
}

/** Adds a problem at an offset into the text of a piece. */
export function addProblem(builder: ContentBuilder, piece: Piece, error: ReadError, fatal = true): void {
  const { line, column } = positionAt(builder.source.bytes, piece.slice, error.offset);
  const inList = piece.path.length > 0 && error.code === 'syntax';
  const code: ProblemCode = inList ? 'broken-list-item' : error.code;
  const message = inList
    ? `List member ${pathText(piece.path)} is left out: ${error.message}`
    : error.message;
  const { slice } = piece;
  builder.problems.push({ code, file: builder.source.shown, line, column, message, fatal, slice });
}

/** Adds a problem about a whole piece. */
export function addPieceProblem(
  builder: ContentBuilder,
  piece: Piece,
  code: ProblemCode,
  message: string,
): void {
  const { slice } = piece;
  builder.problems.push({ code, file: builder.source.shown, line: slice.line, message, fatal: true, slice });
}

/** `items[3]` */
export function pathText(path: FieldPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`))
    .join('')
    .slice(1);
}

/** Adds a value: a List gives its members, each on its own. */
export function addValue(builder: ContentBuilder, value: JsonValue, piece: Piece, place: TextPlace): void {
  const type = typeOf(value);
  if (type !== undefined && isObject(value) && isListKind(type.kind) && isArray(value['items'])) {
    value['items'].forEach((item, index) => {
      addMember(builder, withListType(item, type), {
        piece: { ...piece, path: [...piece.path, 'items', index] },
        place: { ...place, prefix: [...place.prefix, 'items', index], cut: false },
      });
    });
    return;
  }
  if (type !== undefined && !builder.options.kept(type.apiVersion, type.kind)) {
    addUnread(builder, type.kind);
    return;
  }
  builder.objects.push({ value, document: piece.document, path: piece.path, line: piece.slice.line, place });
}

/** Adds a member of a List; one that is no Kubernetes object is a problem, since it was meant to be one. */
export function addMember(
  builder: ContentBuilder,
  value: JsonValue,
  { piece, place }: { readonly piece: Piece; readonly place: TextPlace },
): void {
  if (typeOf(value) === undefined) {
    const message = `List member ${pathText(piece.path)} is left out: it has no apiVersion and kind`;
    addPieceProblem(builder, piece, 'broken-list-item', message);
  } else addValue(builder, value, piece, place);
}

/** The API server leaves apiVersion and kind out of the members of a typed list (`DeploymentList`). */
export function withListType(
  item: JsonValue,
  list: { readonly apiVersion: string; readonly kind: string },
): JsonValue {
  const kind = list.kind.slice(0, -'List'.length);
  if (kind === '' || !isObject(item) || item['kind'] !== undefined || item['apiVersion'] !== undefined)
    return item;
  return { apiVersion: list.apiVersion, kind, ...item };
}
