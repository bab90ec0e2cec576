import {
  allOf,
  claimOnlyRoutes,
  defineCheck,
  describe,
  describePods,
  fail,
  heldGatewayPods,
  notApplicable,
  pass,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-019',
    title: 'External authorizer is not asked where only a claim makes a route',
    severity: 'high',
    confidence: 'medium',
    examines: 'gateway pods with CUSTOM policies',
    messages: {
      skipped:
        '{policy} is not asked for requests to {host} that only a claim in the token routes: at {pods} the authorizer runs before the token is read, when there is no route yet, and such requests pass it by.',
    },
    remediation:
      'Give {host} a last route without claims for the same paths (directResponse with status 404, say), so that there is a route when the authorizer runs.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-25'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(context.policies.authorization(pods.workload), ({ value: { custom } }) => {
      const [first] = custom;
      if (first === undefined) return notApplicable('no CUSTOM policy at the gateway');
      return whenKnown(pods.listeners, ({ value: { listeners } }) => {
        const routes = listeners.flatMap(({ chains }) => chains.flatMap(claimOnlyRoutes));
        if (routes.length === 0) return pass;
        return allOf(
          routes.map(({ host, route }) =>
            fail({
              message: 'skipped',
              at: route,
              data: {
                policy: describe(context.mesh, first.resource),
                host,
                pods: describePods(context, pods),
              },
              related: [
                { at: { resource: first.resource, path: ['spec'] }, note: 'the policy that is not asked' },
              ],
            }),
          ),
        );
      });
    }),
});
