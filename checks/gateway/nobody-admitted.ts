import {
  defineCheck,
  describe,
  describePods,
  fail,
  heldGatewayPods,
  isIdentity,
  notApplicable,
  pass,
  rulesOf,
  unknown,
  whenKnown,
} from '#check';
import type { GatewayPods, Resource, WrittenRule } from '#check';

/** Clients from outside the mesh have no identity, so that a source which wants one is none of them. */
const needsIdentity = ({ sources, conditions }: WrittenRule): boolean =>
  conditions.some(({ fields }) => fields.some((field) => isIdentity(field) && !field.negative)) ||
  (sources.length > 0 &&
    sources.every(({ fields }) => fields.some((field) => isIdentity(field) && !field.negative)));

const admitsStrangers = (policy: Resource): boolean => rulesOf(policy).some((rule) => !needsIdentity(rule));

/** True when some server knows its clients by certificate, or only the mesh is let through. */
const knowsClients = ({ listeners }: GatewayPods): boolean =>
  listeners.known &&
  listeners.value.listeners.some(({ chains }) =>
    chains.some(
      ({ tls, mode }) => mode === 'AUTO_PASSTHROUGH' || (tls?.clientCertificate ?? 'ignored') !== 'ignored',
    ),
  );

export default defineCheck({
  meta: {
    id: 'GW-021',
    title: 'Policies at the gateway let no client in',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway pods with servers',
    messages: {
      nothing:
        '{policy} closes {pods}: no ALLOW policy there has a rule that a client from outside the mesh can match (it has no mesh identity), so every request is denied.',
    },
    remediation:
      'Add an ALLOW AuthorizationPolicy that selects {pods} and names the hosts, methods and paths that clients may ask for, without source.principals or source.namespaces.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6', 'istio-best-practices/default-deny'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(context.policies.authorization(pods.workload), ({ value: { defaultAction, allow } }) => {
      if (pods.gateways.length === 0) return notApplicable('gateway serves nothing');
      if (defaultAction === 'allow' || knowsClients(pods)) return pass;
      if (allow.some(({ resource }) => admitsStrangers(resource))) return pass;
      const closing = allow.at(-1)?.resource;
      if (closing === undefined) return pass;
      if (context.mesh.scope === 'partial')
        return unknown([
          { key: 'authorization-policies', text: 'ALLOW policies for the gateway outside the input' },
        ]);
      return fail({
        message: 'nothing',
        at: { resource: closing, path: ['spec'] },
        data: { policy: describe(context.mesh, closing), pods: describePods(context, pods) },
      });
    }),
});
