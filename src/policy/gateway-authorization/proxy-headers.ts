import { stringAt } from '#documents/json.js';
import type { GatewayPod } from '#policy/gateway/connect.js';
import { gatewayTopology } from '#policy/gateway/gateway-topology.js';
import type { HeaderLines } from '#policy/request/request-headers.js';
import type { NamedCertificate } from './gateway-probe.js';

const hopByHop: readonly string[] = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding'];

/** Headers that only Envoys inside may send; clients at the edge lose them (cleanInternalHeaders in Envoy's conn_manager_utility.cc). */
const internal: readonly string[] = [
  'decorator-operation',
  'downstream-service-cluster',
  'downstream-service-node',
  'expected-rq-timeout-ms',
  'force-trace',
  'hedge-on-per-try-timeout',
  'internal',
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
].map((name) => `x-envoy-${name}`);

function certificateText({ names, subject = '' }: NamedCertificate): string {
  const named = names.map((name) => (name.includes('://') ? `URI=${name}` : `DNS=${name}`));
  return [`Subject="${subject}"`, ...named].join(';');
}

/** X-Forwarded-Client-Cert, for which gatewayTopology has a mode (mutateXfccRequestHeader). */
function setClientCertificate(
  pod: GatewayPod,
  lines: HeaderLines,
  certificate: NamedCertificate | undefined,
): void {
  const name = 'x-forwarded-client-cert';
  const topology = gatewayTopology(pod.mesh, pod.workload);
  const mode = stringAt(topology, 'forwardClientCertDetails') ?? 'SANITIZE_SET';
  if (mode === 'ALWAYS_FORWARD_ONLY') return;
  if (certificate === undefined || mode === 'SANITIZE') {
    lines.delete(name);
    return;
  }
  if (mode === 'FORWARD_ONLY') return;
  const sent = mode === 'APPEND_FORWARD' ? (lines.get(name) ?? []) : [];
  lines.set(name, [[...sent, certificateText(certificate)].join(',')]);
}

/** What the proxy knows of the client when it changes the headers. */
export interface Sender {
  /** Source address of the connection. */
  readonly source: string | undefined;
  /** The client's address as the proxy believes it. */
  readonly believed: string | undefined;
  readonly certificate: NamedCertificate | undefined;
}

/** Changes header lines as the proxy does before the first filter runs (mutateRequestHeaders with use_remote_address). */
export function setProxyHeaders(pod: GatewayPod, lines: HeaderLines, sender: Sender): void {
  const { source, believed, certificate } = sender;
  for (const name of internal) lines.delete(name);
  if (!lines.has('upgrade')) for (const name of hopByHop) lines.delete(name);
  if (source !== undefined)
    lines.set('x-forwarded-for', [[...(lines.get('x-forwarded-for') ?? []), source].join(',')]);
  if (believed !== undefined) lines.set('x-envoy-external-address', [believed]);
  setClientCertificate(pod, lines, certificate);
}
