import {
  allOf,
  defineCheck,
  describe,
  fail,
  namedDestinations,
  notApplicable,
  pass,
  portsOfHost,
  resources,
  templateVariableIn,
  unknown,
} from '#check';
import type { CheckContext, Resource } from '#check';

function judgeDestination(
  route: Resource,
  { host, written, port, at }: ReturnType<typeof namedDestinations>[number],
  { mesh }: CheckContext,
) {
  const variable = templateVariableIn(written);
  if (variable !== undefined) return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
  const ports = portsOfHost(mesh, host);
  const data = { route: describe(mesh, route), host };
  if (ports === undefined)
    return mesh.scope === 'partial'
      ? unknown([{ key: 'service', text: `Service or ServiceEntry ${host}` }])
      : fail({ message: 'host', at: { ...at, path: [...at.path, 'host'] }, data });
  if (ports === 'any' || port === undefined || ports.includes(port)) return pass;
  // Where the input holds several meshes, objects that they share need not be meant for each of them.
  if (mesh.scope === 'partial' && mesh.environment !== '')
    return unknown([{ key: 'environment', text: `which environments ${data.route} is meant for` }]);
  return fail({
    message: 'port',
    at: { ...at, path: [...at.path, 'port'] },
    data: { ...data, port, ports: [...new Set(ports)].join(', ') },
  });
}

export default defineCheck({
  meta: {
    id: 'REF-008',
    title: 'Route leads to a host or port that does not exist',
    severity: 'low',
    confidence: 'high',
    examines: 'VirtualServices with destinations',
    messages: {
      host: '{route} leads to {host}, which is no Service and no ServiceEntry: requests fail, and whoever may create the name gets them.',
      port: '{route} leads to port {port} of {host}, which has {ports} only: requests fail.',
    },
    remediation:
      'Correct the destination {host} in {route}, or create the Service or ServiceEntry that it means.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0101', 'KIA1101', 'istio-vet/danglingroutedestinationhost'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, context) => {
    const destinations = namedDestinations(context.mesh, route);
    if (destinations.length === 0) return notApplicable('VirtualService has no destination');
    return allOf(destinations.map((destination) => judgeDestination(route, destination, context)));
  },
});
