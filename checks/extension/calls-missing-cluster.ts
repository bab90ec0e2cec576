import {
  addedFilters,
  allOf,
  defineCheck,
  describe,
  fail,
  judgeAtProxies,
  pass,
  resources,
  unknown,
} from '#check';
import type { PatchedProxy, ProxyFilter } from '#check';

/** Clusters of every proxy's bootstrap (tools/packaging/common/envoy_bootstrap.json). */
const ofBootstrap: ReadonlySet<string> = new Set([
  'xds-grpc',
  'sds-grpc',
  'prometheus_stats',
  'agent',
  'zipkin',
]);

/** Why a filter does not reach what it calls. */
function causeOf({ settings, cluster, clusterExists }: ProxyFilter, { chains }: PatchedProxy) {
  if (cluster === undefined || ofBootstrap.has(cluster)) return undefined;
  if (clusterExists === false) return 'the proxy has no such cluster';
  const own = chains.clusters.find(({ name }) => name === cluster);
  if (own?.origin !== 'added') return undefined;
  if (own.refused !== undefined) return `Envoy refuses that cluster (${own.refused})`;
  const isGrpc = 'transport' in settings && settings.transport === 'grpc';
  return isGrpc && !own.http2 ? 'that cluster speaks HTTP/1 and the filter gRPC' : undefined;
}

export default defineCheck({
  meta: {
    id: 'EXT-022',
    title: 'Filter calls a cluster that its proxy can not use',
    severity: 'high',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      open: '{filter} puts {name} into {workload}, which calls cluster {cluster}; {cause}, and the filter lets every request pass unchecked.',
      closed:
        '{filter} puts {name} into {workload}, which calls cluster {cluster}; {cause}, and the filter refuses every request.',
    },
    remediation:
      'Add cluster {cluster} by a patch of {filter} for the same proxies, with http2_protocol_options where the filter speaks gRPC, or write the name of one that they have.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7', 'nist-800-53-r5/SI-4'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) =>
      allOf(
        addedFilters(envoyFilter, patched).map(({ proxy, found }) => {
          const { name, settings, cluster, addedBy } = found;
          const cause = causeOf(found, proxy);
          if (cause === undefined || cluster === undefined || addedBy === undefined) return pass;
          if (patched.missing.length > 0) return unknown(patched.missing);
          const opens = 'failOpen' in settings && settings.failOpen;
          return fail({
            message: opens ? 'open' : 'closed',
            at: { resource: envoyFilter, path: [...addedBy.path.slice(0, 3), 'patch', 'value'] },
            data: {
              filter: describe(context.mesh, envoyFilter),
              name,
              cluster,
              cause,
              workload: proxy.workload.id,
            },
            ...(opens ? {} : { severity: 'medium' as const }),
          });
        }),
      ),
    ),
});
