import { allOf, defineCheck, describe, fail, isPassedOver, pass, patchesOf, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-006',
    title: 'EnvoyFilter uses an operation that has no effect',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      ignored: '{filter} applies {operation} to {target}, which istiod passes over: the patch does nothing.',
    },
    remediation:
      'In {filter} use an operation that {target} knows (MERGE for route configurations; ADD, MERGE or REMOVE for clusters, listeners and virtual hosts).',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0152', 'IST0153', 'IST0154'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).map((patch) =>
        isPassedOver(patch)
          ? fail({
              message: 'ignored',
              at: { ...patch.at, path: [...patch.at.path, 'patch', 'operation'] },
              data: {
                filter: describe(mesh, envoyFilter),
                operation: patch.operation,
                target: patch.applyTo,
              },
            })
          : pass,
      ),
    ),
});
