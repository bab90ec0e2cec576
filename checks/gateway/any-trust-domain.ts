import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  fieldName,
  foreignTrustDomains,
  heldGatewayPods,
  namesNoTrustDomain,
  notApplicable,
  pass,
  rulesOf,
  whenKnown,
} from '#check';
import type { GatewayPods } from '#check';

/** A server that takes every certificate of the mesh's CA. */
const meshServer = ({ listeners }: GatewayPods) =>
  listeners.known
    ? listeners.value.listeners.flatMap(({ chains }) => chains).find(({ mode }) => mode === 'ISTIO_MUTUAL')
        ?.servers[0]
    : undefined;

export default defineCheck({
  meta: {
    id: 'GW-034',
    title: 'Gateway for mesh clients does not look at the trust domain',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'gateway pods with ISTIO_MUTUAL servers',
    messages: {
      any: '{field} of {policy} admits a namespace or account of any trust domain at {pods}: the ISTIO_MUTUAL server of {gateway} asks for a certificate of the CA and, unlike a sidecar, not for one of this mesh.',
    },
    remediation:
      'Name principals with the trust domain in {policy} in place of {field}, where other meshes have certificates of the same root.',
    controls: ['nist-800-53-r5/IA-3', 'nist-800-53-r5/IA-9', 'nist-800-53-r5/AC-3'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, () => {
      const server = meshServer(pods);
      if (server === undefined) return notApplicable('gateway has no ISTIO_MUTUAL server');
      if (foreignTrustDomains(context.mesh).length > 0)
        return notApplicable('mesh trusts other trust domains: a check of its own judges that');
      return whenKnown(context.policies.authorization(pods.workload), ({ value: { allow } }) => {
        const named = allow.flatMap(({ resource }) =>
          rulesOf(resource).flatMap(({ sources, conditions }) =>
            [...sources, ...conditions].flatMap(namesNoTrustDomain).map((field) => ({ field, resource })),
          ),
        );
        if (named.length === 0) return pass;
        return allOf(
          named.map(({ field, resource }) =>
            fail({
              message: 'any',
              at: field.at,
              data: {
                field: fieldName(field.at.path),
                policy: describe(context.mesh, resource),
                pods: describePods(context, pods),
                gateway: describe(context.mesh, server.config.resource),
              },
              related: [{ at: server.server.at, note: 'the server' }],
            }),
          ),
        );
      });
    }),
});
