import {
  actionOf,
  allOf,
  constraintsOf,
  defineCheck,
  describe,
  describePods,
  fail,
  heldGatewayPods,
  notApplicable,
  whenKnown,
  pass,
} from '#check';
import type { GatewayPods, RuleField } from '#check';

const isSni = ({ name }: RuleField): boolean => name === 'connection.sni';

/** True where a connection of one name can ask for another host: a server that reads HTTP takes several names. */
function servesOtherHosts({ listeners }: GatewayPods): boolean {
  if (!listeners.known) return false;
  return listeners.value.listeners.some(({ chains }) =>
    chains.some(
      ({ application, mode }) =>
        mode !== 'PLAINTEXT' && application.kind === 'http' && application.virtualHosts.length > 1,
    ),
  );
}

export default defineCheck({
  meta: {
    id: 'GW-036',
    title: 'Policy on the SNI of connections does not hold for hosts',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'gateway pods with policies on connection.sni',
    messages: {
      chosen:
        '{action} rule of {policy} compares connection.sni at {pods}, which serve several hosts by one certificate: a client connects with one name and asks for another host, so each client chooses whether it matches.',
    },
    remediation: 'Compare hosts beside connection.sni in {policy}, or give each host a server of its own.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) => {
    const { mesh } = context;
    const compared = mesh
      .ofKind('security.istio.io', 'AuthorizationPolicy')
      .some((policy) => constraintsOf(policy).some(isSni));
    if (!compared) return notApplicable('no policy compares the SNI');
    return whenKnown(context.policies.authorization(pods.workload), ({ value: { allow, deny, custom } }) => {
      const named = [...allow, ...deny, ...custom].flatMap(({ resource }) => {
        const fields = constraintsOf(resource);
        if (fields.some(({ name }) => name === 'hosts')) return [];
        return fields.filter(isSni).map((field) => ({ resource, field }));
      });
      if (named.length === 0) return notApplicable('no policy compares the SNI');
      return whenKnown(pods.listeners, () => {
        if (!servesOtherHosts(pods)) return pass;
        return allOf(
          named.map(({ resource, field }) =>
            fail({
              message: 'chosen',
              at: field.at,
              data: {
                policy: describe(context.mesh, resource),
                action: actionOf(resource) ?? 'unknown',
                pods: describePods(context, pods),
              },
            }),
          ),
        );
      });
    });
  },
});
