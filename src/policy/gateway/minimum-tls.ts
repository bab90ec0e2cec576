import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { GatewayServer } from '#policy/policies.js';

const versions: ReadonlyMap<string, NonNullable<GatewayServer['minTls']>> = new Map([
  ['TLSV1_0', '1.0'],
  ['TLSV1_1', '1.1'],
  ['TLSV1_2', '1.2'],
  ['TLSV1_3', '1.3'],
]);

/** Modes that the mesh's tlsDefaults and the server's own limits count for (BuildListenerTLSContext in pilot/pkg/networking/core/listener.go). */
const configurable: ReadonlySet<string> = new Set(['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL']);

/**
 * Lowest TLS version that a gateway server accepts: the server's own minProtocolVersion, else the mesh's
 * tlsDefaults, else 1.2; an ISTIO_MUTUAL server follows neither but meshMTLS. Undefined where the gateway does not
 * terminate TLS. TLS_AUTO is "not set".
 */
export function minimumTls(
  mesh: Mesh,
  tls: GatewayServer['tls'],
  written: string | undefined,
): GatewayServer['minTls'] {
  if (tls === 'ISTIO_MUTUAL')
    return versions.get(stringAt(mesh.settings.config, 'meshMTLS', 'minProtocolVersion') ?? '') ?? '1.2';
  if (!configurable.has(tls)) return undefined;
  const ofMesh = stringAt(mesh.settings.config, 'tlsDefaults', 'minProtocolVersion') ?? '';
  return versions.get(written ?? '') ?? versions.get(ofMesh) ?? '1.2';
}
