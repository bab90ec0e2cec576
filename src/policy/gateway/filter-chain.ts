import type { FieldRef } from '#documents/document.js';
import type { Cluster } from './cluster.js';
import type { CredentialState } from './credentials.js';
import type { VirtualHost } from './http-route.js';
import type { MergedServer } from './merge-servers.js';
import type { ServerTlsMode } from './server.js';

/** TLS that a filter chain ends. */
export interface TerminatedTls {
  readonly clientCertificate: 'required' | 'optional' | 'ignored';
  /** Names of which a client certificate must have one; empty: any. */
  readonly subjectAltNames: readonly string[];
  /** True when certificates that no trusted CA signed are taken too. */
  readonly untrustedAccepted: boolean;
  readonly credentials: readonly CredentialState[];
}

export type ChainApplication =
  | { readonly kind: 'http'; readonly virtualHosts: readonly VirtualHost[] }
  | { readonly kind: 'tcp'; readonly clusters: readonly Cluster[]; readonly rule: FieldRef | undefined };

/** What a listener does with the connections that a server name (and an ALPN) picks. */
export interface FilterChain {
  /** Server names in SNI; empty: any other, plaintext too. */
  readonly serverNames: readonly string[];
  /** Protocols of which the client must offer one; empty: any. */
  readonly alpn: readonly string[];
  readonly mode: ServerTlsMode | 'PLAINTEXT';
  readonly tls: TerminatedTls | undefined;
  readonly application: ChainApplication;
  readonly servers: readonly MergedServer[];
}

/** What listens on one address and port of a gateway pod. */
export interface GatewayListener {
  readonly port: number;
  /** Empty: all addresses. */
  readonly bind: string;
  readonly chains: readonly FilterChain[];
  /** Why the proxy refuses the listener as a whole; undefined when it takes it. */
  readonly rejected: string | undefined;
}
