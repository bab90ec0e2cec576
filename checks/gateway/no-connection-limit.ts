import {
  defineCheck,
  describePods,
  fail,
  gatewayPods,
  listAt,
  noMeshConfig,
  objectAt,
  pass,
  placeOf,
  stringAt,
  valueAt,
} from '#check';
import type { JsonValue, Mesh } from '#check';

const flag = 'overload.global_downstream_max_connections';
const metadata = 'ISTIO_META_GLOBAL_DOWNSTREAM_MAX_CONNECTIONS';

/** The three places of a proxy config that set the limit (pkg/bootstrap/config.go, getNodeMetadataOptions). */
const limits = (config: JsonValue | undefined): boolean =>
  valueAt(config, ['connectionSettings', 'globalDownstreamConnectionLimit']) !== undefined ||
  Object.hasOwn(objectAt(config, 'proxyMetadata') ?? {}, metadata) ||
  Object.hasOwn(objectAt(config, 'runtimeValues') ?? {}, flag);

const isLimitedByObject = (mesh: Mesh): boolean =>
  mesh
    .ofKind('networking.istio.io', 'ProxyConfig')
    .some(({ object }) => Object.hasOwn(objectAt(object, 'spec', 'environmentVariables') ?? {}, metadata));

export default defineCheck({
  meta: {
    id: 'GW-033',
    title: 'Gateway takes any number of connections',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'pods of gateways',
    messages: {
      unlimited: 'Nothing limits how many connections {gateway} take: memory runs out before one is refused.',
    },
    remediation:
      'Set overload.global_downstream_max_connections in meshConfig.defaultConfig.runtimeValues, or in the annotation proxy.istio.io/config of {gateway}, to what their memory allows.',
    controls: ['nist-800-53-r5/SC-5', 'istio-best-practices/downstream-connections'],
  },
  subjects: gatewayPods,
  judge: (pods, context) => {
    const { settings } = context.mesh;
    const own = context.mesh.parseYaml(pods.workload.annotations['proxy.istio.io/config'] ?? '');
    const environment = pods.workload.containers.flatMap(({ spec }) =>
      listAt(spec, 'env').map((entry) => stringAt(entry, 'name')),
    );
    if (limits(objectAt(settings.config, 'defaultConfig')) || limits(own)) return pass;
    if (environment.includes(metadata) || isLimitedByObject(context.mesh)) return pass;
    if (!settings.known) return noMeshConfig;
    const at = settings.fieldOf(['defaultConfig', 'runtimeValues']) ?? settings.fieldOf(['defaultConfig']);
    return fail({
      message: 'unlimited',
      at: at ?? placeOf(pods.workload),
      data: { gateway: describePods(context, pods) },
    });
  },
});
