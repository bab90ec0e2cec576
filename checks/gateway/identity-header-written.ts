import { allOf, defineCheck, describe, fail, forgedHeaders, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-017',
    title: 'Route writes an identity or a credential into requests',
    severity: 'high',
    confidence: 'medium',
    examines: 'VirtualServices and HTTPRoutes',
    messages: {
      identity:
        '{route} writes the header {header} into requests: receivers that take it for who calls believe what the route says.',
      credential:
        '{route} writes the header {header} with a fixed value into requests: whoever can read the manifest has the credential, and whoever can reach the route uses it.',
    },
    remediation:
      'Remove {header} from headers.request of {route}; let the caller prove itself, or let an external authorizer add the credential from a Secret.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/IA-3', 'nist-800-53-r5/SC-23'],
  },
  subjects: (context) => [
    ...resources(context, 'networking.istio.io', 'VirtualService'),
    ...resources(context, 'gateway.networking.k8s.io', 'HTTPRoute'),
  ],
  judge: (route, { mesh }) => {
    const headers = forgedHeaders(route);
    if (headers.length === 0) return pass;
    return allOf(
      headers.map(({ name, means, at }) =>
        fail({
          message: means,
          at,
          data: { route: describe(mesh, route), header: name },
          ...(means === 'credential' ? { severity: 'medium' as const } : {}),
        }),
      ),
    );
  },
});
