import type { JsonObject } from '#documents/json.js';
import { noAddress, parseAddress } from '#policy/rule/address.js';
import type { Address } from '#policy/rule/address.js';
import type { Facts, HttpFacts } from '#policy/rule/facts.js';
import type { AccessRequest, HttpRequest } from './access-request.js';
import type { Admission } from './admission.js';
import { normalizePath, splitTarget } from './normalize-path.js';
import type { PathSettings } from './normalize-path.js';
import { forwardedAddress } from './forwarded-address.js';
import { removeInternalHeaders } from './internal-headers.js';
import { headerLinesOf, queryWithTokens } from './request-headers.js';
import type { HeaderLines } from './request-headers.js';
import { destinationOf } from './request-target.js';

/** An HTTP request as the filters meet it, before the first of them runs. */
export interface PreparedHttp {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** With its question mark; empty without one. */
  readonly query: string;
  readonly lines: HeaderLines;
  readonly identity: string | undefined;
  /** Query parameters that the token filter has taken out are put here, where somebody asks for them. */
  readonly takenParams?: Set<string>;
}

/** A connection that a filter chain took. */
export type Admitted = Extract<Admission, { readonly chain: 'http' | 'tcp' }>;

/** Prepares an HTTP request; undefined when the proxy answers it itself because of its path. */
export function prepareHttp(
  { tokens }: AccessRequest,
  http: HttpRequest,
  {
    admitted,
    paths,
    isTunnelled = false,
  }: { readonly admitted: Admitted; readonly paths: PathSettings; readonly isTunnelled?: boolean },
): PreparedHttp | undefined {
  const { host, path: target } = destinationOf(http.path, http.host);
  const { path: written, query } = splitTarget(target);
  const path = normalizePath(written, paths);
  if (path === undefined) return undefined;
  const lines = headerLinesOf(http, tokens);
  removeInternalHeaders(lines, 'inside');
  const identity = isTunnelled ? undefined : admitted.identity;
  if (identity === undefined) lines.delete('x-forwarded-client-cert');
  return {
    method: http.method,
    host,
    path,
    query: queryWithTokens(query, tokens),
    lines,
    identity,
  };
}

/**
 * The client's address as the proxy believes it: the last one in X-Forwarded-For, from whoever sends it, because
 * sidecars trust no number of proxies and do not use the peer's address; the peer where that can not be read
 * (buildSidecarInboundHTTPOpts in pilot/pkg/networking/core/listener_inbound.go; getLastAddressFromXFF in Envoy).
 */
function remoteAddress(lines: HeaderLines | undefined, peer: Address | undefined): Address | undefined {
  return forwardedAddress(lines, 0) ?? peer;
}

/** Headers that the proxy itself makes before its filters run, or changes (conn_manager_utility.cc in Envoy). */
function proxyHeader(http: PreparedHttp, name: string): readonly string[] | undefined {
  const sent = http.lines.get(name);
  switch (name) {
    case ':method':
      return [http.method];
    case ':authority':
    case 'host':
      return [http.host];
    case ':path':
      return [http.path + http.query];
    case 'x-forwarded-client-cert':
      return http.identity === undefined
        ? sent
        : [[...(sent ?? []), `Subject="";URI=${http.identity}`].join(',')];
    case 'x-forwarded-proto':
      return sent ?? [http.identity === undefined ? 'http' : 'https'];
    case 'x-request-id':
      return sent ?? ['generated'];
    default:
      return sent;
  }
}

/** The HTTP side of the facts; header lines are read when asked, so later changes to them are seen. */
function httpFacts(http: PreparedHttp, claims: HttpFacts['claims']): HttpFacts {
  return {
    method: http.method,
    host: http.host,
    path: http.path,
    claims,
    headerLines: (name) => proxyHeader(http, name),
  };
}

/** What the receiving side knows besides the request. */
export interface ReceiverFacts {
  readonly destinationIp: Address | undefined;
  readonly hasMetadata: false | undefined;
  /**
   * True where the proxy ends a tunnel first and filters what comes out of it: the connection has no certificate of
   * its own there, and its direct peer is no address.
   */
  readonly isTunnelled: boolean;
}

/** The facts of a request before its token is verified. */
export function requestFacts(
  request: AccessRequest,
  {
    admitted,
    http,
    receiver,
  }: {
    readonly admitted: Admitted;
    readonly http: PreparedHttp | undefined;
    readonly receiver: ReceiverFacts;
  },
): Facts {
  const client = request.ip === undefined ? undefined : parseAddress(request.ip);
  return {
    identity: admitted.identity,
    sni: admitted.sni,
    port: request.to.port,
    directIp: receiver.isTunnelled ? noAddress : client,
    remoteIp: remoteAddress(http?.lines, client),
    destinationIp: receiver.destinationIp,
    hasMetadata: receiver.hasMetadata,
    http: http && httpFacts(http, undefined),
  };
}

/** The facts after a token was verified. Written out: this runs for every request. */
export function withClaims(facts: Facts, http: PreparedHttp, claims: JsonObject): Facts {
  return {
    identity: facts.identity,
    otherNames: facts.otherNames,
    sni: facts.sni,
    port: facts.port,
    directIp: facts.directIp,
    remoteIp: facts.remoteIp,
    destinationIp: facts.destinationIp,
    hasMetadata: facts.hasMetadata,
    http: httpFacts(http, claims),
  };
}
