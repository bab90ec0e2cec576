import {
  defineCheck,
  describe,
  describeRoute,
  fail,
  inspectedRoute,
  isLeftOut,
  notApplicable,
  pass,
  publicRouteSubjects,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'WAF-001',
    title: 'Public route past the web application firewall',
    severity: 'high',
    confidence: 'medium',
    examines: 'public routes where a web application firewall is in use',
    messages: {
      gateway:
        'Nothing in the manifests inspects the requests that {gateway} takes in by {server}, while {other} is inspected.',
      elsewhere:
        'Nothing in the manifests inspects the requests that {server} takes in, while {other} is inspected.',
    },
    remediation:
      'Let the filter of {other} reach {server} too (its workloadSelector or targetRefs, listener port and chain), or close {server} to the outside.',
    controls: [
      'nist-800-53-r5/SI-10',
      'nist-800-53-r5/SC-7',
      'pci-dss-4.0.1/6.4.2',
      'cis-controls-8.1/13.10',
    ],
  },
  subjects: (context) => (context.policies.waf.used() ? publicRouteSubjects(context) : []),
  judge: (route, context) => {
    const { mesh } = context;
    const other = inspectedRoute(context, route);
    if (other === undefined) return notApplicable('no public route is inspected');
    const { gateway, at, inspection } = route;
    if (!inspection.known) return unknown(inspection.missing);
    if (!isLeftOut(inspection)) return pass;
    const server = describe(mesh, at.resource);
    const data = { server, other: describeRoute(other) };
    if (gateway === undefined) return fail({ message: 'elsewhere', at, data });
    const pods = `${gateway.kind} ${gateway.namespace}/${gateway.name}`;
    return fail({ message: 'gateway', at, data: { ...data, gateway: pods } });
  },
});
