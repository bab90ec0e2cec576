import { allOf, defineCheck, describe, describePods, fail, gatewayPods, whenKnown } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-009',
    title: 'Envoy refuses the listener of a gateway port',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway pods',
    messages: {
      refused:
        'Envoy refuses the listener of pod port {port} at {pods} ({gateways}): {reason}. A new pod serves nothing there; a running one keeps what it had, and later changes of policy do not arrive.',
    },
    remediation:
      'Make the host names and SNI names of {gateways} on port {port} distinct: one name, one server or one rule that passes TLS through.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: gatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, ({ value: { listeners } }) =>
      allOf(
        listeners.flatMap(({ port, chains, rejected }) => {
          const servers = chains.flatMap((chain) => chain.servers);
          const last = servers.at(-1);
          if (rejected === undefined || last === undefined) return [];
          const names = servers.map(({ config }) => describe(context.mesh, config.resource));
          return [
            fail({
              message: 'refused',
              at: last.server.at,
              data: {
                port,
                reason: rejected,
                gateways: [...new Set(names)].join(' and '),
                pods: describePods(context, pods),
              },
            }),
          ];
        }),
      ),
    ),
});
