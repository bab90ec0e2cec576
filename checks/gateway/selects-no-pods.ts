import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  objectAt,
  pass,
  podsServing,
  resources,
  stringMap,
  unknown,
} from '#check';
import type { CheckContext, Resource } from '#check';

const selectorOf = ({ object }: Resource): string =>
  Object.entries(objectAt(object, 'spec', 'selector') ?? {})
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : ''}`)
    .join(', ');

/** Workloads that carry the labels but are not known to run a gateway's proxy. */
function lookAlikes({ object }: Resource, { mesh }: CheckContext) {
  const pairs = stringMap(objectAt(object, 'spec', 'selector'));
  return [...mesh.namespaces.keys()].flatMap((namespace) => mesh.workloadsMatching(namespace, pairs));
}

export default defineCheck({
  meta: {
    id: 'GW-006',
    title: 'Gateway selects no gateway pod',
    severity: 'medium',
    confidence: 'high',
    examines: 'Istio Gateways with a selector',
    messages: {
      none: '{gateway} selects {selector}, which no pod carries: none of its servers exists, nor does the TLS that they set.',
      sidecar:
        '{gateway} selects {workload}, which runs no gateway proxy: none of its servers exists, nor does the TLS that they set.',
    },
    remediation:
      'Write into spec.selector of {gateway} the labels of the gateway pods that are meant to serve it, or delete it.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0101', 'KIA0302'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'Gateway'),
  judge: (gateway, context) => {
    const selector = selectorOf(gateway);
    if (selector === '') return notApplicable('Gateway without selector is served by every gateway');
    if (podsServing(context, gateway).length > 0) return pass;
    const alike = lookAlikes(gateway, context);
    const undecided = alike.flatMap((workload) => {
      const enrolment = context.policies.enrolment(workload);
      return enrolment.known ? [] : enrolment.missing;
    });
    if (undecided.length > 0) return unknown(undecided);
    if (context.mesh.scope === 'partial')
      return unknown([{ key: 'gateway-pods', text: `gateway pods with the labels ${selector}` }]);
    const [workload] = alike;
    const at = { resource: gateway, path: ['spec', 'selector'] };
    const data = { gateway: describe(context.mesh, gateway), selector };
    return workload === undefined
      ? fail({ message: 'none', at, data })
      : fail({ message: 'sidecar', at, data: { ...data, workload: workload.id } });
  },
});
