import { objectAt, valueAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';

const annotation = 'proxy.istio.io/config';

/**
 * How many proxies in front of a gateway pod are trusted: `gatewayTopology` of the pod's annotation in place of the mesh's,
 * as a whole (pkg/config/mesh, ApplyProxyConfig).
 */
export function trustedProxiesOf(mesh: Mesh, { annotations }: Workload): number {
  const written = Object.hasOwn(annotations, annotation)
    ? mesh.parseYaml(annotations[annotation] ?? '')
    : undefined;
  const topology =
    objectAt(written, 'gatewayTopology') ??
    objectAt(mesh.settings.config, 'defaultConfig', 'gatewayTopology');
  const number = valueAt(topology, ['numTrustedProxies']);
  return typeof number === 'number' ? number : 0;
}
