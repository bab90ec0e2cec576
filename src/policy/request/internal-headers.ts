import type { HeaderLines } from './request-headers.js';

const envoy = (names: readonly string[]): readonly string[] => names.map((name) => `x-envoy-${name}`);

/** Headers that no proxy hands to its filters. */
const always: readonly string[] = ['keep-alive', 'proxy-connection', 'transfer-encoding', 'x-envoy-internal'];

/**
 * Headers that only internal clients may send, and no client is one: Istio gives no internal addresses, and Envoy knows
 * none by itself (internal_address_config; buildHTTPConnectionManager in pilot/pkg/networking/core/listener_builder.go).
 */
const internal = envoy([
  'expected-rq-timeout-ms',
  'force-trace',
  'hedge-on-per-try-timeout',
  'ip-tags',
  'is-timeout-retry',
  'max-retries',
  'original-url',
  'retriable-header-names',
  'retriable-status-codes',
  'retry-grpc-on',
  'retry-on',
  'upstream-alt-stat-name',
  'upstream-rq-per-try-timeout-ms',
  'upstream-rq-timeout-alt-response',
  'upstream-rq-timeout-ms',
]);

/** Headers that are taken away as well where the proxy uses the address of its peer, as gateways do. */
const atEdge = envoy([
  'decorator-operation',
  'downstream-service-cluster',
  'downstream-service-node',
  'original-path',
]);

/** Only requests that ask for another protocol keep the headers that say so. */
function isUpgrade(lines: HeaderLines): boolean {
  const options = (lines.get('connection') ?? []).join(',').toLowerCase().split(',');
  return lines.has('upgrade') && options.some((option) => option.trim() === 'upgrade');
}

/**
 * Takes away what policies never see of the headers that a client sent (mutateRequestHeaders and cleanInternalHeaders in
 * Envoy's source/common/http/conn_manager_utility.cc). Changes the lines.
 */
export function removeInternalHeaders(lines: HeaderLines, place: 'edge' | 'inside'): void {
  for (const name of [...always, ...internal]) lines.delete(name);
  if (place === 'edge') for (const name of atEdge) lines.delete(name);
  if (!isUpgrade(lines)) for (const name of ['connection', 'upgrade']) lines.delete(name);
}
