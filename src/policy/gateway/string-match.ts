import { RE2JS } from 're2js';
import { isObject } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';

/** How a text is compared. `present`: there is one, whatever it says. */
export type StringMatch =
  { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string } | { readonly kind: 'present' };

const kinds = ['exact', 'prefix', 'regex'] as const;

/** Reads a StringMatch of a VirtualService; undefined when there is none. One without a pattern asks for presence. */
export function readStringMatch(value: JsonValue | undefined): StringMatch | undefined {
  if (!isObject(value)) return undefined;
  const kind = kinds.find((each) => typeof value[each] === 'string');
  const text = kind === undefined ? undefined : value[kind];
  return kind !== undefined && typeof text === 'string' ? { kind, value: text } : { kind: 'present' };
}

/** Headers and query parameters know `*` in place of a pattern (canBeConvertedToPresentMatch in pilot/pkg/networking/core/route/route.go). */
export function orPresent(match: StringMatch): StringMatch {
  return match.kind === 'regex' && match.value === '*' ? { kind: 'present' } : match;
}

const compiled = new Map<string, RE2JS | undefined>();
const compiledLimit = 1000;

function compile(source: string): RE2JS | undefined {
  if (compiled.has(source)) return compiled.get(source);
  if (compiled.size >= compiledLimit) compiled.clear();
  let pattern: RE2JS | undefined;
  try {
    pattern = RE2JS.compile(source);
  } catch {
    pattern = undefined;
  }
  compiled.set(source, pattern);
  return pattern;
}

/** True when RE2, which proxies use, matches the whole text; a pattern that it refuses matches nothing. Linear time. */
function matchesRegex(source: string, text: string): boolean {
  return compile(source)?.matches(text) ?? false;
}

/** Whether a text is as the match wants it; letter case of patterns counts. */
export function matchesText(match: StringMatch, text: string): boolean {
  switch (match.kind) {
    case 'present':
      return true;
    case 'exact':
      return text === match.value;
    case 'prefix':
      return text.startsWith(match.value);
    case 'regex':
      return matchesRegex(match.value, text);
  }
}
