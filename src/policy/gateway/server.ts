import type { FieldRef, Resource } from '#documents/document.js';
import type { PortProtocol } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';

/** What a server does with TLS. */
export type ServerTlsMode =
  'SIMPLE' | 'MUTUAL' | 'OPTIONAL_MUTUAL' | 'ISTIO_MUTUAL' | 'PASSTHROUGH' | 'AUTO_PASSTHROUGH';

/** The TLS settings of a server. */
export interface ServerTls {
  readonly mode: ServerTlsMode;
  readonly httpsRedirect: boolean;
  /** Names of the credentials, with their scheme where one is written; empty: files, or the pod's own certificate. */
  readonly credentials: readonly string[];
  /** Where the CA for client certificates comes from, when it is not the credential itself. */
  readonly caCredential: string | undefined;
  readonly subjectAltNames: readonly string[];
  readonly insecureSkipVerify: boolean;
}

/** One server of a gateway, in the form of Istio's own Gateway whichever API it was written in. */
export interface Server {
  readonly at: FieldRef;
  /** Port number as written: a Service's port, mostly. */
  readonly port: number;
  readonly portName: string;
  readonly protocol: PortProtocol;
  /** Names, with `namespace/` before those that only routes of that namespace may serve. */
  readonly hosts: readonly string[];
  /** Empty: all addresses. */
  readonly bind: string;
  readonly tls: ServerTls | undefined;
}

/** How a gateway finds the pods that serve it. */
export type GatewayBinding =
  /** Routers whose labels hold the selector. */
  | { readonly by: 'labels'; readonly selector: StringMap }
  /** Routers behind Services of these hosts in a namespace. */
  | {
      readonly by: 'services';
      readonly hosts: readonly string[];
      readonly namespace: string;
      /** The Kubernetes Gateway, whose name its own pods carry. */
      readonly gatewayName: string;
    };

/** A gateway as istiod merges it: an Istio Gateway, or one listener of the Gateway API. */
export interface GatewayConfig {
  /** `namespace/name`, by which routes refer to it. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly resource: Resource;
  readonly api: 'istio' | 'gateway-api';
  readonly binding: GatewayBinding;
  /** Service account of the pods that istiod deploys for it; undefined: no pods of its own. */
  readonly serviceAccount: string | undefined;
  /** True for listeners that come from a ListenerSet. */
  readonly fromListenerSet: boolean;
  readonly servers: readonly Server[];
}

const httpProtocols: ReadonlySet<PortProtocol> = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web']);

/** True for the protocols that Istio reads as HTTP without TLS (IsHTTP in pkg/config/protocol/instance.go). */
export function isHttp(protocol: PortProtocol): boolean {
  return httpProtocols.has(protocol);
}

/** True for servers that pass TLS on unopened (IsPassThroughServer in pkg/config/gateway/gateway.go). */
export function passesThrough({ tls }: Server): boolean {
  return tls?.mode === 'PASSTHROUGH' || tls?.mode === 'AUTO_PASSTHROUGH';
}

/** True for servers that TLS clients can be told apart at (IsTLSServer in pkg/config/gateway/gateway.go). */
export function isTlsServer({ tls, protocol }: Server): boolean {
  return tls !== undefined && !isHttp(protocol);
}

/** True for HTTP, and HTTPS that the proxy does not pass through (IsHTTPServer in pkg/config/gateway/gateway.go). */
export function isHttpServer(server: Server): boolean {
  return isHttp(server.protocol) || (server.protocol === 'HTTPS' && !passesThrough(server));
}

/** True for HTTPS that ends at the gateway (IsHTTPSServerWithTLSTermination in pkg/config/gateway/gateway.go). */
export function terminatesHttps(server: Server): boolean {
  return server.tls !== undefined && server.protocol === 'HTTPS' && !passesThrough(server);
}
