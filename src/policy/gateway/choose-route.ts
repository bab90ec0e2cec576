import { isArray, isObject, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { ClaimMatch, HeaderMatch, HttpRoute, PathMatch, VirtualHost } from './http-route.js';
import { matchesText } from './string-match.js';

/** A request as routes see it: its path is normalized already. */
export interface RoutedRequest {
  /** With a port, as the client wrote it. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly scheme: 'http' | 'https';
  /** Header lines by name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Claims of the verified token; undefined where no token has been looked at. */
  readonly claims: JsonObject | undefined;
}

/** The host without its port (ignore_port_in_host_matching). */
function bareHost(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

interface HostIndex {
  readonly byDomain: ReadonlyMap<string, VirtualHost>;
  /** Lengths of wildcard domains, the longest first. */
  readonly wildcards: readonly number[];
}

const indexes = new WeakMap<readonly VirtualHost[], HostIndex>();

function indexHosts(hosts: readonly VirtualHost[]): HostIndex {
  const wildcards = hosts.map(({ domain }) => domain).filter((name) => name.startsWith('*') && name !== '*');
  return {
    byDomain: new Map(hosts.map((host) => [host.domain, host])),
    wildcards: [...new Set(wildcards.map(({ length }) => length))].sort((a, b) => b - a),
  };
}

/** The virtual host of a Host header: exact, else the longest wildcard, else `*` (findVirtualHost in Envoy's source/common/router/config_impl.cc). */
export function chooseVirtualHost(hosts: readonly VirtualHost[], host: string): VirtualHost | undefined {
  const { byDomain, wildcards } = getOrMake(indexes, hosts, () => indexHosts(hosts));
  const bare = bareHost(host);
  const names = wildcards
    .filter((length) => length <= bare.length)
    .map((length) => `*${bare.slice(bare.length - length + 1)}`);
  const found = [bare, ...names, '*'].find((name) => byDomain.has(name));
  return found === undefined ? undefined : byDomain.get(found);
}

function matchesPath({ kind, value, ignoreCase }: PathMatch, path: string): boolean {
  if (kind === 'regex') return matchesText({ kind, value }, path);
  const [wanted, given] = ignoreCase ? [value.toLowerCase(), path.toLowerCase()] : [value, path];
  if (kind === 'exact') return given === wanted;
  if (!given.startsWith(wanted)) return false;
  return kind === 'prefix' || given.length === wanted.length || given[wanted.length] === '/';
}

function linesOf(request: RoutedRequest, name: string): readonly string[] {
  switch (name) {
    case ':method':
      return [request.method];
    case ':authority':
    case 'host':
      return [request.host];
    case ':scheme':
      return [request.scheme];
    case ':path':
      return [`${request.path}${request.query}`];
    default:
      return request.headers.get(name) ?? [];
  }
}

/** An inverted match takes a header that is not there for an empty one (TranslateRouteMatch). */
function matchesHeader({ name, match, inverted }: HeaderMatch, request: RoutedRequest): boolean {
  const lines = linesOf(request, name);
  if (match.kind === 'present') return lines.length > 0 !== inverted;
  const compared = inverted && lines.length === 0 ? [''] : lines;
  return compared.some((line) => matchesText(match, line)) !== inverted;
}

/** A text, or a list with a text in it that matches (MetadataMatcherForJWTClaims in pilot/pkg/security/authz/matcher). */
function matchesClaim({ path, match, inverted }: ClaimMatch, claims: JsonObject | undefined): boolean {
  const value: JsonValue | undefined = isObject(claims) ? valueAt(claims, path) : undefined;
  const values = isArray(value) ? value : [value];
  const found = values.some((one) => typeof one === 'string' && matchesText(match, one));
  return found !== inverted;
}

function queryParameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of query.replace(/^\?/, '').split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (pair !== '' && !found.has(name)) found.set(name, equals < 0 ? '' : pair.slice(equals + 1));
  }
  return found;
}

function matchesQuery({ query }: HttpRoute, request: RoutedRequest): boolean {
  if (query.length === 0) return true;
  const parameters = queryParameters(request.query);
  return query.every(({ name, match }) => {
    const value = parameters.get(name);
    return value !== undefined && matchesText(match, value);
  });
}

/** Whether a route takes a request (RouteEntryImplBase::matchRoute in Envoy's source/common/router/config_impl.cc). */
function takes(route: HttpRoute, request: RoutedRequest): boolean {
  return (
    matchesPath(route.path, request.path) &&
    route.headers.every((header) => matchesHeader(header, request)) &&
    matchesQuery(route, request) &&
    route.claims.every((claim) => matchesClaim(claim, request.claims))
  );
}

/**
 * The first route of a virtual host that takes a request. Routes that ask for claims are found only once a token has been
 * verified, so filters before that see the request without them.
 */
export function chooseRoute({ routes }: VirtualHost, request: RoutedRequest): HttpRoute | undefined {
  return routes.find((route) => takes(route, request));
}
