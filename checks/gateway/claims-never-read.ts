import {
  allOf,
  defineCheck,
  describePods,
  fail,
  heldGatewayPods,
  notApplicable,
  pass,
  routesByClaims,
  unknown,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-032',
    title: 'Routes by claims at a gateway that reads no tokens',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway pods with routes by claims',
    messages: {
      never:
        'The route for {host} asks for claims of a token, but no RequestAuthentication reaches {pods}: no token is read there, the route is never taken, and requests go to the next one.',
    },
    remediation:
      'Add a RequestAuthentication with the issuer of the tokens that selects {pods}, in their namespace.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/CM-6', 'istio-best-practices/mandatory-token'],
    aliases: ['IST0149'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, ({ value: { listeners } }) => {
      const routes = listeners.flatMap(({ chains }) => chains.flatMap(routesByClaims));
      if (routes.length === 0) return notApplicable('no route by claims');
      return whenKnown(context.policies.requestAuthentication(pods.workload), ({ value: { issuers } }) => {
        if (issuers.length > 0) return pass;
        if (context.mesh.scope === 'partial')
          return unknown([{ key: 'request-authentication', text: 'RequestAuthentications for the gateway' }]);
        return allOf(
          routes.map(({ host, route }) =>
            fail({ message: 'never', at: route, data: { host, pods: describePods(context, pods) } }),
          ),
        );
      });
    }),
});
