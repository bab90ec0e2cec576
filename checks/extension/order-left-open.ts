import {
  allOf,
  defineCheck,
  describe,
  fail,
  foreignAnchor,
  pass,
  patchedProxies,
  patchesOf,
  resources,
  unmetPatch,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-008',
    title: 'EnvoyFilter depends on another one without an order',
    severity: 'low',
    confidence: 'medium',
    examines: 'EnvoyFilters',
    messages: {
      open: '{filter} is anchored on {anchor}, which another EnvoyFilter or plugin has to put there first, and has no priority: when it is applied before, the patch is left out.',
    },
    remediation:
      'Set spec.priority of {filter} higher than that of the object which adds {anchor}, or anchor it on a filter of Istio’s own.',
    controls: ['nist-800-53-r5/CM-6'],
    aliases: ['IST0151', 'IST0155'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh, policies }) =>
    allOf(
      patchesOf(envoyFilter).map((patch, index) => {
        const anchor = foreignAnchor(envoyFilter, patch);
        if (anchor === undefined) return pass;
        // What no proxy has at all is said by a check of its own.
        const unmet = unmetPatch(envoyFilter, index, patchedProxies(policies, envoyFilter));
        if (unmet !== 'met' && 'why' in unmet) return pass;
        return fail({
          message: 'open',
          at: { ...patch.at, path: [...patch.at.path, 'patch', 'operation'] },
          data: { filter: describe(mesh, envoyFilter), anchor },
        });
      }),
    ),
});
