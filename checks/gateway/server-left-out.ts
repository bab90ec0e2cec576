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
      lost: '{gateway} is left out on port {port} for {hosts} ({pods}): {rival} was created first, for the same host or port, and its TLS settings count.',
      either:
        '{gateway} and {rival} both claim {hosts} on port {port} of one gateway ({pods}): what was created first is served, and the TLS settings of the other are void.',
    },
    remediation:
      'Keep {hosts} on port {port} in one of {gateway} and {rival}, or let them select different gateway pods.',
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
