import {
  allOf,
  defineCheck,
  describe,
  fail,
  halfGuarded,
  judgeAtProxies,
  resources,
  whenKnown,
} from '#check';

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
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) => {
      const { mesh, policies } = context;
      return allOf(
        halfGuarded(envoyFilter, patched).map(({ filter: name, at, port, workload, callers }) =>
          // Which callers there are depends on the mode.
          whenKnown(policies.peerMtls(workload, port), () =>
            fail({
              message: 'half',
              at: { resource: at.resource, path: [...at.path, 'match', 'listener', 'filterChain'] },
              data: { filter: describe(mesh, envoyFilter), name, port, workload: workload.id, callers },
            }),
          ),
        ),
      );
    }),
});
