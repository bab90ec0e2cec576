import { allOf, defineCheck, describeRoute, fail, gapsOf, pass, publicRouteSubjects } from '#check';

export default defineCheck({
  meta: {
    id: 'WAF-003',
    title: 'Way past the web application firewall in front of the gateway',
    severity: 'high',
    confidence: 'medium',
    examines: 'public routes where a web application firewall is in use',
    messages: {
      bypass:
        '{bypass} leads past {product} at {object} to the same pods: requests that come in that way are not inspected.',
    },
    remediation:
      'Close {bypass} to clients outside of the cluster (type: ClusterIP, or an internal load balancer), or put {product} in front of it as {object} does.',
    controls: [
      'nist-800-53-r5/SI-10',
      'nist-800-53-r5/SC-7',
      'pci-dss-4.0.1/6.4.2',
      'cis-controls-8.1/13.10',
    ],
  },
  subjects: (context) => (context.policies.waf.used() ? publicRouteSubjects(context) : []),
  judge: (route) => {
    const gaps = gapsOf(route.inspection).filter(({ kind }) => kind === 'front-bypassed');
    if (gaps.length === 0) return pass;
    return allOf(
      gaps.map(({ at, data, related }) =>
        fail({
          message: 'bypass',
          at,
          data,
          related: related.map((place) => ({ at: place, note: `inspects ${describeRoute(route)}` })),
        }),
      ),
    );
  },
});
