import type { PortProtocol } from './mesh.js';

/** Ports whose servers speak first: they are not sniffed (wellKnownPorts in pkg/config/kube/conversion.go). */
const serverFirstPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** Names that Istio reads, in lower case (Parse in pkg/config/protocol/instance.go). */
const namedProtocols: ReadonlyMap<string, PortProtocol> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['grpc', 'GRPC'],
  ['grpc-web', 'GRPC-Web'],
  ['http', 'HTTP'],
  ['http_proxy', 'HTTP_PROXY'],
  ['http2', 'HTTP2'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['mongo', 'Mongo'],
  ['redis', 'Redis'],
  ['mysql', 'MySQL'],
]);

/** Values that only `appProtocol` may have, case-sensitive. */
const kubernetesProtocols: ReadonlyMap<string, PortProtocol> = new Map([
  ['kubernetes.io/h2c', 'HTTP2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** What a Service says about one of its ports; `protocol` is the transport. */
export interface PortDeclaration {
  readonly number: number;
  readonly name: string | undefined;
  readonly protocol: string | undefined;
  readonly appProtocol: string | undefined;
}

/**
 * The protocol of a name such as those of ServiceEntry ports and Gateway servers, case-insensitive; undefined for
 * a name Istio does not read (Parse in pkg/config/protocol/instance.go).
 */
export function parseProtocol(name: string): PortProtocol | undefined {
  return namedProtocols.get(name.toLowerCase());
}

/**
 * The protocol Istio selects for a Service port: appProtocol in place of the name, else the name up to its first
 * dash; `auto` (sniffed) when neither is readable and the port is not one of those whose servers speak first
 * (ConvertProtocol in pkg/config/kube/conversion.go).
 */
export function servicePortProtocol(port: PortDeclaration): PortProtocol {
  if (port.protocol === 'UDP') return 'UDP';
  if (port.protocol === 'SCTP') return 'SCTP';
  const standard = port.appProtocol === undefined ? undefined : kubernetesProtocols.get(port.appProtocol);
  if (standard !== undefined) return standard;
  const name = port.appProtocol ?? port.name ?? '';
  if (name.slice(0, 8).toLowerCase() === 'grpc-web') return 'GRPC-Web';
  const dash = name.indexOf('-');
  const parsed = parseProtocol(dash < 0 ? name : name.slice(0, dash));
  return parsed ?? (serverFirstPorts.has(port.number) ? 'TCP' : 'auto');
}
