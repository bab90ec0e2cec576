import {
  actionOf,
  allOf,
  caseBlindRoutes,
  constraintsOf,
  defineCheck,
  describe,
  describePods,
  fail,
  heldGatewayPods,
  notApplicable,
  opensWhenDead,
  pass,
  takesPath,
  whenKnown,
} from '#check';
import type { Resource } from '#check';

/** Paths, with a letter in them, that a policy is to keep out. */
const guardedPaths = (policy: Resource): readonly string[] =>
  constraintsOf(policy)
    .filter((field) => field.name === 'paths' && !field.negative && opensWhenDead(actionOf(policy), field))
    .flatMap(({ values }) => values)
    .filter((value) => /[a-zA-Z]/.test(value));

export default defineCheck({
  meta: {
    id: 'GW-035',
    title: 'Route without regard to case passes a policy on paths',
    severity: 'medium',
    confidence: 'medium',
    examines: 'gateway pods with routes that ignore case',
    messages: {
      spelling:
        'The route for {host} takes paths in any case, while {policy} compares {path} to the letter: at {pods} a request in capitals passes the {action} rule and is routed.',
    },
    remediation:
      'Remove ignoreUriCase from the route for {host}, or let {policy} say by ALLOW what is let through.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SI-10', 'istio-best-practices/path-normalization'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) =>
    whenKnown(pods.listeners, ({ value: { listeners } }) => {
      const routes = listeners.flatMap(({ chains }) => chains.flatMap(caseBlindRoutes));
      if (routes.length === 0) return notApplicable('no route ignores case');
      return whenKnown(context.policies.authorization(pods.workload), ({ value: { deny, custom } }) => {
        const guards = [...deny, ...custom].flatMap(({ resource }) =>
          guardedPaths(resource).map((path) => ({ resource, path })),
        );
        return allOf(
          routes.map((route) => {
            const guard = guards.find(({ path }) => takesPath(route, path));
            if (guard === undefined) return pass;
            return fail({
              message: 'spelling',
              at: route.at,
              data: {
                host: route.host,
                policy: describe(context.mesh, guard.resource),
                path: guard.path,
                action: actionOf(guard.resource) ?? 'unknown',
                pods: describePods(context, pods),
              },
            });
          }),
        );
      });
    }),
});
