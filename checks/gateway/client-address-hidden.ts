import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  fieldName,
  fieldsOf,
  heldGatewayPods,
  isOpen,
  noService,
  notApplicable,
  pass,
  rulesOf,
  stringAt,
  topologyFacts,
  whenKnown,
} from '#check';

const addressFields = new Set(['ipBlocks', 'remoteIpBlocks', 'source.ip', 'remote.ip']);

export default defineCheck({
  meta: {
    id: 'GW-024',
    title: 'Policy compares addresses that the gateway does not see',
    severity: 'medium',
    confidence: 'low',
    examines: 'gateway pods with policies on addresses',
    messages: {
      hidden:
        '{field} of {policy} compares client addresses at {pods}, but {service} does not keep them: with externalTrafficPolicy Cluster most clusters replace the client by the address of a node.',
    },
    remediation:
      'Set spec.externalTrafficPolicy of {service} to Local; behind a proxy or load balancer that hides clients, set gatewayTopology (numTrustedProxies or proxyProtocol) and use remoteIpBlocks.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) => {
    const { mesh, policies } = context;
    const { trustedProxies, readsProxyProtocol } = topologyFacts(mesh, pods.workload);
    if (trustedProxies > 0 || readsProxyProtocol) return notApplicable('a proxy tells the address');
    const service = mesh
      .servicesOf(pods.workload)
      .find(
        (one) => isOpen(one) && stringAt(one.resource.object, 'spec', 'externalTrafficPolicy') !== 'Local',
      );
    return whenKnown(policies.authorization(pods.workload), ({ value: { custom, deny, allow } }) => {
      const found = [...custom, ...deny, ...allow].flatMap(({ resource }) =>
        rulesOf(resource)
          .flatMap(fieldsOf)
          .filter(({ name }) => addressFields.has(name))
          .map((field) => ({ field, resource })),
      );
      if (found.length === 0) return notApplicable('no policy on addresses');
      if (service === undefined) return mesh.servicesOf(pods.workload).length > 0 ? pass : noService(mesh);
      return allOf(
        found.map(({ field, resource }) =>
          fail({
            message: 'hidden',
            at: field.at,
            data: {
              field: fieldName(field.at.path),
              policy: describe(mesh, resource),
              pods: describePods(context, pods),
              service: describe(mesh, service.resource),
            },
            related: [
              { at: { resource: service.resource, path: ['spec'] }, note: 'the Service before the gateway' },
            ],
          }),
        ),
      );
    });
  },
});
