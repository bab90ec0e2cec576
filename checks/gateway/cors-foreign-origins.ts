import {
  allOf,
  credentialedOrigins,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-016',
    title: 'CORS policy lets foreign sites act for the user',
    severity: 'high',
    confidence: 'high',
    examines: 'VirtualServices and HTTPRoutes with a CORS policy for credentials',
    messages: {
      any: '{route} lets every web site send requests with the cookies of its users and read the answers: origin {origin} matches any, and allowCredentials is set.',
      loose:
        '{route} means to admit one site, yet origin {origin} also matches {example}, which may then send requests with the cookies of its users and read the answers.',
    },
    remediation:
      'List the exact origins (scheme, host and port) in place of {origin} in {route}, or remove allowCredentials.',
    controls: ['nist-800-53-r5/AC-4', 'nist-800-53-r5/SC-23'],
  },
  subjects: (context) => [
    ...resources(context, 'networking.istio.io', 'VirtualService'),
    ...resources(context, 'gateway.networking.k8s.io', 'HTTPRoute'),
  ],
  judge: (route, { mesh }) => {
    const origins = credentialedOrigins(route);
    if (origins.length === 0) return notApplicable('route admits no credentials across origins');
    return allOf(
      origins.map(({ reach, text, example, at }) =>
        reach === 'exact'
          ? pass
          : fail({
              message: reach,
              at,
              data: { route: describe(mesh, route), origin: text, example: example ?? '' },
              ...(reach === 'loose' ? { severity: 'medium' as const } : {}),
            }),
      ),
    );
  },
});
