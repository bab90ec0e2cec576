import { defineCheck, describe, fail, notApplicable, pass, resources, stringAt, unknown } from '#check';
import type { CheckContext, Resource, Verdict } from '#check';

/** A rule that only its own namespace sees does no harm where that namespace holds nothing but gateways. */
function onlyGatewaysSee(rule: Resource, { mesh, policies }: CheckContext): Verdict<never> | undefined {
  const namespace = mesh.namespaceOf(rule);
  const members = mesh.workloadsIn(namespace).map(policies.enrolment);
  if (
    !policies.destination(rule).isPrivate ||
    members.some((one) => one.known && one.value.dataPlane === 'sidecar')
  )
    return undefined;
  const missing = members.flatMap((one) => (one.known ? [] : one.missing));
  if (missing.length > 0) return unknown(missing);
  return mesh.scope === 'complete'
    ? pass
    : unknown([{ key: 'workloads', text: `all workloads of namespace ${namespace}` }]);
}

export default defineCheck({
  meta: {
    id: 'DR-003',
    title: 'DestinationRule with credentialName leaves sidecars in plaintext',
    severity: 'medium',
    confidence: 'medium',
    examines: 'DestinationRules that originate TLS',
    messages: {
      plaintext:
        '{rule} names credential {credential} for {host} ({reach}), which gateways get and sidecars do not: a sidecar that calls {host} by this rule sends plaintext.',
    },
    remediation:
      'Give {rule} a workloadSelector for the workloads that may read Secret {credential}, or limit it to the namespace of the egress gateway with exportTo: ["."].',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-204/MS-SS-4', 'pci-dss-4.0.1/4.2.1'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, context) => {
    const { host, tls, selectsWorkloads } = context.policies.destination(rule);
    const named = tls.flatMap((one) => {
      const credential = stringAt(one.tls, 'credentialName') ?? '';
      const applies = (one.mode === 'SIMPLE' || one.mode === 'MUTUAL') && credential !== '';
      return applies && !credential.startsWith('configmap://') ? [{ ...one, credential }] : [];
    });
    if (named.length === 0) return notApplicable('DestinationRule names no credential');
    if (selectsWorkloads) return pass;
    return (
      onlyGatewaysSee(rule, context) ??
      fail(
        ...named.map(({ at, credential, reach }) => ({
          message: 'plaintext' as const,
          at: { ...at, path: [...at.path, 'credentialName'] },
          data: { rule: describe(context.mesh, rule), host, credential, reach },
        })),
      )
    );
  },
});
