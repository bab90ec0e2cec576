import {
  allOf,
  defineCheck,
  describe,
  fail,
  listAt,
  notApplicable,
  pass,
  patchedProxies,
  resources,
  unknown,
  unmetPatch,
} from '#check';

/** What is said of a long list. */
const some = (known: readonly string[]): string =>
  known.length === 0 ? 'nothing' : `${known.slice(0, 4).join(', ')}${known.length > 4 ? ' …' : ''}`;

export default defineCheck({
  meta: {
    id: 'EXT-017',
    title: 'Patch of an EnvoyFilter meets nothing',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      context:
        '{filter} has a patch for context {value}, but every proxy that it selects is a {known}: the patch does nothing.',
      anchor: '{filter} is anchored on {value}, which no proxy has that it selects: the patch does nothing.',
      chain:
        '{filter} asks for {field} {value}, and filter chains of the proxies that it selects have {known}: the patch does nothing.',
      route:
        '{filter} asks for {field} {value}, and routes of the proxies that it selects have {known}: the patch does nothing.',
      together:
        'No part of the proxies that {filter} selects has all that a patch of it asks for: the patch does nothing.',
      order:
        '{filter} is anchored on {value}, which an object of a higher priority puts there only after the patch was tried: the patch does nothing.',
      version:
        '{filter} has a patch for proxies of version {value}, which is not that of this mesh: the patch does nothing.',
    },
    remediation:
      'Correct the match of the patch in {filter} after what `istioctl proxy-config listeners` and `routes` show, or delete the patch.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0133'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh, policies }) => {
    const patched = patchedProxies(policies, envoyFilter);
    const patches = listAt(envoyFilter.object, 'spec', 'configPatches');
    if (patches.length === 0) return notApplicable('EnvoyFilter has no patches');
    return allOf(
      patches.map((_, index) => {
        const unmet = unmetPatch(envoyFilter, index, patched);
        if (unmet === 'met') return pass;
        if (!('why' in unmet)) return unknown(unmet);
        const { why, at, field, value, known } = unmet;
        return fail({
          message: why,
          at,
          data: { filter: describe(mesh, envoyFilter), field, value, known: some(known) },
        });
      }),
    );
  },
});
