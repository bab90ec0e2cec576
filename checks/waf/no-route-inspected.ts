import {
  defineCheck,
  describe,
  fail,
  gapsOf,
  notApplicable,
  pass,
  publicRoutes,
  theMesh,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'WAF-002',
    title: 'No public route is inspected by a web application firewall',
    severity: 'medium',
    confidence: 'medium',
    examines: 'meshes with public routes',
    messages: {
      none: 'Nothing in the manifests inspects the requests of the {count} public routes, among them those of {server}: what a load balancer outside of the cluster may do is not written there.',
    },
    remediation:
      'Put a web application firewall in front of {server} or into its proxies, and declare one that stands outside of the cluster as a waiver with that reason.',
    profile: 'strict',
    controls: [
      'nist-800-53-r5/SI-10',
      'nist-800-53-r5/SC-7',
      'pci-dss-4.0.1/6.4.2',
      'cis-controls-8.1/13.10',
    ],
  },
  subjects: theMesh,
  judge: (mesh, { policies }) => {
    const routes = publicRoutes(policies).filter(({ at }) => at.resource.reported);
    const [first] = routes;
    if (first === undefined) return notApplicable('no route that clients outside of the cluster get to');
    const decisions = routes.map(({ inspection }) => inspection);
    if (decisions.some((decision) => decision.known && decision.value.products.length > 0)) return pass;
    if (decisions.some((decision) => gapsOf(decision).length > 0)) return pass;
    // What was to inspect and does nothing is told there, at its cause.
    if (policies.waf.idle().length > 0) return pass;
    const open = decisions.find((decision) => !decision.known);
    if (open?.known === false) return unknown(open.missing);
    const data = { count: routes.length, server: describe(mesh, first.at.resource) };
    return fail({ message: 'none', at: first.at, cause: 'no public route is inspected', data });
  },
});
