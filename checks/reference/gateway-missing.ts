import {
  allOf,
  boundGateways,
  defineCheck,
  describe,
  fail,
  matchedGateways,
  notApplicable,
  pass,
  resources,
  templateVariableIn,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-006',
    title: 'VirtualService is bound to a Gateway that does not exist',
    severity: 'medium',
    confidence: 'high',
    examines: 'VirtualServices bound to gateways',
    messages: {
      missing:
        '{route} is bound to Gateway {gateway}, which does not exist: its routes, and what they refuse, are not there.',
    },
    remediation: 'Write the namespace and name of an existing Gateway in place of {written} in {route}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0101', 'KIA1102'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const named = [...boundGateways(mesh, route), ...matchedGateways(mesh, route)];
    if (named.length === 0) return notApplicable('VirtualService names no Gateway');
    return allOf(
      named.map(({ id, written, gateway, at }) => {
        if (gateway !== undefined) return pass;
        const variable = templateVariableIn(written);
        if (variable !== undefined)
          return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
        if (mesh.scope === 'partial') return unknown([{ key: 'gateway', text: `Gateway ${id}` }]);
        return fail({ message: 'missing', at, data: { route: describe(mesh, route), gateway: id, written } });
      }),
    );
  },
});
