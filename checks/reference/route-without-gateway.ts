import {
  allOf,
  defineCheck,
  describe,
  fail,
  lostParents,
  notApplicable,
  pass,
  resources,
  stringAt,
  listAt,
  unknown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

const routes = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'gateway.networking.k8s.io', kind));

const isForGateways = ({ object }: Resource): boolean =>
  listAt(object, 'spec', 'parentRefs').some((ref) => (stringAt(ref, 'kind') ?? 'Gateway') === 'Gateway');

export default defineCheck({
  meta: {
    id: 'REF-013',
    title: 'Gateway takes the route nowhere',
    severity: 'medium',
    confidence: 'high',
    examines: 'routes of the Gateway API for gateways',
    messages: {
      missing: '{route} is for Gateway {gateway}, which does not exist: its rules are not there.',
      refused:
        'No listener of Gateway {gateway} takes {route} (its allowedRoutes, host names, port or section do not fit): its rules are not there.',
    },
    remediation:
      'Correct parentRefs of {route}, or let a listener of Gateway {gateway} take it (allowedRoutes.namespaces, hostname, sectionName).',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['KIA1401', 'IST0171'],
  },
  subjects: routes,
  judge: (route, { mesh }) => {
    if (!isForGateways(route)) return notApplicable('route is for services of the mesh');
    const lost = lostParents(mesh, route);
    if (lost.length === 0) return pass;
    return allOf(
      lost.map(({ name, why, at }) => {
        const data = { route: describe(mesh, route), gateway: name };
        if (why === 'labels')
          return unknown([
            { key: 'namespace-labels', text: `labels of namespace ${mesh.namespaceOf(route)}` },
          ]);
        if (mesh.scope === 'partial' && why === 'missing')
          return unknown([{ key: 'gateway', text: `Gateway ${name}` }]);
        return fail({ message: why, at, data });
      }),
    );
  },
});
