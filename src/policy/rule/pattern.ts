/**
 * What a wildcard stands for. `any`: any text; `some`: any text but the empty one; `name`: any text without a slash;
 * `segment`: one or more characters that a URI path segment may hold; `segments`: any number of those and slashes.
 */
export type Wildcard = 'any' | 'some' | 'name' | 'segment' | 'segments';

/** A piece of a pattern: a text to be found as it stands, or a wildcard. */
export type Piece = { readonly literal: string } | { readonly wildcard: Wildcard };

/**
 * A set of texts, as policies write them: pieces in a row that must cover the whole text. Exact, prefix, suffix and
 * presence matches, namespace globs and path templates are all of this one form.
 */
export interface Pattern {
  readonly pieces: readonly Piece[];
  /** ASCII letters only, as Envoy compares hosts. */
  readonly ignoreCase: boolean;
}

/** Makes a pattern; neighbouring and empty literals are joined, so equal patterns look equal. */
export function pattern(pieces: readonly Piece[], ignoreCase = false): Pattern {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (!('literal' in piece)) joined.push(piece);
    else if (last !== undefined && 'literal' in last)
      joined.splice(-1, 1, { literal: last.literal + piece.literal });
    else if (piece.literal !== '') joined.push(piece);
  }
  return { pieces: joined, ignoreCase };
}

export const any: Piece = { wildcard: 'any' };
export const some: Piece = { wildcard: 'some' };
export const literal = (text: string): Piece => ({ literal: text });

/** The pattern of exactly one text. */
export function exactly(text: string): Pattern {
  return pattern([literal(text)]);
}

/** The pattern of every text but the empty one: what the value `*` means for most fields. */
export const present: Pattern = pattern([some]);

/** The pattern of every text. */
export const everything: Pattern = pattern([any]);

/**
 * A value of a policy with Istio's wildcards: `*`, `*suffix`, `prefix*`, else exact; a star elsewhere is a letter
 * like any other (pilot/pkg/security/authz/matcher/string.go, StringMatcherWithPrefix).
 */
export function valuePattern(value: string, scheme = ''): Pattern {
  if (value === '*') return present;
  if (value.startsWith('*')) {
    const suffix = literal(value.slice(1));
    return scheme === '' ? pattern([any, suffix]) : pattern([literal(scheme), any, suffix]);
  }
  if (value.endsWith('*')) return pattern([literal(scheme + value.slice(0, -1)), any]);
  return exactly(scheme + value);
}

/** A value compared with a header, which may be empty: `*` asks only that it is there (matcher/header.go). */
export function headerPattern(value: string, ignoreCase = false): Pattern {
  if (value === '*') return everything;
  return { ...valuePattern(value), ignoreCase };
}

const templateOperators: ReadonlyMap<string, Wildcard> = new Map([
  ['{*}', 'segment'],
  ['{**}', 'segments'],
  ['*', 'segment'],
  ['**', 'segments'],
]);

/** True when a path value is a template (pkg/config/security/security.go, ContainsPathTemplate). */
export function isPathTemplate(value: string): boolean {
  return value.includes('{*}') || value.includes('{**}');
}

/**
 * A path template: whole segments `{*}` and `{**}` are wildcards; Istio hands them to Envoy as `*` and `**`, so a bare
 * star is one too (matcher/template.go; Envoy's source/extensions/path/uri_template_lib).
 */
export function templatePattern(value: string): Pattern {
  const pieces = value.split('/').flatMap((segment, index): readonly Piece[] => {
    const wildcard = templateOperators.get(segment);
    const piece = wildcard === undefined ? literal(segment) : { wildcard };
    return index === 0 ? [piece] : [literal('/'), piece];
  });
  return pattern(pieces);
}
