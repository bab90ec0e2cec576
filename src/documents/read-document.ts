import { isStored, objectRule, ruleFor, type CutRule } from './cut-rule.js';
import type { Limits } from './limits.js';
import { isArray, type JsonValue } from './json.js';
import { readBlockYaml, type RootWatch } from './read-block-yaml.js';
import type { ReadResult } from './read-result.js';
import type { SpanMemo } from './span-memo.js';

/** The text of one YAML document or List member. */
export interface DocumentText {
  readonly text: string;
  /** True when only the thorough reader can tell what is wrong with the text. */
  readonly odd: boolean;
  /** True for a text that is `- ` and a List member. */
  readonly member: boolean;
  readonly wanted: (apiVersion: string, kind: string) => boolean;
  readonly memo?: SpanMemo | undefined;
  /** The text as bytes, where these are ASCII. */
  readonly ascii?: Buffer | undefined;
}

/** A document whose kind is not read, told from its first lines. */
export interface Unread {
  readonly unread: string;
}

/** A document's value; `plain` when the fast reader understood it, `cut` when it left the ballast out. */
export type DocumentResult = (ReadResult & { readonly plain?: boolean; readonly cut?: boolean }) | Unread;

/** Reads one YAML document: first by the fast reader, then, when it is laid out unusually, by the thorough one. */
export async function readDocument(document: DocumentText, limits: Limits): Promise<DocumentResult> {
  const fast = document.odd ? undefined : readFast(document);
  if (fast !== undefined) return fast;
  const { readAnyYaml } = await import('./read-any-yaml.js');
  const result = readAnyYaml(document.text, limits);
  if (!document.member || !('value' in result)) return result;
  const only = isArray(result.value) && result.value.length === 1 ? result.value[0] : undefined;
  return only === undefined ? result : { ...result, value: only };
}

/** What the fast reader makes of a document; undefined when it is not for it. */
export function readFast(document: DocumentText): DocumentResult | undefined {
  const seen: Seen = { apiVersion: '', kind: '', stored: undefined, unread: undefined, cut: true };
  const result = readBlockYaml(document.text, document.member, watchType(document, seen));
  if (result === 'stopped') return seen.unread === undefined ? undefined : { unread: seen.unread };
  return result === 'unusual'
    ? undefined
    : { value: result.value, duplicates: [], plain: true, cut: seen.cut };
}

/** What the watch has learnt on the way. */
interface Seen {
  apiVersion: string;
  kind: string;
  /** Undefined until the metadata were read. */
  stored: boolean | undefined;
  unread: string | undefined;
  /** False once a field was kept because it was not known yet whether it may be cut. */
  cut: boolean;
}

/** Watches for apiVersion and kind: once both are known, an unread kind stops the reading, a read one loses its ballast. */
function watchType({ wanted, memo, ascii }: DocumentText, seen: Seen): RootWatch {
  let rule: CutRule = objectRule;
  return {
    cut: objectRule,
    memo,
    ascii,
    after: (key, value, rest) => {
      if (!learn(seen, key, value) || seen.apiVersion === '' || seen.kind === '') return rule;
      rule = ruleFor({ ...seen, stored: seen.stored === true });
      if (key === 'metadata' || wanted(seen.apiVersion, seen.kind) || mayChangeType(rest)) return rule;
      seen.unread = seen.kind;
      return 'stop';
    },
  };
}

/** Takes note of an entry of the root; true when it decides what may be cut from the rest. */
function learn(seen: Seen, key: string, value: JsonValue): boolean {
  switch (key) {
    case 'apiVersion':
      seen.apiVersion = typeof value === 'string' ? value : '';
      return true;
    case 'kind':
      seen.kind = typeof value === 'string' ? value : '';
      return true;
    case 'metadata':
      seen.stored = isStored(value);
      return true;
    case 'spec':
      // Only what is stored loses a part of its spec, which its metadata tell.
      if (seen.stored === undefined || seen.kind === '' || seen.apiVersion === '') seen.cut = false;
      return false;
    case 'status':
      if (seen.kind === '' || seen.apiVersion === '') seen.cut = false;
      return false;
    default:
      return false;
  }
}

const laterKeys = new Map<number, RegExp>();

/** True when a later line at the root's column may set the kind again: a second key, a quoted or merged one. */
function mayChangeType({
  text,
  pos,
  column,
}: {
  readonly text: string;
  readonly pos: number;
  readonly column: number;
}): boolean {
  let pattern = laterKeys.get(column);
  if (pattern === undefined) {
    pattern = new RegExp(`\\n {${String(column)}}(?:kind|apiVersion|["'?<&*!])`, 'g');
    laterKeys.set(column, pattern);
  }
  pattern.lastIndex = Math.max(0, pos - column - 1);
  return pattern.test(text);
}
