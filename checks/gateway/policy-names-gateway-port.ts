import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  fieldsOf,
  heldGatewayPods,
  notApplicable,
  pass,
  rulesOf,
  translatedPorts,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-029',
    title: 'Policy at the gateway names a port that its pods do not have',
    severity: 'high',
    confidence: 'high',
    examines: 'gateway pods with policies on ports',
    messages: {
      dead: '{policy} names port {value} at {pods}, which listen on {port} for it: no request there has port {value}, so the {action} rule matches nothing by it.',
    },
    remediation:
      'Write "{port}" instead of "{value}" in {policy}: policies see the port of the pod, not of the Gateway or Service.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(context.policies.authorization(pods.workload), ({ value: { custom, deny, allow } }) =>
      whenKnown(pods.listeners, () => {
        const ports = translatedPorts(pods);
        const named = [
          ...custom.map(({ resource }) => ({ resource, action: 'CUSTOM' })),
          ...deny.map(({ resource }) => ({ resource, action: 'DENY' })),
          ...allow.map(({ resource }) => ({ resource, action: 'ALLOW' })),
        ].flatMap((policy) =>
          rulesOf(policy.resource)
            .flatMap(fieldsOf)
            .filter(({ name }) => name === 'ports' || name === 'destination.port')
            .map((field) => ({ ...policy, field })),
        );
        if (named.length === 0) return notApplicable('no policy on ports');
        const failures = named.flatMap(({ resource, action, field }) =>
          field.values.flatMap((value, index) => {
            const port = ports.get(Number(value));
            if (port === undefined) return [];
            return [
              fail({
                message: 'dead',
                at: { resource, path: [...field.at.path, index] },
                data: {
                  policy: describe(context.mesh, resource),
                  pods: describePods(context, pods),
                  value,
                  port,
                  action,
                },
                ...(action === 'ALLOW' && !field.negative ? { severity: 'medium' as const } : {}),
              }),
            ];
          }),
        );
        return failures.length === 0 ? pass : allOf(failures);
      }),
    ),
});
