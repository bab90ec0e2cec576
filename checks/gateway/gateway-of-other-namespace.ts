import { defineCheck, describe, fail, notApplicable, pass, podsServing, resources, unknown } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-031',
    title: 'Gateway opens ports on pods of another namespace',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'Istio Gateways with pods in the input',
    messages: {
      foreign:
        '{gateway} opens its servers on {workload}, a gateway of another namespace: whoever may write Gateways in {namespace} decides about ports and TLS there.',
    },
    remediation:
      'Move {gateway} into the namespace of {workload}, and set PILOT_SCOPE_GATEWAY_TO_NAMESPACE=true on istiod so that no other Gateway reaches those pods.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-6', 'istio-best-practices/gateway-isolation'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'Gateway'),
  judge: (gateway, context) => {
    const { mesh } = context;
    const namespace = mesh.namespaceOf(gateway);
    const pods = podsServing(context, gateway);
    if (pods.length === 0)
      return mesh.scope === 'partial'
        ? unknown([
            { key: 'gateway-pods', text: `namespace of the pods that serve ${describe(mesh, gateway)}` },
          ])
        : notApplicable('no pod serves the Gateway');
    const foreign = pods.find(({ workload }) => workload.namespace !== namespace);
    if (foreign === undefined) return pass;
    return fail({
      message: 'foreign',
      at: { resource: gateway, path: ['spec', 'selector'] },
      like: `${describe(mesh, gateway)} ${foreign.workload.id}`,
      data: { gateway: describe(mesh, gateway), workload: foreign.workload.id, namespace },
    });
  },
});
