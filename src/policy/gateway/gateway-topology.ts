import { objectAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';

const annotation = 'proxy.istio.io/config';

/**
 * `gatewayTopology` of the pod's annotation in place of the mesh's, as a whole (pkg/config/mesh, ApplyProxyConfig).
 */
export function gatewayTopology(mesh: Mesh, { annotations }: Workload): JsonObject | undefined {
  const written = Object.hasOwn(annotations, annotation)
    ? mesh.parseYaml(annotations[annotation] ?? '')
    : undefined;
  return (
    objectAt(written, 'gatewayTopology') ?? objectAt(mesh.settings.config, 'defaultConfig', 'gatewayTopology')
  );
}

/** How many proxies in front of a gateway pod are trusted. */
export function trustedProxiesOf(mesh: Mesh, workload: Workload): number {
  const number = valueAt(gatewayTopology(mesh, workload), ['numTrustedProxies']);
  return typeof number === 'number' ? number : 0;
}
