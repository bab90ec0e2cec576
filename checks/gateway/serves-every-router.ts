import { defineCheck, describe, fail, objectAt, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-012',
    title: 'Gateway without selector opens its ports on every gateway',
    severity: 'medium',
    confidence: 'high',
    examines: 'Istio Gateways',
    messages: {
      every:
        '{gateway} has no selector: its servers are opened on every gateway of the mesh, internal and egress gateways included.',
    },
    remediation:
      'Write into spec.selector of {gateway} the labels of the one gateway that is meant to serve it.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/CM-7', 'istio-best-practices/gateway-isolation'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'Gateway'),
  judge: (gateway, { mesh }) => {
    const selector = objectAt(gateway.object, 'spec', 'selector');
    if (selector !== undefined && Object.keys(selector).length > 0) return pass;
    const path = selector === undefined ? ['spec'] : ['spec', 'selector'];
    return fail({
      message: 'every',
      at: { resource: gateway, path },
      data: { gateway: describe(mesh, gateway) },
    });
  },
});
