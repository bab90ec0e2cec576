import type { Cluster } from '#policy/gateway/cluster.js';
import type { RoutedRequest } from '#policy/gateway/choose-route.js';
import type { HttpRoute } from '#policy/gateway/http-route.js';
import type { HttpRequest, Token } from '#policy/request/access-request.js';
import type { HeaderLines } from '#policy/request/request-headers.js';
import { tokenText } from '#policy/request/request-headers.js';
import { upstreamOf } from './upstream.js';
import { upstreamHeaders } from './upstream-headers.js';

/** A request as a gateway sends it on, with the tokens that it has left in it. */
export interface UpstreamRequest {
  readonly http: HttpRequest;
  readonly tokens: readonly Token[];
  /** Headers whose value depends on more than the input says. */
  readonly unsure: readonly string[];
}

/** Another spelling of a header's name for each further line of it: names that differ in case are one header. */
function spelling(name: string, number: number): string {
  let left = number;
  return name.replaceAll(/[a-z]/g, (letter) => {
    const raised = left % 2 === 1 ? letter.toUpperCase() : letter;
    left = Math.floor(left / 2);
    return raised;
  });
}

function headersOf(lines: HeaderLines): Readonly<Record<string, string>> {
  const headers: [string, string][] = [...lines].flatMap(([name, values]) =>
    values.map((value, index): [string, string] => [spelling(name, index), value]),
  );
  return Object.fromEntries(headers);
}

/** The text of a token in a place, with what belongs to it; tokens are told apart from the rest of the request. */
function without(text: string, part: string, separator: string): string {
  return text
    .split(separator)
    .filter((piece) => piece.trim() !== part)
    .join(separator);
}

/** Takes a token out of where it is sent; undefined when it is no longer there. */
function take(lines: HeaderLines, query: string, [index, { place }]: [number, Token]): string | undefined {
  const text = tokenText(index);
  if ('param' in place) {
    if (!query.includes(text)) return undefined;
    const rest = without(query.slice(1), `${place.param}=${text}`, '&');
    return rest === '' ? '' : `?${rest}`;
  }
  const [name, part, separator] =
    'cookie' in place
      ? ['cookie', `${place.cookie}=${text}`, ';']
      : [place.header.toLowerCase(), `${place.prefix}${text}`.trim(), ','];
  const held = lines.get(name);
  if (held?.some((line) => line.includes(text)) !== true) return undefined;
  const rest = held.map((line) => without(line, part, separator)).filter((line) => line.trim() !== '');
  if (rest.length === 0) lines.delete(name);
  else lines.set(name, rest);
  return query;
}

/** The request that a route sends to one of its destinations: rewritten, its headers changed, without the tokens that the gateway keeps. */
export function upstreamRequest(
  routed: RoutedRequest,
  tokens: readonly Token[],
  { route, cluster }: { readonly route: HttpRoute; readonly cluster: Cluster },
): UpstreamRequest {
  const { path, host } = upstreamOf(route, routed);
  const { lines, host: setHost, unsure } = upstreamHeaders(route, cluster, routed.headers);
  let { query } = routed;
  const left: Token[] = [];
  for (const entry of tokens.entries()) {
    const rest = take(lines, query, entry);
    if (rest === undefined) continue;
    query = rest;
    left.push(entry[1]);
  }
  const headers = headersOf(lines);
  return {
    http: { method: routed.method, path: `${path}${query}`, host: setHost ?? host, headers },
    tokens: left,
    unsure,
  };
}
