import { allOf, defineCheck, describe, fail, pass, resources, ungrantedBackends, unknown } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

const routes = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap((kind) => resources(context, 'gateway.networking.k8s.io', kind));

export default defineCheck({
  meta: {
    id: 'REF-014',
    title: 'Route leads into a namespace that does not grant it',
    severity: 'low',
    confidence: 'high',
    examines: 'routes of the Gateway API',
    messages: {
      denied:
        '{route} leads to {name} of namespace {namespace}, where no ReferenceGrant admits it: such requests are answered with an error.',
    },
    remediation:
      'Create a ReferenceGrant in namespace {namespace} that admits {route} to {name}, or move the route there.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-4', 'istio-best-practices/validate-configuration'],
    aliases: ['KIA1402', 'KIA1601'],
  },
  subjects: routes,
  judge: (route, { mesh }) => {
    const denied = ungrantedBackends(mesh, route);
    if (denied.length === 0) return pass;
    return allOf(
      denied.map(({ name, namespace, at }) =>
        mesh.scope === 'partial'
          ? unknown([{ key: 'reference-grant', text: `ReferenceGrants of namespace ${namespace}` }])
          : fail({ message: 'denied', at, data: { route: describe(mesh, route), name, namespace } }),
      ),
    );
  },
});
