import type { Resource } from '#documents/document.js';
import type { PortProtocol, Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { TlsKind } from './upstream-tls.js';

/** Where a client connects to: host and port of a service, and a subset of a DestinationRule if any. */
export interface ClientDestination {
  readonly host: string;
  /** The service's port, not the pod's. */
  readonly port: number;
  /** Empty or absent: the service as a whole. */
  readonly subset?: string;
}

/** What one endpoint gets; `hbone+…` is TLS inside the tunnel. */
export type EndpointTls = TlsKind | 'hbone' | 'hbone+simple' | 'hbone+mutual' | 'unknown';

export interface ClientEndpoint {
  /** The workload behind it; undefined for addresses that are none of the input's. */
  readonly workload: Workload | undefined;
  /** As written in a ServiceEntry, WorkloadEntry or EndpointSlice; undefined for pods. */
  readonly address: string | undefined;
  readonly port: number;
  readonly tls: EndpointTls;
}

/** How far the name in the server's certificate is checked. */
export type NameCheck = 'list' | 'host' | 'list+host' | 'host-if-http' | 'no';

/** The TLS that a workload's proxy originates to one destination. */
export interface ClientTls {
  /**
   * `absent`: the client has no cluster for it. `mutual-istio-auto`: automatic mutual TLS, decided endpoint by endpoint.
   */
  readonly tls: TlsKind | 'absent' | 'mutual-istio-auto';
  /** Endpoints that accept HBONE are reached through it; `tls` is then what happens to the others and inside the tunnel. */
  readonly hbone: boolean;
  /** What the present endpoints get. */
  readonly effective: EndpointTls | 'mixed' | 'no-endpoints' | 'absent';
  /** As Istio selects it; undefined when there is no cluster. */
  readonly protocol: PortProtocol | undefined;
  /** Empty where connections go to the address that the client dialled. */
  readonly endpoints: readonly ClientEndpoint[];
  /** SNI sent; undefined: none, or the Host header where `autoSni`. */
  readonly sni: string | undefined;
  readonly autoSni: boolean;
  /** Of these names the server's certificate must carry one. */
  readonly subjectAltNames: readonly string[];
  /** The certificate must match the Host header. */
  readonly autoSanValidation: boolean;
  /** Whether the server's chain is verified; undefined for plaintext. */
  readonly verifies: boolean | undefined;
  readonly checksName: NameCheck | undefined;
  /** `ROOTCA` (mesh), `file-root:system`, `file-root:<path>`, or a credential. */
  readonly ca: string | undefined;
  /** `default` (mesh certificate), a file, or a credential. */
  readonly clientCertificate: string | undefined;
  /** The DestinationRules that were merged into the one used, also when they say nothing of TLS. */
  readonly destinationRules: readonly Resource[];
  /** Why a rule that asks for TLS ends in plaintext; undefined when it does not. */
  readonly downgrade: string | undefined;
  /** What the input lacks to know `effective`. */
  readonly missing: readonly MissingEvidence[];
}
