import type { TokenLocations } from '#policy/jwt-rule.js';
import type { HeaderLines } from './request-headers.js';

/** A place where a token was found. */
export interface FoundToken {
  readonly text: string;
  readonly header: string | undefined;
  readonly param: string | undefined;
}

/** The parts of a request that may hold tokens; good tokens are taken out of headers and parameters. */
export interface TokenPlaces {
  readonly lines: HeaderLines;
  readonly params: Map<string, string>;
  readonly cookies: ReadonlyMap<string, string>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** First value of each query parameter. */
function paramsOf(query: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const pair of query === '' ? [] : query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!params.has(name)) params.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return params;
}

function cookiesOf(lines: HeaderLines): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  const sent = lines.get('cookie');
  for (const cookie of sent === undefined ? [] : sent.join(';').split(';')) {
    const equals = cookie.indexOf('=');
    if (equals < 0) continue;
    const name = cookie.slice(0, equals).replace(/^ +/, '');
    if (!cookies.has(name)) cookies.set(name, cookie.slice(equals + 1).replace(/^"(.*)"$/, '$1'));
  }
  return cookies;
}

/** Reads the query (with its question mark) and the cookies of a request. */
export function placesOf({
  lines,
  query,
}: {
  readonly lines: HeaderLines;
  readonly query: string;
}): TokenPlaces {
  return { lines, params: paramsOf(query), cookies: cookiesOf(lines) };
}

/** The token behind a prefix: from the first character that a token may hold; the whole value when there is none. */
function behindPrefix(value: string, prefix: string): string | undefined {
  const at = value.indexOf(prefix);
  if (at < 0) return undefined;
  const start = value.slice(at + prefix.length).search(/[A-Za-z0-9\-_.\uE000]/);
  return start < 0 ? value : value.slice(at + prefix.length + start);
}

/** Tokens at a rule's locations: headers, then parameters, then cookies (Envoy's jwt_authn/extractor.cc, extract). */
export function findTokens(
  locations: TokenLocations,
  { lines, params, cookies }: TokenPlaces,
): readonly FoundToken[] {
  const found: FoundToken[] = [];
  for (const { name, prefix } of locations.headers) {
    for (const line of lines.get(name) ?? []) {
      const text = prefix === '' ? line : behindPrefix(line, prefix);
      if (text !== undefined) found.push({ text, header: name, param: undefined });
    }
  }
  for (const param of params.size === 0 ? [] : locations.params) {
    const text = params.get(param);
    if (text !== undefined) found.push({ text, header: undefined, param });
  }
  for (const cookie of cookies.size === 0 ? [] : locations.cookies) {
    const text = cookies.get(cookie);
    if (text !== undefined) found.push({ text, header: undefined, param: undefined });
  }
  return found;
}
