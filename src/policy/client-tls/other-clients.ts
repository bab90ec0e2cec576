import type { PortProtocol } from '#mesh/mesh.js';
import type { ClientEndpoint, ClientTls } from './client-tls.js';
import type { ServiceEndpoint } from './service-endpoint.js';

const nothing: ClientTls = {
  tls: 'none',
  hbone: false,
  effective: 'none',
  protocol: undefined,
  endpoints: [],
  sni: undefined,
  autoSni: false,
  subjectAltNames: [],
  autoSanValidation: false,
  verifies: undefined,
  checksName: undefined,
  ca: undefined,
  clientCertificate: undefined,
  destinationRules: [],
  downgrade: undefined,
  missing: [],
};

/** For a destination that the client's proxy has no cluster for. */
export const absentTls: ClientTls = { ...nothing, tls: 'absent', effective: 'absent' };

/** For a client without proxy: the mesh adds nothing to what the application sends. */
export const withoutProxy: ClientTls = nothing;

/**
 * For a client in ambient mode: ztunnel sends HBONE to what accepts it and passes the rest on as it is, whatever
 * Sidecars and DestinationRules say (build_request in src/proxy/outbound.rs of istio/ztunnel).
 */
export function ambientTls(endpoints: readonly ServiceEndpoint[], protocol: PortProtocol): ClientTls {
  const judged = endpoints.map(({ workload, address, port, tunnel }): ClientEndpoint => {
    const tls = tunnel === undefined ? 'unknown' : tunnel ? 'hbone' : 'none';
    return { workload, address, port, tls };
  });
  return { ...nothing, hbone: true, protocol, endpoints: judged, effective: overall(judged) ?? 'none' };
}

/** What a list of endpoints gets as a whole; undefined for an empty one. */
export function overall(endpoints: readonly ClientEndpoint[]): ClientTls['effective'] | undefined {
  const kinds = new Set(endpoints.map(({ tls }) => tls));
  if (kinds.has('unknown')) return 'unknown';
  const [only] = kinds;
  return kinds.size > 1 ? 'mixed' : only;
}
