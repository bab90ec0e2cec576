import { ClusterError } from './cluster-error.js';
import type { Connection } from './connection.js';
import type { Answer } from './http-client.js';

/** True for an answer that may be another one in a while: busy, or out of order. */
export function isPassing({ status }: Answer): boolean {
  return status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

const trust = {
  message: 'its certificate is not signed by the certificate authority of the kubeconfig',
  hint: 'Check certificate-authority in the kubeconfig; somebody in between may be reading along.',
};

const certificateFailures: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  CERT_HAS_EXPIRED: { message: 'its certificate has expired', hint: 'The cluster has to renew it.' },
  CERT_NOT_YET_VALID: {
    message: 'its certificate is not valid yet',
    hint: 'Check the clock of this machine.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'its certificate is for another name',
    hint: 'Check server in the kubeconfig, or set tls-server-name to a name that the certificate bears.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: trust,
  SELF_SIGNED_CERT_IN_CHAIN: trust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
  UNABLE_TO_GET_ISSUER_CERT: trust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
  CERT_SIGNATURE_FAILURE: trust,
};

const lastingCodes = new Set(['ENOTFOUND', 'EPROTO', 'ERR_INVALID_URL', 'ABORT_ERR']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True for a failure that asking again does not mend: certificates, names, what we refuse ourselves. */
export function isLasting(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof ClusterError ||
    Object.hasOwn(certificateFailures, code) ||
    code.startsWith('ERR_SSL_') ||
    code.startsWith('ERR_OSSL_') ||
    lastingCodes.has(code)
  );
}

/** A failure in words for people. */
export function sayFailure(error: unknown, { server, proxy }: Connection): ClusterError {
  if (error instanceof ClusterError) return error;
  const code = codeOf(error);
  const known = Object.hasOwn(certificateFailures, code) ? certificateFailures[code] : undefined;
  if (known !== undefined)
    return new ClusterError(`the API server ${server.host} is not trusted: ${known.message}`, known.hint);
  if (code.startsWith('ERR_OSSL_'))
    return new ClusterError('a certificate or key of the kubeconfig cannot be read');
  const reason = error instanceof Error && error.name === 'TimeoutError' ? error.message : code;
  const through = proxy === undefined ? '' : ` through the proxy ${proxy.host}`;
  return new ClusterError(
    `the API server ${server.host} cannot be reached${through} (${reason === '' ? 'connection lost' : reason})`,
  );
}
