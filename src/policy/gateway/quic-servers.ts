import type { Mesh, Workload } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { FilterChain } from './filter-chain.js';
import { terminatesHttps } from './server.js';

/**
 * True when a chain is also there for HTTP/3, where no client certificate is asked for: HTTPS servers whose port some
 * Service of the gateway opens for UDP too, with istiod's switch on (IsEligibleForHTTP3Upgrade in
 * pkg/config/gateway/gateway.go, udpSupportedPort in pilot/pkg/model/gateway.go, BuildListenerTLSContext in
 * pilot/pkg/networking/core/listener.go).
 */
export function servesQuic(mesh: Mesh, gateway: Workload, { servers, tls }: FilterChain): boolean {
  if (tls === undefined || !istiodFlag(mesh, 'PILOT_ENABLE_QUIC_LISTENERS', false)) return false;
  const open = mesh
    .servicesOf(gateway)
    .flatMap(({ ports }) => ports.filter(({ protocol }) => protocol === 'UDP'));
  return servers.some(
    ({ server }) => terminatesHttps(server) && open.some(({ number }) => number === server.port),
  );
}
