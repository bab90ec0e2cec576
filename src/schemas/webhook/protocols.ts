/** Protocols of ports as Istio names them. Source: istio/istio pkg/config/protocol/instance.go. */

const http = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);
const tls = new Set(['https', 'tls']);
const others = new Set(['tcp', 'udp', 'mongo', 'redis', 'mysql']);

/** A protocol in lower case, or undefined for one that Istio does not know. */
export function knownProtocol(protocol: string): string | undefined {
  const name = protocol.toLowerCase();
  return http.has(name) || tls.has(name) || others.has(name) ? name : undefined;
}

/** True for protocols whose requests Istio reads. */
export function isHttp(protocol: string): boolean {
  return http.has(protocol.toLowerCase());
}

/** True for HTTPS and TLS. */
export function isTls(protocol: string): boolean {
  return tls.has(protocol.toLowerCase());
}
