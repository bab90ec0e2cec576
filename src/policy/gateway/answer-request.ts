import type { FieldRef } from '#documents/document.js';
import type { Cluster } from './cluster.js';
import type { ConnectionOutcome } from './connection-decision.js';
import type { HttpRoute, RouteAction, VirtualHost } from './http-route.js';
import { matchesText } from './string-match.js';
import type { RoutedRequest } from './choose-route.js';
import type { Cors } from './route.js';

/** What a route makes of a request. */
export interface Answer {
  readonly outcome: ConnectionOutcome;
  readonly status: number | undefined;
  readonly clusters: readonly Cluster[];
  readonly by: FieldRef | undefined;
  readonly note: string;
  /** True when a share of the requests is answered otherwise. */
  readonly byChance: boolean;
}

type Kind = Pick<Answer, 'outcome' | 'note'> & Partial<Answer>;

function answer({ status, clusters = [], by, byChance = false, ...kind }: Kind): Answer {
  return { ...kind, status, clusters, by, byChance };
}

/** True for preflights that the CORS filter answers (CorsFilter::decodeHeaders in Envoy's source/extensions/filters/http/cors). */
function answersPreflight(cors: Cors, { method, headers }: RoutedRequest): boolean {
  const [origin = ''] = headers.get('origin') ?? [];
  const [asked = ''] = headers.get('access-control-request-method') ?? [];
  if (method !== 'OPTIONS' || origin === '' || asked === '') return false;
  return !cors.forwardsUnmatched || cors.origins.some((match) => matchesText(match, origin));
}

function forward(action: RouteAction & { readonly kind: 'forward' }, by: FieldRef): Answer {
  const { clusters, missingStatus } = action;
  const reached = clusters.filter(({ service }) => service !== undefined);
  if (reached.length === 0) {
    const [first] = clusters;
    const name = first === undefined || first.host === '' ? 'its destination' : `${first.host}:${first.port}`;
    const note = `the route matches, but the gateway knows no ${name}`;
    return answer({ outcome: 'response', status: missingStatus, by, note });
  }
  const byChance = reached.length < clusters.length;
  return answer({ outcome: 'routed', clusters: reached, by, note: 'the route matches', byChance });
}

function act(action: RouteAction, by: FieldRef): Answer {
  switch (action.kind) {
    case 'redirect':
      return answer({
        outcome: 'redirect',
        status: action.redirect.status,
        by,
        note: 'the route redirects',
      });
    case 'respond': {
      const { status, hasBody } = action.response;
      const outcome = status === 404 && !hasBody ? 'not-found' : 'response';
      return answer({ outcome, status, by, note: 'the route answers itself' });
    }
    case 'forward':
      return forward(action, by);
  }
}

/** What becomes of a request by the route that takes it: CORS, fault, then the route's action, as the filters are ordered. */
function answerByRoute(route: HttpRoute, request: RoutedRequest): Answer {
  const { at: by, abort, cors, action } = route;
  if (cors !== undefined && answersPreflight(cors, request))
    return answer({ outcome: 'response', status: 200, by, note: 'the CORS policy answers the preflight' });
  const aborts = abort?.percentage ?? 0;
  if (aborts >= 100)
    return answer({ outcome: 'response', status: abort?.status, by, note: 'the route aborts requests' });
  return { ...act(action, by), ...(aborts > 0 ? { byChance: true } : {}) };
}

/** What a virtual host and its route make of a request; undefined ones mean that none takes it. */
export function answerRequest(
  {
    virtualHost,
    route,
  }: { readonly virtualHost: VirtualHost | undefined; readonly route: HttpRoute | undefined },
  request: RoutedRequest,
): Answer {
  if (virtualHost === undefined)
    return answer({ outcome: 'not-found', status: 404, note: `no route for host ${request.host}` });
  if (virtualHost.requiresTls && request.scheme === 'http') {
    const note = `${virtualHost.domain} is sent to https`;
    return answer({ outcome: 'redirect', status: 301, by: virtualHost.servers[0], note });
  }
  if (route === undefined) {
    const note = `no route of ${virtualHost.domain} takes the request`;
    return answer({ outcome: 'not-found', status: 404, by: virtualHost.servers[0], note });
  }
  return answerByRoute(route, request);
}
