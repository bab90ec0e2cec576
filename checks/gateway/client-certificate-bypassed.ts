import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  gatewayPods,
  mutualBypasses,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-010',
    title: 'Client certificate is bypassed by the name of another server',
    severity: 'high',
    confidence: 'high',
    examines: 'gateway pods',
    messages: {
      bypassed:
        '{guarded} asks for a client certificate for {host}, yet {pods} answer for it without one: a client connects with the SNI {name}, which {open} serves, and asks for Host {host}.',
    },
    remediation:
      'Move the server for {host} and its routes into a Gateway of their own with exact host names, or answer {host} with 421 on the server for {name} (VirtualService with fault.abort).',
    controls: [
      'nist-800-53-r5/IA-3',
      'nist-800-53-r5/SC-23',
      'nist-800-204/MS-SS-4',
      'istio-best-practices/gateway-isolation',
    ],
    aliases: ['tetrate/relaxed-sni-host'],
  },
  subjects: gatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, ({ value: { listeners } }) =>
      allOf(
        listeners
          .filter(({ rejected }) => rejected === undefined)
          .flatMap(mutualBypasses)
          .map(({ host, guarded, open, openName, route }) =>
            fail({
              message: 'bypassed',
              at: guarded,
              data: {
                host,
                name: openName,
                guarded: describe(context.mesh, guarded.resource),
                open: describe(context.mesh, open.resource),
                pods: describePods(context, pods),
              },
              related: [
                { at: open, note: 'the server that asks for no certificate' },
                { at: route, note: 'the route that answers' },
              ],
            }),
          ),
      ),
    ),
});
