import { defineCheck, describe, fail, judgeAtProxies, pass, resources, unknown, voidSettings } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-021',
    title: 'Setting of a route for a filter has no effect',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      absent:
        '{filter} has settings of routes for {name}, but no proxy that it selects has a filter of that name there: they do nothing.',
      type: '{filter} has settings of routes for {name} of a kind that this filter does not read: they do nothing.',
    },
    remediation:
      'In {filter} write the settings under the name that the filter has in the chain, with the type that belongs to its configuration.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) => {
      const settings = voidSettings(envoyFilter, patched);
      const sure = settings.filter(({ why }) => why === 'type' || patched.missing.length === 0);
      if (sure.length === 0) return settings.length === 0 ? pass : unknown(patched.missing);
      return fail(
        ...sure.map(({ why, filter, at }) => ({
          message: why,
          at,
          data: { filter: describe(context.mesh, envoyFilter), name: filter },
        })),
      );
    }),
});
