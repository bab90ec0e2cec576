import type { HttpRequest } from '#policy/request/access-request.js';

/** The certificate that a client shows. */
export interface ClientCertificate {
  /** Whether the CA that the server trusts has signed it. */
  readonly trusted: boolean;
  /** URI and DNS names. */
  readonly names: readonly string[];
}

/** TLS as a client opens it. */
export interface ClientTls {
  /** Undefined: no server name is sent. */
  readonly sni: string | undefined;
  readonly alpn: readonly string[];
  readonly certificate: ClientCertificate | undefined;
}

/** One connection to a port of a gateway pod, and the one request that is sent over it. */
export interface ConnectionProbe {
  /** The pod's port. */
  readonly port: number;
  /** Undefined: plaintext. */
  readonly tls: ClientTls | undefined;
  /** Undefined: bytes that are not HTTP. */
  readonly http: HttpRequest | undefined;
}
