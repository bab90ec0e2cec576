import { stringAt } from '#documents/json.js';
import type { GatewayPod } from '#policy/gateway/connect.js';
import { gatewayTopology } from '#policy/gateway/gateway-topology.js';
import { removeInternalHeaders } from '#policy/request/internal-headers.js';
import type { HeaderLines } from '#policy/request/request-headers.js';
import type { NamedCertificate } from './gateway-probe.js';

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
  removeInternalHeaders(lines, 'edge');
  if (source !== undefined)
    lines.set('x-forwarded-for', [[...(lines.get('x-forwarded-for') ?? []), source].join(',')]);
  if (believed !== undefined) lines.set('x-envoy-external-address', [believed]);
  setClientCertificate(pod, lines, certificate);
}
