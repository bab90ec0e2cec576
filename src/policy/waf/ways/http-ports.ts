import type { PortProtocol } from '#mesh/mesh.js';

/** Protocols whose bytes may be HTTP, inside of TLS or not; what no port says may be anything. */
const maybeHttp: ReadonlySet<PortProtocol> = new Set([
  'HTTP',
  'HTTP2',
  'HTTP_PROXY',
  'GRPC',
  'GRPC-Web',
  'HTTPS',
  'TLS',
  'auto',
]);

/** True for ports that may take HTTP requests: the only traffic that a web application firewall reads. */
export function mayBeHttp(protocol: PortProtocol): boolean {
  return maybeHttp.has(protocol);
}
