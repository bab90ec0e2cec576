import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { autoPassthroughChains } from './auto-passthrough.js';
import type { ClusterOf } from './cluster.js';
import { credentialsOf } from './credentials.js';
import type { FilterChain, TerminatedTls } from './filter-chain.js';
import { splitNamespace } from './host-name.js';
import { takeHosts } from './merge-servers.js';
import type { MergedServer, MergedServers, ServerGroup } from './merge-servers.js';
import { isHttp, passesThrough, terminatesHttps } from './server.js';
import type { Server } from './server.js';
import { tcpRoute, tlsRoutes } from './stream-clusters.js';
import { virtualHosts } from './virtual-hosts.js';

/** A gateway pod, while its filter chains are built. */
export interface ChainBuilder {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly clusterOf: ClusterOf;
  readonly merged: MergedServers;
  /** SNI names of rules that pass TLS on, by port: each is taken once. */
  readonly sniTaken: Map<number, Map<string, string>>;
}

const certificateUse: ReadonlyMap<string, TerminatedTls['clientCertificate']> = new Map([
  ['MUTUAL', 'required'],
  ['ISTIO_MUTUAL', 'required'],
  ['OPTIONAL_MUTUAL', 'optional'],
]);

/** BuildListenerTLSContext in pilot/pkg/networking/core/listener.go. */
function terminated(
  { mesh, workload }: ChainBuilder,
  { config, server }: MergedServer,
): TerminatedTls | undefined {
  const { tls } = server;
  if (tls === undefined || passesThrough(server) || isHttp(server.protocol)) return undefined;
  return {
    clientCertificate: certificateUse.get(tls.mode) ?? 'ignored',
    subjectAltNames: tls.subjectAltNames,
    // Istio's own mode has no such switch on credentials; files and the pod's certificate know it.
    untrustedAccepted: tls.insecureSkipVerify,
    credentials: credentialsOf(mesh, { workload, config }, server),
  };
}

/** Names as the filter chain match has them: with `*` among them there is no condition (toFilterChainMatch in listener.go). */
function serverNames(hosts: readonly string[]): readonly string[] {
  const names = new Set(hosts.map((host) => splitNamespace(host).name));
  return names.has('*') ? [] : [...names].sort();
}

function modeOf(server: Server): FilterChain['mode'] {
  return server.tls === undefined || isHttp(server.protocol) ? 'PLAINTEXT' : server.tls.mode;
}

function httpChain(
  builder: ChainBuilder,
  servers: readonly MergedServer[],
  match: Pick<FilterChain, 'serverNames' | 'tls' | 'mode'>,
): FilterChain {
  const { mesh, workload, clusterOf, merged } = builder;
  const routeName = servers[0]?.routeName ?? '';
  const sharing = merged.byRoute.get(routeName) ?? [];
  const hosts = virtualHosts({ mesh, workload, clusterOf, servers: sharing });
  return { ...match, alpn: [], application: { kind: 'http', virtualHosts: hosts }, servers };
}

/** One chain a rule that passes TLS on; a rule with an SNI name of an earlier one is left out. */
function passthroughChains(
  builder: ChainBuilder,
  merged: MergedServer,
  podPort: number,
): readonly FilterChain[] {
  const taken = getOrMake(builder.sniTaken, podPort, () => new Map<string, string>());
  return tlsRoutes({ ...builder, merged })
    .filter(({ sniHosts }) => takeHosts(taken, sniHosts, merged.server.bind))
    .map(({ sniHosts, clusters, rule }) => ({
      serverNames: serverNames(sniHosts),
      alpn: [],
      mode: 'PASSTHROUGH',
      tls: undefined,
      application: { kind: 'tcp', clusters, rule },
      servers: [merged],
    }));
}

function streamChains(builder: ChainBuilder, merged: MergedServer, podPort: number): readonly FilterChain[] {
  const { server } = merged;
  if (server.tls?.mode === 'AUTO_PASSTHROUGH') return autoPassthroughChains(builder, merged);
  if (passesThrough(server)) return passthroughChains(builder, merged, podPort);
  const route = tcpRoute({ ...builder, merged });
  if (route === undefined) return [];
  const { clusters, rule } = route;
  return [
    {
      serverNames: server.tls === undefined ? [] : serverNames(server.hosts),
      alpn: [],
      mode: modeOf(server),
      tls: terminated(builder, merged),
      application: { kind: 'tcp', clusters, rule },
      servers: [merged],
    },
  ];
}

/** The filter chains of servers of one port and protocol (buildGatewayTCPBasedFilterChains in pilot/pkg/networking/core/gateway.go). */
export function buildFilterChains(builder: ChainBuilder, group: ServerGroup): readonly FilterChain[] {
  if (isHttp(group.protocol)) {
    const match = { serverNames: [], tls: undefined, mode: 'PLAINTEXT' } as const;
    return [httpChain(builder, group.servers, match)];
  }
  return group.servers.flatMap((merged) => {
    const { server } = merged;
    if (!terminatesHttps(server)) return streamChains(builder, merged, group.port);
    const match = {
      serverNames: serverNames(server.hosts),
      tls: terminated(builder, merged),
      mode: modeOf(server),
    };
    return [httpChain(builder, [merged], match)];
  });
}
