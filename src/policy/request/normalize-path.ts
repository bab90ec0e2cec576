/** How a proxy prepares paths before its filters see them. */
export interface PathSettings {
  /** Dot segments, backslashes and percent-encoding are brought into one form. */
  readonly canonicalize: boolean;
  readonly mergeSlashes: boolean;
  /** What is done with `%2F` and `%5C`. */
  readonly escapedSlashes:
    'KEEP_UNCHANGED' | 'REJECT_REQUEST' | 'UNESCAPE_AND_REDIRECT' | 'UNESCAPE_AND_FORWARD';
}

const isSlash = (character: string | undefined): boolean => character === '/' || character === '\\';

/** Characters that stay as they are, and that are decoded when they come percent-encoded. */
const unreserved = /[a-zA-Z0-9\-._~]/;

/** Characters that are percent-encoded when they stand in a path as themselves; measured with Envoy. */
const encoded = /["<>^`{|} #?]|[^\x20-\x7e]/;

const plain = /^(?:\/[a-zA-Z0-9\-_~][a-zA-Z0-9\-._~]*)*\/?$/;

function encode(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** Length of a dot at a position: 1, 3 when it is percent-encoded, 0 for anything else. */
function dotLength(path: string, at: number): number {
  if (path[at] === '.') return 1;
  return /^%2e$/i.test(path.slice(at, at + 3)) ? 3 : 0;
}

interface DotSegment {
  readonly kind: 'name' | 'current' | 'parent';
  /** Characters consumed from the first dot on, the slash behind it included. */
  readonly length: number;
}

/** What a dot after a slash begins: `.`, `..`, or a name. */
function dotSegment(path: string, at: number): DotSegment {
  const first = dotLength(path, at);
  const next = at + first;
  if (next === path.length) return { kind: 'current', length: first };
  if (isSlash(path[next])) return { kind: 'current', length: first + 1 };
  const second = dotLength(path, next);
  const end = next + second;
  if (second === 0 || (end < path.length && !isSlash(path[end]))) return { kind: 'name', length: first };
  return { kind: 'parent', length: first + second + (end < path.length ? 1 : 0) };
}

/** Drops the last segment; the first slash always stays. */
function parentOf(output: string): string {
  return output.length <= 1 ? output : output.slice(0, output.lastIndexOf('/', output.length - 2) + 1);
}

/** A percent sign and what it encodes; undefined when the proxy refuses the path because of it. */
function percent(path: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const digits = path.slice(at + 1, at + 3);
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) return { text: '%', length: 1 };
  const character = String.fromCharCode(Number.parseInt(digits, 16));
  if (character === '\0') return undefined;
  return { text: unreserved.test(character) ? character : `%${digits}`, length: 3 };
}

/**
 * RFC 3986 dot segments, backslash as slash, unreserved characters decoded, forbidden ones encoded
 * (CanonicalizePath of the URL library that Envoy's source/common/http/path_utility.cc calls).
 */
function canonicalize(path: string): string | undefined {
  let output = isSlash(path[0]) ? '' : '/';
  let at = 0;
  while (at < path.length) {
    const character = path[at] ?? '';
    const dots = dotLength(path, at);
    if (isSlash(character)) {
      output += '/';
      at += 1;
    } else if (dots > 0) {
      const segment = output.endsWith('/') ? dotSegment(path, at) : { kind: 'name', length: dots };
      if (segment.kind === 'name') output += '.';
      else if (segment.kind === 'parent') output = parentOf(output);
      at += segment.length;
    } else if (character === '%') {
      const found = percent(path, at);
      if (found === undefined) return undefined;
      output += found.text;
      at += found.length;
    } else {
      output += encoded.test(character) ? encode(character) : character;
      at += 1;
    }
  }
  return output;
}

/** Runs of slashes become one, except that a path of nothing but slashes ends as two (PathTransformer::mergeSlashes). */
function mergeSlashes(path: string): string {
  if (!path.includes('//')) return path;
  const segments = path.split('/').filter((segment) => segment !== '');
  return `${path.startsWith('/') ? '/' : ''}${segments.join('/')}${path.endsWith('/') ? '/' : ''}`;
}

function decodeSlashes(path: string): string {
  return path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
}

/** Path and query of a request target without its fragment; the query with its question mark. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const hash = target.indexOf('#');
  const whole = hash < 0 ? target : target.slice(0, hash);
  const question = whole.indexOf('?');
  return question < 0
    ? { path: whole, query: '' }
    : { path: whole.slice(0, question), query: whole.slice(question) };
}

/**
 * A path, without query, as policies see it: escaped slashes are decoded first, slashes merged last. Undefined when
 * the proxy answers itself, with 400 or a redirect.
 */
export function normalizePath(path: string, settings: PathSettings): string | undefined {
  if (plain.test(path)) return path;
  const { escapedSlashes } = settings;
  const answers = escapedSlashes === 'REJECT_REQUEST' || escapedSlashes === 'UNESCAPE_AND_REDIRECT';
  if (answers && /%(2f|5c)/i.test(path)) return undefined;
  const decoded = escapedSlashes === 'UNESCAPE_AND_FORWARD' ? decodeSlashes(path) : path;
  const canonical = settings.canonicalize ? canonicalize(decoded) : decoded;
  return canonical === undefined || !settings.mergeSlashes ? canonical : mergeSlashes(canonical);
}
