import {
  defineCheck,
  fail,
  inspectedTaker,
  isInspected,
  isLeftOut,
  notApplicable,
  pass,
  placeOf,
  publicRoutesOf,
  requestTakers,
  unknown,
} from '#check';
import type { CheckContext, Workload } from '#check';

/** True where some way in from outside ends at the workload uninspected. */
const isReachedUninspected = (workload: Workload, { policies }: CheckContext): boolean =>
  publicRoutesOf(policies, workload).some(({ inspection }) => !isInspected(inspection));

export default defineCheck({
  meta: {
    id: 'WAF-004',
    title: 'Workload takes requests uninspected while others have them inspected',
    severity: 'low',
    confidence: 'medium',
    examines: 'workloads that take requests where a web application firewall is beside some of them',
    messages: {
      inside:
        'Requests from inside the mesh reach {workload} past any web application firewall, while those to {other} are inspected.',
      exposed:
        'Requests reach {workload} past any web application firewall, those from outside the cluster too, while those to {other} are inspected.',
    },
    remediation:
      'Give {workload} the agent and the filter that {other} has, or say in a waiver why its requests need no inspection.',
    profile: 'strict',
    controls: ['nist-800-53-r5/SI-10', 'nist-800-53-r5/SC-7(5)', 'cis-controls-8.1/13.10'],
  },
  subjects: (context) => (context.policies.waf.used() ? requestTakers(context) : []),
  judge: (workload, context) => {
    const { policies } = context;
    const found = inspectedTaker(context);
    if (found === undefined) return notApplicable('no workload inspects its requests itself');
    const decision = policies.waf.inspection(workload);
    if (!decision.known) return unknown(decision.missing);
    if (!isLeftOut(decision)) return pass;
    const { kind, namespace, name } = found;
    const data = {
      workload: `${workload.kind} ${workload.namespace}/${workload.name}`,
      other: `${kind} ${namespace}/${name}`,
    };
    const at = placeOf(workload);
    return isReachedUninspected(workload, context)
      ? fail({ message: 'exposed', severity: 'medium', at, data })
      : fail({ message: 'inside', at, data });
  },
});
