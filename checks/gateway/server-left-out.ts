import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  gatewayPods,
  lostServers,
  togetherDoubts,
  unknown,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-007',
    title: 'Two gateway servers claim one host or port',
    severity: 'medium',
    confidence: 'medium',
    examines: 'gateway pods',
    messages: {
      lost: 'Left out at {pods}: {gateway}, port {port}, for {hosts}. Created first there, for the same host or port: {rival}, whose TLS settings count.',
      either:
        'Two servers claim {hosts} on port {port} at {pods}: {gateway}, and {rival}. What was created first is served, and the TLS settings of the other are void.',
    },
    remediation:
      'Give {hosts} on port {port} one server: take it out of {gateway}, or out of what else claims it ({rival}); or select different gateway pods.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7', 'cis-controls-8.1/4.1'],
    aliases: ['IST0145', 'KIA0301'],
  },
  subjects: gatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, () =>
      allOf(
        lostServers(pods).map(({ lost, rival, decided }) => {
          const doubts = togetherDoubts(context.mesh, lost.config.resource, rival.config.resource);
          if (doubts.length > 0) return unknown(doubts);
          return fail({
            message: decided ? 'lost' : 'either',
            at: lost.server.at,
            data: {
              gateway: describe(context.mesh, lost.config.resource),
              rival:
                rival.config.resource === lost.config.resource
                  ? 'another server of it'
                  : describe(context.mesh, rival.config.resource),
              hosts: lost.server.hosts.join(', '),
              port: lost.server.port,
              pods: describePods(context, pods),
            },
            related: [{ at: rival.server.at, note: 'the other server' }],
          });
        }),
      ),
    ),
});
