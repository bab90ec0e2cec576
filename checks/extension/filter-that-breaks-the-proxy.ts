import {
  allOf,
  brokenFilter,
  defineCheck,
  describe,
  fail,
  pass,
  patchesOf,
  resources,
  stringAt,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-015',
    title: 'EnvoyFilter inserts a filter that Envoy does not run with',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      untyped:
        '{filter} inserts {name} without typed_config: Envoy refuses every listener that gets it, so new pods have no such port and running ones keep their old policies.',
      'no-service':
        '{filter} inserts the external authorizer {name} without grpc_service or http_service: the proxy aborts on the first request.',
    },
    remediation:
      'Give {name} in {filter} a typed_config with its @type (for ext_authz with grpc_service or http_service), and try it on one pod.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-5', 'istio-best-practices/validate-configuration'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).map((patch) => {
        const broken = brokenFilter(patch);
        if (broken === undefined) return pass;
        return fail({
          message: broken,
          at: { ...patch.at, path: [...patch.at.path, 'patch', 'value'] },
          data: { filter: describe(mesh, envoyFilter), name: stringAt(patch.value, 'name') ?? 'a filter' },
        });
      }),
    ),
});
