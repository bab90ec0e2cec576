import {
  allOf,
  defineCheck,
  describe,
  fail,
  judgeAtProxies,
  listAt,
  outboundGuards,
  pass,
  resources,
  stringAt,
} from '#check';
import type { CheckContext, PatchedProxies, Resource, Subject } from '#check';

const extensions = (context: CheckContext): readonly Subject<Resource>[] => [
  ...resources(context, 'networking.istio.io', 'EnvoyFilter'),
  ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
  ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
];

/** True for a plugin that decides about requests and does not say of which direction. */
function isForBoth({ kind, object }: Resource): boolean {
  if (kind === 'EnvoyFilter' || !/^AUTH[NZ]$/.test(stringAt(object, 'spec', 'phase') ?? '')) return false;
  const match = listAt(object, 'spec', 'match');
  return match.length === 0 || match.some((one) => (stringAt(one, 'mode') ?? 'UNDEFINED') === 'UNDEFINED');
}

/** The first sidecar of which a plugin stands before what it sends. */
function judgePlugin(plugin: Resource, { mesh }: CheckContext, { proxies }: PatchedProxies) {
  const sidecar = proxies.find(({ chains }) => chains.kind === 'sidecar');
  if (sidecar === undefined) return pass;
  return fail({
    message: 'plugin',
    at: { resource: plugin, path: ['spec', 'phase'] },
    data: { plugin: describe(mesh, plugin), workload: sidecar.workload.id },
    remediation: 'Set spec.match of {plugin} to mode SERVER.',
  });
}

/** The filters that an EnvoyFilter puts before what workloads send. */
function judgePatches(envoyFilter: Resource, { mesh }: CheckContext, patched: PatchedProxies) {
  return allOf(
    outboundGuards(envoyFilter, patched).map(({ filter, at: { resource, path }, workload }) =>
      fail({
        message: 'patch',
        at: { resource, path: [...path, 'match', 'context'] },
        data: { filter: describe(mesh, envoyFilter), name: filter, workload },
      }),
    ),
  );
}

export default defineCheck({
  meta: {
    id: 'EXT-026',
    title: 'Filter also stands before what the workload sends',
    severity: 'low',
    confidence: 'high',
    examines: 'EnvoyFilters and plugins',
    messages: {
      patch:
        '{filter} has a patch without a context, or for ANY: {name} also decides about the requests that {workload} sends to others.',
      plugin: '{plugin} is for no mode: it also decides about the requests that {workload} sends to others.',
    },
    remediation: 'Set match.context of the patch in {filter} to SIDECAR_INBOUND (GATEWAY for gateways).',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: extensions,
  judge: (extension, context) => {
    if (extension.kind !== 'EnvoyFilter' && !isForBoth(extension)) return pass;
    return judgeAtProxies(extension, context, (patched) =>
      isForBoth(extension)
        ? judgePlugin(extension, context, patched)
        : judgePatches(extension, context, patched),
    );
  },
});
