import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  fieldName,
  heldGatewayPods,
  lostOnTcp,
  notApplicable,
  pass,
  rulesOf,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-020',
    title: 'DENY policy for HTTP closes TCP and passthrough servers',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway pods with TCP or passthrough servers',
    messages: {
      closed:
        '{policy} denies every connection to the TCP and passthrough servers of {pods} (port {port}): there {field} can not be compared and falls away.',
    },
    remediation:
      'Limit the rule of {policy} to the HTTP ports of the gateway pods (operation.ports, the port that the pod listens on), or serve TCP and passthrough from other gateway pods.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6'],
    aliases: ['IST0133'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(context.policies.authorization(pods.workload), ({ value: { deny } }) =>
      whenKnown(pods.listeners, ({ value: { listeners } }) => {
        const ports = listeners
          .filter(({ chains }) =>
            chains.some(({ application, mode }) => application.kind === 'tcp' && mode !== 'AUTO_PASSTHROUGH'),
          )
          .map(({ port }) => port);
        if (ports.length === 0) return notApplicable('gateway has no TCP or passthrough server');
        const failures = deny.flatMap(({ resource }) =>
          rulesOf(resource).flatMap((rule) => {
            const lost = ports.flatMap((port) => {
              const found = lostOnTcp(rule, 'DENY', port);
              return found === undefined ? [] : [{ ...found, port }];
            });
            const [first] = lost;
            if (first === undefined) return [];
            return [
              fail({
                message: 'closed',
                at: first.field.at,
                data: {
                  policy: describe(context.mesh, resource),
                  pods: describePods(context, pods),
                  field: fieldName(first.field.at.path),
                  port: lost.map(({ port }) => port).join(', '),
                },
              }),
            ];
          }),
        );
        return failures.length === 0 ? pass : allOf(failures);
      }),
    ),
});
