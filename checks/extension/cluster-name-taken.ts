import {
  allOf,
  defineCheck,
  describe,
  fail,
  judgeAtProxies,
  listAt,
  notApplicable,
  pass,
  resources,
  takenCluster,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-019',
    title: 'Cluster of an EnvoyFilter is left out since its name is taken',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      taken:
        '{filter} adds cluster {name}, but {owner} has added one of that name before: the proxies keep that one, and filters of {filter} call its address.',
      istio:
        '{filter} adds cluster {name}, a name that Istio uses itself: the proxies keep that of Istio, and filters of {filter} call its address.',
    },
    remediation:
      'Give the cluster in {filter} a name of its own, and use that name in the filters that call it.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) => {
    const patches = listAt(envoyFilter.object, 'spec', 'configPatches');
    if (patches.length === 0) return notApplicable('EnvoyFilter has no patches');
    return judgeAtProxies(envoyFilter, context, (patched) =>
      allOf(
        patches.map((_, index) => {
          const taken = takenCluster(envoyFilter, index, patched);
          if (taken === undefined) return pass;
          const { name, owner } = taken;
          const at = { resource: envoyFilter, path: [...taken.at.path, 'patch', 'value', 'name'] };
          const data = { filter: describe(context.mesh, envoyFilter), name };
          if (owner === undefined) return fail({ message: 'istio', at, data });
          return fail({ message: 'taken', at, data: { ...data, owner: describe(context.mesh, owner) } });
        }),
      ),
    );
  },
});
