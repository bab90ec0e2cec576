import type { ClientCertificate } from './connection-probe.js';
import type { FilterChain, TerminatedTls } from './filter-chain.js';

/** Why a TLS handshake at a chain that ends TLS fails: on the server's side, or for want of a good client certificate. */
export interface HandshakeFailure {
  readonly cause: 'server' | 'client-certificate';
  readonly reason: string;
}

function certificateProblem(
  { subjectAltNames, untrustedAccepted }: TerminatedTls,
  { trusted, names }: ClientCertificate,
): string | undefined {
  if (!trusted && !untrustedAccepted) return 'no trusted CA has signed the client certificate';
  if (subjectAltNames.length > 0 && !names.some((name) => subjectAltNames.includes(name)))
    return 'the client certificate has none of the expected names';
  return undefined;
}

/** What stops a TLS client at a chain; undefined when it gets a session. A chain that ends no TLS has no say. */
export function handshakeFailure(
  { tls }: FilterChain,
  certificate: ClientCertificate | undefined,
): HandshakeFailure | undefined {
  if (tls === undefined) return undefined;
  const missing = tls.credentials.find(({ delivered }) => !delivered);
  if (missing !== undefined) return { cause: 'server', reason: missing.reason ?? 'a credential is missing' };
  if (tls.clientCertificate === 'ignored') return undefined;
  if (certificate === undefined) {
    return tls.clientCertificate === 'required'
      ? { cause: 'client-certificate', reason: 'a client certificate is required' }
      : undefined;
  }
  const reason = certificateProblem(tls, certificate);
  return reason === undefined ? undefined : { cause: 'client-certificate', reason };
}
