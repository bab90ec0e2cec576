import type { Token, HttpRequest } from '#policy/request/access-request.js';
import { normalizePath, splitTarget } from '#policy/request/normalize-path.js';
import type { PathSettings } from '#policy/request/normalize-path.js';
import { headerLinesOf, queryWithTokens } from '#policy/request/request-headers.js';
import { destinationOf } from '#policy/request/request-target.js';
import type { RoutedRequest } from './choose-route.js';

/** What a request is read with. */
export interface RequestSetting {
  readonly paths: PathSettings;
  readonly scheme: RoutedRequest['scheme'];
  readonly tokens: readonly Token[];
  /** Proxies before the gateway whose headers it believes. */
  readonly trustedProxies: number;
}

/** The scheme of the connection, unless a trusted proxy in front says another (Envoy's conn_manager_utility.cc). */
function schemeOf(
  forwarded: string | undefined,
  { scheme, trustedProxies }: RequestSetting,
): RoutedRequest['scheme'] {
  if (trustedProxies === 0) return scheme;
  return forwarded === 'http' || forwarded === 'https' ? forwarded : scheme;
}

/** Characters of header names (RFC 9110; Envoy's balsa_parser.cc). */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A request that the proxy answers before any filter sees it. */
export interface Turned {
  readonly turned: true;
  /** Bad path or header: 400; escaped slashes that clients are to write out: 307. */
  readonly status: 400 | 307;
}

function hasEscapedSlash(path: string): boolean {
  return /%(?:2f|5c)/i.test(path);
}

/** A request as the gateway's routes see it, or the status that the proxy turns it away with. */
export function prepareRequest(http: HttpRequest, setting: RequestSetting): RoutedRequest | Turned {
  if (!Object.keys(http.headers).every((name) => headerName.test(name))) return { turned: true, status: 400 };
  const { host, path: target } = destinationOf(http.path, http.host);
  const { path: written, query } = splitTarget(target);
  const path = normalizePath(written, setting.paths);
  if (path === undefined) {
    const redirects = setting.paths.escapedSlashes === 'UNESCAPE_AND_REDIRECT' && hasEscapedSlash(written);
    return { turned: true, status: redirects ? 307 : 400 };
  }
  const headers = headerLinesOf(http, setting.tokens);
  const scheme = schemeOf(headers.get('x-forwarded-proto')?.[0], setting);
  headers.set('x-forwarded-proto', [scheme]);
  return {
    host,
    method: http.method,
    path,
    query: queryWithTokens(query, setting.tokens),
    scheme,
    headers,
    claims: undefined,
  };
}
