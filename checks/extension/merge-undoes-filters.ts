import {
  allOf,
  defineCheck,
  describe,
  fail,
  judgeAtProxies,
  panickingPatches,
  pass,
  patchesOf,
  resources,
  unanchoredMerge,
} from '#check';
import type { PatchedProxies } from '#check';

/** True where the input shows every proxy to which a merge may come, so that what does not panic there does no harm. */
const isShown = ({ proxies, missing }: PatchedProxies): boolean => proxies.length > 0 && missing.length === 0;

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
      empty:
        '{filter} has a patch {operation} without a value: istiod gives up, and no EnvoyFilter takes effect in these listeners, those of the root namespace included.',
      clusters:
        '{filter} merges a name into every cluster, since it matches none: all clusters of the proxy get one name, and all but one are lost.',
    },
    remediation:
      'Name the filter in {filter} (match.listener.filterChain.filter.subFilter.name), or the cluster (match.cluster); to add one use operation ADD or INSERT_BEFORE.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) => {
      const panics = panickingPatches(envoyFilter, patched);
      return allOf(
        patchesOf(envoyFilter).map((patch, index) => {
          const data = {
            filter: describe(context.mesh, envoyFilter),
            name: patch.httpFilter || patch.networkFilter,
          };
          const panic = panics.find(({ at }) => at.path[2] === index);
          if (panic !== undefined && patch.value === undefined)
            return fail({ message: 'empty', at: patch.at, data: { ...data, operation: patch.operation } });
          const written = unanchoredMerge(patch);
          const effect = panic === undefined ? written : (written ?? 'types');
          if (effect === undefined) return pass;
          if (effect !== 'clusters' && panic === undefined && isShown(patched)) return pass;
          const lost = panic?.lost.filter(({ resource }) => resource !== envoyFilter) ?? [];
          const related = lost.map((at) => ({ at, note: 'does not take effect' }));
          return fail({ message: effect, at: patch.at, data, related });
        }),
      );
    }),
});
