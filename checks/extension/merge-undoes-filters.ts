import { allOf, defineCheck, describe, fail, pass, patchesOf, resources, unanchoredMerge } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-009',
    title: 'EnvoyFilter without anchor undoes the patches of all others',
    severity: 'high',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      filters:
        '{filter} merges into every HTTP filter, since it names none: the types do not fit, istiod gives up, and no EnvoyFilter takes effect in these listeners, those of the root namespace included.',
      types:
        '{filter} merges a configuration of another type into {name}: istiod gives up, and no EnvoyFilter takes effect in these listeners, those of the root namespace included.',
      clusters:
        '{filter} merges a name into every cluster, since it matches none: all clusters of the proxy get one name, and all but one are lost.',
    },
    remediation:
      'Name the filter in {filter} (match.listener.filterChain.filter.subFilter.name), or the cluster (match.cluster); to add one use operation ADD or INSERT_BEFORE.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).map((patch) => {
        const effect = unanchoredMerge(patch);
        if (effect === undefined) return pass;
        return fail({
          message: effect,
          at: patch.at,
          data: { filter: describe(mesh, envoyFilter), name: patch.httpFilter },
        });
      }),
    ),
});
