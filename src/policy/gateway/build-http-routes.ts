import type { Workload } from '#mesh/mesh.js';
import type { BoundRoutes } from './bound-routes.js';
import type { Cluster, ClusterOf } from './cluster.js';
import { isCatchAll } from './http-route.js';
import type { ClaimMatch, HeaderMatch, HttpRoute, PathMatch, RouteAction } from './http-route.js';
import { routingClaim } from './routing-claim.js';
import type { HttpMatch, HttpRule } from './route.js';
import { orPresent } from './string-match.js';
import type { StringMatch } from './string-match.js';

/** Where routes are built: a gateway at a pod, and the port that its server writes. */
export interface RouteContext {
  readonly workload: Workload;
  readonly gateway: string;
  readonly port: number;
  readonly clusterOf: ClusterOf;
}

/** Whether a match is for this gateway and pod (sourceMatchHTTP and TranslateRoute in pilot/pkg/networking/core/route/route.go). */
function isMeant(match: HttpMatch, { workload, gateway, port }: RouteContext): boolean {
  if (match.port !== 0 && match.port !== port) return false;
  if (match.gateways.length > 0) return match.gateways.includes(gateway);
  const { labels, namespace } = workload;
  const labelled = [...match.sourceLabels].every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  return labelled && (match.sourceNamespace === '' || match.sourceNamespace === namespace);
}

const everyPath: PathMatch = { kind: 'prefix', value: '/', ignoreCase: false };

function pathOf(match: HttpMatch | undefined, semantics: BoundRoutes['semantics']): PathMatch {
  const uri = match?.uri;
  if (match === undefined || uri === undefined || uri.kind === 'present') return everyPath;
  const ignoreCase = match.ignoreUriCase;
  if (uri.kind === 'prefix' && semantics === 'gateway-api' && uri.value !== '/')
    return { kind: 'segments', value: uri.value.replace(/\/$/, ''), ignoreCase };
  return { kind: uri.kind, value: uri.value, ignoreCase };
}

function headersOf(match: HttpMatch): readonly HeaderMatch[] {
  const named = (map: ReadonlyMap<string, StringMatch>, inverted: boolean): readonly HeaderMatch[] =>
    [...map]
      .filter(([name]) => routingClaim(name) === undefined)
      .map(([name, text]) => ({ name: name.toLowerCase(), match: orPresent(text), inverted }));
  const pseudo = [
    [':method', match.method],
    [':authority', match.authority],
    [':scheme', match.scheme],
  ] as const;
  return [
    ...named(match.headers, false),
    ...named(match.withoutHeaders, true),
    ...pseudo.flatMap(([name, text]) =>
      text === undefined ? [] : [{ name, match: orPresent(text), inverted: false }],
    ),
  ];
}

function claimsOf(match: HttpMatch): readonly ClaimMatch[] {
  const named = (map: ReadonlyMap<string, StringMatch>, inverted: boolean): readonly ClaimMatch[] =>
    [...map].flatMap(([name, text]) => {
      const path = routingClaim(name);
      return path === undefined ? [] : [{ path, match: text, inverted }];
    });
  return [...named(match.headers, false), ...named(match.withoutHeaders, true)];
}

/** Of several destinations those without weight count for nothing (applyHTTPRouteDestination). */
function weighted(clusters: readonly Cluster[]): readonly Cluster[] {
  return clusters.length === 1 ? clusters : clusters.filter(({ weight }) => weight > 0);
}

function actionOf(rule: HttpRule, routes: BoundRoutes, { clusterOf, port }: RouteContext): RouteAction {
  if (rule.redirect !== undefined) return { kind: 'redirect', redirect: rule.redirect };
  if (rule.directResponse !== undefined) return { kind: 'respond', response: rule.directResponse };
  const clusters = rule.destinations.map((destination) =>
    clusterOf(destination, { namespace: routes.namespace, port }),
  );
  const missingStatus = routes.semantics === 'gateway-api' ? 500 : 503;
  return { kind: 'forward', clusters: weighted(clusters), missingStatus };
}

function routeOf(
  rule: HttpRule,
  match: HttpMatch | undefined,
  given: { readonly routes: BoundRoutes; readonly action: RouteAction },
): HttpRoute {
  const query = [...(match?.queryParams ?? [])].map(([name, text]) => ({ name, match: orPresent(text) }));
  return {
    at: match?.at ?? rule.at,
    rule: rule.at,
    path: pathOf(match, given.routes.semantics),
    headers: match === undefined ? [] : headersOf(match),
    query,
    claims: match === undefined ? [] : claimsOf(match),
    action: given.action,
    abort: rule.abort,
    cors: rule.cors,
  };
}

/**
 * The routes of an object at one gateway, in order, up to the first that catches all
 * (BuildHTTPRoutesForVirtualService in pilot/pkg/networking/core/route/route.go).
 */
export function buildHttpRoutes(routes: BoundRoutes, context: RouteContext): readonly HttpRoute[] {
  const built: HttpRoute[] = [];
  for (const rule of routes.http) {
    const given = { routes, action: actionOf(rule, routes, context) };
    if (rule.matches.length === 0) return [...built, routeOf(rule, undefined, given)];
    for (const match of rule.matches.filter((each) => isMeant(each, context))) {
      const route = routeOf(rule, match, given);
      built.push(route);
      if (isCatchAll(route)) return built;
    }
  }
  return built;
}
