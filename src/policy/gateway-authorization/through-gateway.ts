import { answerAt, routeRequest, stream } from '#policy/gateway/connect.js';
import type { ConnectionDecision } from '#policy/gateway/connection-decision.js';
import type { RoutedRequest } from '#policy/gateway/choose-route.js';
import { trustedProxiesOf } from '#policy/gateway/gateway-topology.js';
import { prepareRequest } from '#policy/gateway/prepare-request.js';
import { pathSettingsOf } from '#policy/request/path-settings.js';
import { runCustom } from '#policy/request/custom-stage.js';
import type { HttpRequest } from '#policy/request/access-request.js';
import type { RequestDecision } from '#policy/request/request-decision.js';
import type { PreparedHttp } from '#policy/request/request-facts.js';
import type { HeaderLines } from '#policy/request/request-headers.js';
import { askPolicies, verify } from '#policy/request/through-filters.js';
import type { Address } from '#policy/rule/address.js';
import { factsOf } from './passage.js';
import type { GatewayPassage } from './passage.js';
import { addressText, remoteAddress, shownCertificate, sourceAddress } from './peer.js';
import { setProxyHeaders } from './proxy-headers.js';

/** What the filters say, and where the request goes if they let it pass. */
export interface Passed {
  readonly decision: RequestDecision;
  readonly onward: ConnectionDecision;
  /** The request as its route has it. */
  readonly request: RoutedRequest | undefined;
}

/**
 * Filters of a chain that does not read HTTP: CUSTOM, DENY, ALLOW, as far as their rules can be said of bytes
 * (buildGatewayNetworkFilters in pilot/pkg/networking/core/gateway.go, BuildTCP in pilot/pkg/security/authz/builder/builder.go).
 */
export function throughStream(passage: GatewayPassage): Passed {
  const { pod, entered, probe, request, options, trace, receiver } = passage;
  const program = receiver.tcp;
  trace.missing.push(...receiver.missing);
  const facts = factsOf(passage, undefined, remoteAddress(pod, sourceAddress(pod, probe), undefined));
  // What is not opened has no certificate that the authorizer could be told of.
  const question = { request, facts, shown: facts.identity, http: undefined, options };
  const decision = runCustom(trace, program, question) ?? askPolicies(passage, program, facts);
  return { decision, onward: stream(entered, probe.tls !== undefined), request: undefined };
}

/** Header lines as the filters see them, and the client's address. */
function received(
  { pod, entered, probe }: GatewayPassage,
  sent: RoutedRequest['headers'],
): { readonly lines: HeaderLines; readonly remoteIp: Address | undefined } {
  const lines: HeaderLines = new Map([...sent].map(([name, values]) => [name, [...values]]));
  const source = sourceAddress(pod, probe);
  const remoteIp = remoteAddress(pod, source, lines);
  const believed = addressText(remoteIp, source);
  const certificate = shownCertificate(entered.chain, probe);
  setProxyHeaders(pod, lines, { source, believed, certificate });
  return { lines, remoteIp };
}

/** Tokens that are not to be forwarded leave the query (removeJwt in Envoy's jwt_authn/extractor.cc). */
function withoutParams(query: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return query;
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => !names.has(pair.split('=', 1)[0] ?? ''));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** CUSTOM, tokens, DENY, ALLOW; the route is chosen before them, and once more when a token was good. */
function filter(passage: GatewayPassage, routed: RoutedRequest, remoteIp: Address | undefined): Passed {
  const { entered, request, options, trace, receiver } = passage;
  const { method, host, path, query } = routed;
  const lines: HeaderLines = new Map([...routed.headers].map(([name, values]) => [name, [...values]]));
  const takenParams = new Set<string>();
  const http: PreparedHttp = { method, host, path, query, lines, identity: undefined, takenParams };
  const first = routeRequest(entered.chain, routed);
  const redirected = first.virtualHost?.requiresTls === true && routed.scheme === 'http';
  const unrouted = first.route === undefined && !redirected;
  const onward = answerAt(entered, first, routed);
  const facts = factsOf(passage, http, remoteIp);
  const question = { request, facts, shown: facts.identity, http, options, unrouted };
  const stopped = runCustom(trace, receiver.http, question);
  if (stopped !== undefined) return { decision: stopped, onward, request: routed };
  const verified = verify(passage, http, facts);
  if ('ended' in verified) return { decision: verified.ended, onward, request: routed };
  const decision = askPolicies(passage, receiver.http, verified.open);
  const claims = verified.open.http?.claims;
  const sent = { ...routed, headers: lines, query: withoutParams(query, takenParams), claims };
  if (claims === undefined) return { decision, onward, request: sent };
  // A good token clears the route that was chosen without its claims (clear_route_cache of the provider).
  return { decision, onward: answerAt(entered, routeRequest(entered.chain, sent), sent), request: sent };
}

/**
 * Filters of a chain that reads HTTP, in their order (createGatewayHTTPFilterChainOpts in
 * pilot/pkg/networking/core/gateway.go, buildHTTPConnectionManager in listener_builder.go). Undefined for a request that
 * the proxy answers before any of them.
 */
export function throughHttp(passage: GatewayPassage, http: HttpRequest): Passed | undefined {
  const { pod, entered, probe, trace, receiver } = passage;
  const prepared = prepareRequest(http, {
    paths: pathSettingsOf(pod.mesh, pod.workload, 'gateway'),
    scheme: entered.chain.tls === undefined ? 'http' : 'https',
    tokens: probe.tokens,
    trustedProxies: trustedProxiesOf(pod.mesh, pod.workload),
  });
  if ('turned' in prepared) return undefined;
  trace.missing.push(...receiver.missing);
  const { lines, remoteIp } = received(passage, prepared.headers);
  return filter(passage, { ...prepared, headers: lines }, remoteIp);
}
