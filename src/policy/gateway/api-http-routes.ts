import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import { sortByAge } from '#mesh/creation-order.js';
import type { Mesh } from '#mesh/mesh.js';
import { backends } from './backend-ref.js';
import type { BoundRoutes } from './bound-routes.js';
import { exportSet } from './export-to.js';
import { keepsName, routeHostnames, routeParents } from './route-parents.js';
import { byPrecedence } from './route-precedence.js';
import type { HttpMatch, HttpRule, Redirect } from './route.js';
import type { StringMatch } from './string-match.js';

const group = 'gateway.networking.k8s.io';

function stringMatch(type: string | undefined, value: string): StringMatch {
  return { kind: type === 'RegularExpression' ? 'regex' : 'exact', value };
}

/** Without a trailing slash, but for the root (createURIMatch in pilot/pkg/config/kube/gateway/conversion.go). */
function pathMatch(match: JsonValue): StringMatch {
  const value = stringAt(match, 'path', 'value') ?? '/';
  switch (stringAt(match, 'path', 'type')) {
    case 'Exact':
      return { kind: 'exact', value };
    case 'RegularExpression':
      return { kind: 'regex', value };
    default:
      return { kind: 'prefix', value: value === '/' ? value : value.replace(/\/$/, '') };
  }
}

/** A gRPC method as a path (createGRPCURIMatch). */
function grpcMatch(match: JsonValue): StringMatch | undefined {
  const method = objectAt(match, 'method');
  if (method === undefined) return undefined;
  const regex = stringAt(method, 'type') === 'RegularExpression';
  const service = stringAt(method, 'service');
  const name = stringAt(method, 'method');
  if (service === undefined) return { kind: 'regex', value: `/[^/]+/${name ?? ''}` };
  if (name === undefined)
    return regex ? { kind: 'regex', value: `/${service}/.+` } : { kind: 'prefix', value: `/${service}/` };
  return { kind: regex ? 'regex' : 'exact', value: `/${service}/${name}` };
}

function namedMatches(match: JsonValue, list: string): ReadonlyMap<string, StringMatch> {
  return new Map(
    listAt(match, list).map((entry) => [
      stringAt(entry, 'name') ?? '',
      stringMatch(stringAt(entry, 'type'), stringAt(entry, 'value') ?? ''),
    ]),
  );
}

function httpMatch(route: Resource, match: JsonValue, at: FieldRef): HttpMatch {
  const method = route.kind === 'HTTPRoute' ? stringAt(match, 'method') : undefined;
  return {
    at,
    uri: route.kind === 'GRPCRoute' ? grpcMatch(match) : pathMatch(match),
    ignoreUriCase: false,
    scheme: undefined,
    method: method === undefined ? undefined : { kind: 'exact', value: method },
    authority: undefined,
    headers: namedMatches(match, 'headers'),
    withoutHeaders: new Map(),
    queryParams: namedMatches(match, 'queryParams'),
    port: 0,
    gateways: [],
    sourceLabels: new Map(),
    sourceNamespace: '',
  };
}

function redirectOf(rule: JsonValue | undefined): Redirect | undefined {
  const filter = listAt(rule, 'filters').findLast((each) => stringAt(each, 'type') === 'RequestRedirect');
  const redirect = objectAt(filter, 'requestRedirect');
  if (redirect === undefined) return undefined;
  const code = valueAt(redirect, ['statusCode']);
  return {
    status: typeof code === 'number' ? code : 301,
    scheme: stringAt(redirect, 'scheme'),
    authority: stringAt(redirect, 'hostname'),
  };
}

const filters: Readonly<Record<string, readonly string[]>> = {
  HTTPRoute: [
    'RequestHeaderModifier',
    'ResponseHeaderModifier',
    'RequestRedirect',
    'RequestMirror',
    'URLRewrite',
    'CORS',
  ],
  GRPCRoute: ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror'],
};

function hasUnknownFilter(route: Resource, rule: JsonValue | undefined): boolean {
  return listAt(rule, 'filters').some((filter) => {
    const type = stringAt(filter, 'type') ?? '';
    return filters[route.kind]?.includes(type) !== true;
  });
}

function hasFilter(rule: JsonValue | undefined, type: string): boolean {
  return listAt(rule, 'filters').some((filter) => stringAt(filter, 'type') === type);
}

/** One rule, once a match; undefined spoils the whole route (convertHTTPRoute, convertGRPCRoute). */
function convertRule(mesh: Mesh, route: Resource, at: FieldRef): readonly HttpRule[] | undefined {
  const rule = valueAt(route.object, at.path);
  if (hasUnknownFilter(route, rule)) return undefined;
  const redirect = redirectOf(rule);
  const found = backends(mesh, route, at);
  if (found === 'invalid') return undefined;
  const name = stringAt(rule, 'name') ?? '';
  const common = {
    at,
    name,
    redirect,
    // Without a backend that has a weight the answer is 500.
    directResponse: found === 'none' && redirect === undefined ? { status: 500, hasBody: false } : undefined,
    abort: undefined,
    // A CORS filter answers every preflight itself (createCorsFilter).
    cors: hasFilter(rule, 'CORS') ? { origins: [], forwardsUnmatched: false } : undefined,
    rewrites: hasFilter(rule, 'URLRewrite'),
    destinations: found === 'none' ? [] : found,
  };
  const written = listAt(rule, 'matches');
  // The API server fills in a match for every path of an HTTPRoute.
  const matches = written.length === 0 && route.kind === 'HTTPRoute' ? [{}] : written;
  if (matches.length === 0) return [{ ...common, matches: [] }];
  return matches.map((match, index) => {
    const place = written.length === 0 ? at : { resource: route, path: [...at.path, 'matches', index] };
    return { ...common, matches: [httpMatch(route, match, place)] };
  });
}

function convertRules(mesh: Mesh, route: Resource): readonly HttpRule[] {
  const rules = listAt(route.object, 'spec', 'rules');
  const refs = rules.map((_, index) => ({ resource: route, path: ['spec', 'rules', index] }));
  const converted = refs.map((at) => convertRule(mesh, route, at));
  const good = converted.filter((each) => each !== undefined);
  return good.length === converted.length ? good.flat() : [];
}

/** Rules of one route under one listener and host name. */
interface Attached {
  readonly route: Resource;
  readonly gateway: string;
  readonly host: string;
  readonly order: number;
  readonly rules: readonly HttpRule[];
}

function attachedRules(mesh: Mesh, route: Resource): readonly Attached[] {
  const rules = convertRules(mesh, route);
  if (rules.length === 0) return [];
  const pairs = routeParents(mesh, route).flatMap((parent) =>
    routeHostnames(route)
      .filter((host) => keepsName(parent, host))
      .map((host) => ({ gateway: parent.listener.config.id, host })),
  );
  return pairs.map((pair, order) => ({ ...pair, route, order, rules }));
}

function merge(mesh: Mesh, key: string, attached: readonly Attached[]): BoundRoutes | undefined {
  const sorted = sortByAge(
    attached,
    ({ route }) => route,
    ({ route, order }) => [mesh.namespaceOf(route), `${route.name}~${order}~istio-autogenerated-k8s-gateway`],
  );
  const [oldest] = sorted;
  if (oldest === undefined) return undefined;
  const namespace = mesh.namespaceOf(oldest.route);
  return {
    name: key.replaceAll('/', '~'),
    namespace,
    resource: oldest.route,
    hosts: [oldest.host],
    gateways: [oldest.gateway],
    exportTo: exportSet(mesh, [], { namespace, setting: 'defaultVirtualServiceExportTo' }),
    semantics: 'gateway-api',
    fromTlsRoute: false,
    http: byPrecedence(sorted.flatMap(({ rules }) => rules)),
    tcp: [],
    tls: [],
  };
}

/**
 * HTTPRoutes and GRPCRoutes: the rules of all routes of one listener and host name together, the more exact ones first,
 * then the older ones (pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes).
 */
export function apiHttpRoutes(mesh: Mesh): readonly BoundRoutes[] {
  const routes = [...mesh.ofKind(group, 'HTTPRoute'), ...mesh.ofKind(group, 'GRPCRoute')];
  const byKey = new Map<string, Attached[]>();
  for (const attached of routes.flatMap((route) => attachedRules(mesh, route)))
    getOrMake(byKey, `${attached.gateway}/${attached.host}`, () => []).push(attached);
  const merged = [...byKey].map(([key, attached]) => merge(mesh, key, attached));
  return merged.filter((each) => each !== undefined);
}
