import { defineCheck, describe, fail, istiodFlag, notApplicable, pass, resources, selectsAll } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const flag = 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY';

const policiesOf = (context: CheckContext): readonly Subject<Resource>[] =>
  ['AuthorizationPolicy', 'RequestAuthentication'].flatMap((kind) =>
    resources(context, 'security.istio.io', kind),
  );

/** The first Kubernetes Gateway that a policy for all pods of its namespace, or of the mesh, would be for. */
function gatewayOf(policy: Resource, { mesh, policies }: CheckContext): Resource | undefined {
  const namespace = mesh.namespaceOf(policy);
  const isRoot = namespace === mesh.settings.rootNamespace;
  return policies
    .gatewayServers()
    .find(
      ({ api, resource }) => api === 'gateway-api' && (isRoot || mesh.namespaceOf(resource) === namespace),
    )?.resource;
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-037',
    title: 'Gateway does not read the policies of its namespace',
    severity: 'high',
    confidence: 'high',
    examines: 'policies for a whole namespace or the mesh',
    messages: {
      unread:
        '{policy} is for every pod, but at those of {gateway} nothing enforces it: ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY is false, and istiod takes policies with targetRefs to the Gateway only.',
    },
    remediation:
      'Remove ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY=false from istiod, or write the rules of {policy} in a policy with targetRefs to {gateway}.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-25', 'nist-800-53-r5/CM-6'],
  },
  subjects: policiesOf,
  judge: (policy, context) => {
    if (!selectsAll(policy)) return notApplicable('policy selects some');
    if (istiodFlag(context.mesh, flag, true)) return pass;
    const gateway = gatewayOf(policy, context);
    if (gateway === undefined) return pass;
    const data = { policy: describe(context.mesh, policy), gateway: describe(context.mesh, gateway) };
    return fail({ message: 'unread', at: { resource: policy, path: ['spec'] }, data });
  },
});
