import { defineCheck, describe, fail, halfGuarded, pass, patchedProxies, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-025',
    title: 'Filter is in the way of one half of the callers only',
    severity: 'high',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      half: '{filter} puts {name} before port {port} of {workload} for one half of the callers; those with {callers} do not pass it.',
    },
    remediation:
      'Remove transportProtocol, applicationProtocols and name from match.listener.filterChain in {filter}, or make the port STRICT so that there is one kind of caller.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh, policies }) => {
    const half = halfGuarded(envoyFilter, patchedProxies(policies, envoyFilter));
    if (half.length === 0) return pass;
    return fail(
      ...half.map(({ filter, at: { resource, path }, port, workload, callers }) => ({
        message: 'half' as const,
        at: { resource, path: [...path, 'match', 'listener', 'filterChain'] },
        data: { filter: describe(mesh, envoyFilter), name: filter, port, workload, callers },
      })),
    );
  },
});
