import { compareText } from '#mesh/creation-order.js';
import type { HttpRequest, Token } from './access-request.js';

/**
 * A token's text in a header, parameter or cookie: a private-use character and its number among the request's tokens.
 * What is really sent is signed text that nobody compares with anything.
 */
export function tokenText(index: number): string {
  return `\uE000${index}\uE001`;
}

/** The number of the token that a text is; undefined for any other text. */
export function tokenIndex(text: string): number | undefined {
  const found = /^\uE000(\d+)\uE001$/.exec(text);
  return found === null ? undefined : Number(found[1]);
}

/** Header lines by name in lower case, as Envoy keeps them. */
export type HeaderLines = Map<string, string[]>;

/** Headers that Envoy keeps in one line however often they are sent (envoy/http/header_map.h); cookies have their own separator. */
const joined: ReadonlyMap<string, string> = new Map(
  [
    'accept',
    'accept-encoding',
    'access-control-request-headers',
    'access-control-request-method',
    'authorization',
  ]
    .concat([
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'expect',
      'grpc-timeout',
      'origin',
    ])
    .concat([
      'te',
      'transfer-encoding',
      'upgrade',
      'user-agent',
      'via',
      'x-forwarded-for',
      'x-forwarded-proto',
    ])
    .concat(['x-forwarded-host', 'x-forwarded-client-cert', 'x-forwarded-port', 'x-request-id'])
    .concat(['x-client-trace-id', 'x-envoy-downstream-service-cluster', 'x-envoy-downstream-service-node'])
    .concat(['x-envoy-internal', 'x-envoy-external-address', 'x-envoy-decorator-operation'])
    .map((name): [string, string] => [name, ','])
    .concat([['cookie', '; ']]),
);

function addLine(lines: HeaderLines, name: string, value: string): void {
  const key = name.toLowerCase();
  const present = lines.get(key);
  const separator = joined.get(key);
  if (present === undefined) lines.set(key, [value]);
  else if (separator === undefined) present.push(value);
  else present.splice(0, present.length, [...present, value].join(separator));
}

function addToken(lines: HeaderLines, token: Token, text: string): void {
  const { place } = token;
  if ('header' in place) addLine(lines, place.header, place.prefix + text);
  else if ('cookie' in place) addLine(lines, 'cookie', `${place.cookie}=${text}`);
}

/** The header lines of a request in the order in which they are sent, tokens included; white space around values is cut. */
export function headerLinesOf(http: HttpRequest, tokens: readonly Token[]): HeaderLines {
  const lines: HeaderLines = new Map();
  const names = Object.keys(http.headers);
  if (names.length > 1) names.sort(compareText);
  for (const name of names) addLine(lines, name, (http.headers[name] ?? '').replace(/^[ \t]+|[ \t]+$/g, ''));
  for (const [index, token] of tokens.entries()) addToken(lines, token, tokenText(index));
  return lines;
}

/** The query of a request target with the tokens that are sent in parameters. */
export function queryWithTokens(query: string, tokens: readonly Token[]): string {
  let whole = query;
  for (const [index, { place }] of tokens.entries()) {
    if ('param' in place) whole += `${whole === '' ? '?' : '&'}${place.param}=${tokenText(index)}`;
  }
  return whole;
}
