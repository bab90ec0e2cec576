import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  fieldName,
  fieldsOf,
  heldGatewayPods,
  isIdentity,
  notApplicable,
  pass,
  rulesOf,
  whenKnown,
} from '#check';
import type { GatewayPods, RuleField } from '#check';

/** A server that takes client certificates of a CA of its own, not the mesh's. */
const foreignServer = ({ listeners }: GatewayPods) =>
  listeners.known
    ? listeners.value.listeners
        .flatMap(({ chains }) => chains)
        .find(({ mode }) => mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL')?.servers[0]
    : undefined;

/** `*` asks for any certificate, which such a server does ask for. */
const namesSomebody = (field: RuleField): boolean =>
  isIdentity(field) && !field.negative && field.values.some((value) => value !== '*');

export default defineCheck({
  meta: {
    id: 'GW-027',
    title: 'Names in certificates of a foreign CA count as mesh identities',
    severity: 'medium',
    confidence: 'medium',
    examines: 'gateway pods with policies on identities',
    messages: {
      foreign:
        '{field} of {policy} admits mesh identities at {pods}, where {gateway} accepts client certificates of another CA: a certificate of that CA with such a name in it passes for the workload.',
    },
    remediation:
      'Serve mesh clients and foreign certificates from different gateway pods; or limit subjectAltNames of the MUTUAL server of {gateway} to the partners’ own names, none of them spiffe://.',
    controls: ['nist-800-53-r5/IA-3', 'nist-800-53-r5/IA-9', 'nist-800-53-r5/SC-23'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(context.policies.authorization(pods.workload), ({ value: { allow } }) => {
      const named = allow.flatMap(({ resource }) =>
        rulesOf(resource)
          .flatMap(fieldsOf)
          .filter(namesSomebody)
          .map((field) => ({ field, resource })),
      );
      if (named.length === 0) return notApplicable('no policy on identities');
      return whenKnown(pods.listeners, () => {
        const server = foreignServer(pods);
        if (server === undefined || (server.server.tls?.subjectAltNames.length ?? 0) > 0) return pass;
        return allOf(
          named.map(({ field, resource }) =>
            fail({
              message: 'foreign',
              at: field.at,
              data: {
                field: fieldName(field.at.path),
                policy: describe(context.mesh, resource),
                pods: describePods(context, pods),
                gateway: describe(context.mesh, server.config.resource),
              },
              related: [{ at: server.server.at, note: 'the server that takes foreign certificates' }],
            }),
          ),
        );
      });
    }),
});
