import {
  allOf,
  declaresSubset,
  defineCheck,
  describe,
  fail,
  namedDestinations,
  notApplicable,
  pass,
  resources,
  templateVariableIn,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-009',
    title: 'Route leads to a subset that no DestinationRule declares',
    severity: 'low',
    confidence: 'high',
    examines: 'VirtualServices with subsets',
    messages: {
      missing:
        '{route} leads to subset {subset} of {host}, which no DestinationRule declares: requests fail.',
    },
    remediation: 'Declare subset {subset} in a DestinationRule for {host}, or correct its name in {route}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0101', 'KIA1107'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const destinations = namedDestinations(mesh, route).filter(({ subset }) => subset !== '');
    if (destinations.length === 0) return notApplicable('VirtualService names no subset');
    return allOf(
      destinations.map(({ host, written, subset, at }) => {
        const variable = templateVariableIn(subset) ?? templateVariableIn(written);
        if (variable !== undefined)
          return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
        if (declaresSubset(mesh, host, subset)) return pass;
        if (mesh.scope === 'partial')
          return unknown([
            { key: 'destination-rule', text: `DestinationRules for ${host} with subset ${subset}` },
          ]);
        return fail({
          message: 'missing',
          at: { ...at, path: [...at.path, 'subset'] },
          data: { route: describe(mesh, route), host, subset },
        });
      }),
    );
  },
});
