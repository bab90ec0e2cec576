import type { FieldRef } from '#documents/document.js';
import { objectAt, valueAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { gatewayTopology } from './gateway-topology.js';

/** What a gateway pod is told of the proxies before it, and where. */
export interface TopologyFacts {
  /** Settings of the mesh that the pod's own annotation takes away, for it stands in place of them as a whole. */
  readonly dropped: readonly string[];
  /** True when the client's own `x-forwarded-client-cert` is passed on whatever the connection is. */
  readonly forwardsClientHeader: boolean;
  readonly trustedProxies: number;
  readonly readsProxyProtocol: boolean;
  /** True where the pod's annotation says it, whatever the mesh config is. */
  readonly isOwn: boolean;
  readonly at: FieldRef;
}

const annotation = 'proxy.istio.io/config';

/** Reads the topology in effect at a gateway pod (pkg/config/mesh, ApplyProxyConfig). */
export function topologyFacts(mesh: Mesh, workload: Workload): TopologyFacts {
  const written = Object.hasOwn(workload.annotations, annotation)
    ? mesh.parseYaml(workload.annotations[annotation] ?? '')
    : undefined;
  const own = objectAt(written, 'gatewayTopology');
  const path = ['defaultConfig', 'gatewayTopology'];
  const wide = objectAt(mesh.settings.config, ...path) ?? {};
  const topology = gatewayTopology(mesh, workload);
  const count = valueAt(topology, ['numTrustedProxies']);
  const annotated = {
    resource: workload.resource,
    path: [...workload.podPath, 'metadata', 'annotations', annotation],
  };
  return {
    dropped: own === undefined ? [] : Object.keys(wide).filter((key) => !Object.hasOwn(own, key)),
    forwardsClientHeader: valueAt(topology, ['forwardClientCertDetails']) === 'ALWAYS_FORWARD_ONLY',
    trustedProxies: typeof count === 'number' ? count : 0,
    readsProxyProtocol: objectAt(topology, 'proxyProtocol') !== undefined,
    isOwn: own !== undefined,
    at:
      own === undefined
        ? (mesh.settings.fieldOf(path) ?? { resource: workload.resource, path: workload.podPath })
        : annotated,
  };
}
