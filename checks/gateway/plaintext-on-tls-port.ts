import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  gatewayPods,
  mixedPorts,
  togetherDoubts,
  unknown,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-008',
    title: 'Gateway opens plaintext on a port that serves TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'gateway pods',
    messages: {
      open: '{plaintext} opens pod port {port} in plaintext at {pods}, where {encrypted} serves TLS: the port answers both, with the routes of each.',
      closed:
        '{plaintext} opens pod port {port} in plaintext at {pods} first, so that the TLS server there ({encrypted}) is left out.',
      either:
        '{plaintext} opens pod port {port} in plaintext at {pods}, where {encrypted} serves TLS. Created later, it makes the port answer in plaintext too; created first, it makes the TLS server vanish.',
    },
    remediation:
      'Take port {port} out of {plaintext}: plaintext (a redirect to https at most) belongs to a port of its own.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6', 'pci-dss-4.0.1/4.2.1'],
    aliases: ['IST0145'],
  },
  subjects: gatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, () =>
      allOf(
        mixedPorts(pods).map(({ port, plaintext, encrypted, effect }) => {
          const doubts = togetherDoubts(context.mesh, plaintext.resource, encrypted.resource);
          if (doubts.length > 0) return unknown(doubts);
          return fail({
            message: effect,
            at: plaintext,
            data: {
              port,
              plaintext: describe(context.mesh, plaintext.resource),
              encrypted:
                encrypted.resource === plaintext.resource
                  ? 'another server of it'
                  : describe(context.mesh, encrypted.resource),
              pods: describePods(context, pods),
            },
            related: [{ at: encrypted, note: 'the TLS server of this port' }],
          });
        }),
      ),
    ),
});
