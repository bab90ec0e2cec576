import { allOf, defineCheck, describe, fail, openAdmin, pass, patchesOf, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-011',
    title: 'EnvoyFilter opens the admin interface of proxies',
    severity: 'critical',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      admin:
        '{filter} lets the admin interface of the proxies that it selects listen on the network: without any login, everybody reads their configuration and certificates and shuts them down.',
    },
    remediation:
      'Remove the admin address from {filter}; reach the interface by kubectl port-forward or istioctl dashboard envoy.',
    controls: ['nist-800-53-r5/CM-7', 'nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).map((patch) => {
        const at = openAdmin(patch);
        return at === undefined
          ? pass
          : fail({ message: 'admin', at, data: { filter: describe(mesh, envoyFilter) } });
      }),
    ),
});
