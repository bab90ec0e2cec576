import type { Mesh, Workload } from '#mesh/mesh.js';
import { declaredSubsets } from './declared-subsets.js';
import type { FilterChain } from './filter-chain.js';
import { isSubset, splitNamespace } from './host-name.js';
import type { MergedServer } from './merge-servers.js';
import { servicesVisibleTo } from './reachable-services.js';
import type { KnownService } from './reachable-services.js';

/** What sidecars offer when they open mesh mTLS (allIstioMtlsALPNs in pilot/pkg/networking/core/listener.go). */
const meshAlpn: readonly string[] = [
  'istio',
  'istio-peer-exchange',
  'istio-http/1.0',
  'istio-http/1.1',
  'istio-h2',
];

/** Names of the clusters of a service port, one without subset and one a subset. */
function subsetsOf(mesh: Mesh, workload: Workload, known: KnownService): readonly string[] {
  return ['', ...declaredSubsets(mesh, workload, known)];
}

/**
 * The chains of an AUTO_PASSTHROUGH server: one a port and subset of every service of the mesh that its hosts cover, by the
 * SNI name that sidecars send. No route is asked (builtAutoPassthroughFilterChains in pilot/pkg/networking/core/gateway.go).
 */
export function autoPassthroughChains(
  { mesh, workload }: { readonly mesh: Mesh; readonly workload: Workload },
  merged: MergedServer,
): readonly FilterChain[] {
  const names = merged.server.hosts.map((host) => splitNamespace(host).name);
  const services = servicesVisibleTo(mesh, workload.namespace)
    .all()
    .filter(({ external, host }) => !external && names.some((name) => isSubset(host, name)));
  return services.flatMap((known) =>
    known.ports.flatMap((port) =>
      subsetsOf(mesh, workload, known).map((subset): FilterChain => {
        const cluster = {
          host: known.host,
          port,
          subset,
          weight: 0,
          service: known.alias === undefined ? known : undefined,
          at: merged.server.at,
        };
        return {
          serverNames: [`outbound_.${port}_.${subset}_.${known.host}`],
          alpn: meshAlpn,
          mode: 'AUTO_PASSTHROUGH',
          tls: undefined,
          application: { kind: 'tcp', clusters: [cluster], rule: undefined },
          servers: [merged],
        };
      }),
    ),
  );
}
