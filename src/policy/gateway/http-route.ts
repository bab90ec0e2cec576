import type { FieldRef } from '#documents/document.js';
import type { Cluster } from './cluster.js';
import type { Cors, DirectResponse, FaultAbort, Redirect } from './route.js';
import type { StringMatch } from './string-match.js';

/** How a route compares the path, without query. */
export interface PathMatch {
  /** `segments`: a prefix that ends where a path segment does. */
  readonly kind: 'exact' | 'prefix' | 'segments' | 'regex';
  readonly value: string;
  readonly ignoreCase: boolean;
}

export interface HeaderMatch {
  /** In lower case; `:method`, `:authority`, `:scheme` for what is no header. */
  readonly name: string;
  readonly match: StringMatch;
  readonly inverted: boolean;
}

export interface ClaimMatch {
  readonly path: readonly string[];
  readonly match: StringMatch;
  readonly inverted: boolean;
}

export type RouteAction =
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'respond'; readonly response: DirectResponse }
  | {
      readonly kind: 'forward';
      readonly clusters: readonly Cluster[];
      /** Status when the cluster does not exist. */
      readonly missingStatus: number;
    };

/** One route of a virtual host, as the proxy holds it. */
export interface HttpRoute {
  /** The match, or the rule where it has none. */
  readonly at: FieldRef;
  readonly rule: FieldRef;
  readonly path: PathMatch;
  readonly headers: readonly HeaderMatch[];
  readonly query: readonly { readonly name: string; readonly match: StringMatch }[];
  readonly claims: readonly ClaimMatch[];
  readonly action: RouteAction;
  readonly abort: FaultAbort | undefined;
  readonly cors: Cors | undefined;
}

/** A host name of a route configuration with its routes, in order. */
export interface VirtualHost {
  /** In lower case; may be a wildcard. */
  readonly domain: string;
  readonly routes: readonly HttpRoute[];
  /** True when plaintext requests are sent to https before any route is looked at. */
  readonly requiresTls: boolean;
  /** The servers that publish it. */
  readonly servers: readonly FieldRef[];
}

/** True when nothing but the host is asked for (IsCatchAllRoute in pilot/pkg/networking/core/route/route.go). */
export function isCatchAll({ path, headers, query, claims }: HttpRoute): boolean {
  const anyPath =
    ((path.kind === 'prefix' || path.kind === 'segments') && path.value === '/') ||
    (path.kind === 'regex' && path.value === '.*');
  return anyPath && headers.length === 0 && query.length === 0 && claims.length === 0;
}
