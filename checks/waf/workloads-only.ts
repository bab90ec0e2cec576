import {
  defineCheck,
  describeRoute,
  fail,
  gatewayPods,
  isInspected,
  notApplicable,
  pass,
  publicRoutesOf,
} from '#check';
import type { CheckContext, PublicRoute, Workload } from '#check';

/** True where what inspects a route stands at the workloads that it ends at, and nowhere before them. */
const isInspectedBehind = ({ inspection, workloads }: PublicRoute, { policies }: CheckContext): boolean => {
  if (!inspection.known || !isInspected(inspection)) return false;
  const behind = workloads.flatMap((workload): readonly unknown[] => {
    const decision = policies.waf.inspection(workload);
    return decision.known ? decision.value.by.map(({ resource }) => resource) : [];
  });
  return inspection.value.by.every(({ resource }) => behind.includes(resource));
};

const nameOf = ({ kind, namespace, name }: Workload): string => `${kind} ${namespace}/${name}`;

export default defineCheck({
  meta: {
    id: 'WAF-006',
    title: 'Gateway leaves inspection to the workloads behind it',
    severity: 'low',
    confidence: 'medium',
    examines: 'pods of gateways where a web application firewall is in use',
    messages: {
      only: '{gateway} inspects nothing itself: {route} is inspected because {workload} does, and every other route that is added to it is not.',
    },
    remediation:
      'Inspect at {gateway} too, so that a new route is not left out by default; else say in a waiver that each workload brings its own inspection.',
    profile: 'strict',
    controls: ['nist-800-53-r5/SI-10', 'nist-800-53-r5/SC-7', 'cis-controls-8.1/13.10'],
  },
  subjects: (context) => (context.policies.waf.used() ? gatewayPods(context) : []),
  judge: ({ workload: gateway }, context) => {
    const own = context.policies.waf.inspection(gateway);
    if (own.known && own.value.verdict !== 'not-inspected') return pass;
    const routes = publicRoutesOf(context.policies, gateway);
    const inspected = routes.filter(({ inspection }) => isInspected(inspection));
    const [first] = inspected;
    if (first === undefined) return notApplicable('none of its routes is inspected');
    if (!inspected.every((route) => isInspectedBehind(route, context))) return pass;
    const workload = first.workloads.map(nameOf).join(', ');
    const data = { gateway: nameOf(gateway), route: describeRoute(first), workload };
    return fail({ message: 'only', at: first.at, data });
  },
});
