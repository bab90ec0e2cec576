import {
  defineCheck,
  describeRoute,
  fail,
  inspectedRoute,
  isLeftOut,
  notApplicable,
  pass,
  requestTakers,
  theMesh,
  unknown,
} from '#check';
import type { PublicRoute } from '#check';

/** What of a route's inspection is weak, for people; undefined: nothing. */
const weaknesses: Readonly<Record<string, string>> = {
  partly: 'sees only some of them',
  'detects-only': 'finds attacks and blocks none',
  'fails-open': 'lets them pass whenever it does not answer',
};

function weaknessOf({ inspection }: PublicRoute): string | undefined {
  const verdict = inspection.known ? inspection.value.verdict : '';
  return Object.hasOwn(weaknesses, verdict) ? weaknesses[verdict] : undefined;
}

export default defineCheck({
  meta: {
    id: 'WAF-005',
    title: 'Requests are inspected at the way in only, not inside the mesh',
    severity: 'low',
    confidence: 'medium',
    examines: 'meshes whose public routes are inspected',
    messages: {
      only: 'Requests are inspected on their way in ({route}), and no workload inspects those from inside the mesh ({count} take requests): a caller that is taken over, or that came in another way, meets no web application firewall.',
      weak: 'On their way in ({route}) requests pass a web application firewall that {weakness}, and no workload inspects those from inside the mesh ({count} take requests): a caller that is taken over, or that came in another way, meets none at all.',
    },
    remediation:
      'Where requests between workloads have to be inspected too, give the workloads behind {route} an engine of their own; else say in a waiver that the way in is enough.',
    profile: 'strict',
    controls: ['nist-800-53-r5/SI-10', 'nist-800-53-r5/SC-7(5)', 'cis-controls-8.1/13.10'],
  },
  subjects: (context) => (context.policies.waf.used() ? theMesh(context) : []),
  judge: (_mesh, context) => {
    const { policies } = context;
    const route = inspectedRoute(context);
    if (route === undefined) return notApplicable('no public route is inspected');
    const takers = requestTakers(context);
    if (takers.length === 0) return notApplicable('no workload takes requests');
    const decisions = takers.map(({ value }) => policies.waf.inspection(value));
    if (decisions.some((decision) => decision.known && !isLeftOut(decision))) return pass;
    const open = decisions.find((decision) => !decision.known);
    if (open?.known === false) return unknown(open.missing);
    const data = { route: describeRoute(route), count: takers.length };
    const rest = { at: route.at, cause: 'only the ways in are inspected' };
    const weakness = weaknessOf(route);
    if (weakness === undefined) return fail({ message: 'only', ...rest, data });
    return fail({ message: 'weak', ...rest, data: { ...data, weakness } });
  },
});
