import { defineCheck, describe, fail, judgeAtProxies, pass, resources, voidMerges } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-020',
    title: 'MERGE into a filter does not do what it says',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      field:
        '{filter} merges {field} into {name}: a MERGE takes the name and the configuration of a filter only, and the rest does nothing.',
      default:
        '{filter} merges {field}: false into {name}: a default changes nothing in a MERGE, and the filter still lets requests pass when it can not ask.',
      name: '{filter} merges the name {field} into {name}: the filter is renamed, and patches and settings of routes under its old name no longer reach it.',
    },
    remediation:
      'In {filter} use REPLACE with the whole filter for what MERGE can not set, and write the name that the filter has.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) => {
      const merges = voidMerges(envoyFilter, patched);
      if (merges.length === 0) return pass;
      const filter = describe(context.mesh, envoyFilter);
      return fail(
        ...merges.map(({ why, field, name, at }) => ({
          message: why,
          at,
          data: { filter, field, name: name === '' ? 'the filters that it meets' : name },
          ...(why === 'default' ? {} : { severity: 'low' as const }),
        })),
      );
    }),
});
