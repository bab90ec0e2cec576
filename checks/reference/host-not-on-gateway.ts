import {
  allOf,
  boundGateways,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  stringsAt,
  templateVariableIn,
  uncoveredHosts,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-007',
    title: 'Gateway does not serve the host of a VirtualService',
    severity: 'medium',
    confidence: 'high',
    examines: 'VirtualServices bound to gateways of the input',
    messages: {
      uncovered:
        '{route} has routes for {host}, which no server of {gateways} takes from namespace {namespace}: they are not there.',
    },
    remediation: 'Add {namespace}/{host} to the hosts of {gateways}, or correct the host in {route}.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0132'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const bound = boundGateways(mesh, route);
    const isForMesh = stringsAt(route.object, 'spec', 'gateways').includes('mesh');
    if (bound.length === 0 || isForMesh) return notApplicable('VirtualService is not for gateways alone');
    const absent = bound.filter(({ gateway }) => gateway === undefined);
    if (absent.length > 0)
      return unknown(absent.map(({ id }) => ({ key: 'gateway', text: `Gateway ${id}` })));
    const gateways = bound.flatMap(({ gateway }) => gateway ?? []);
    const contested = gateways.filter(({ resource }) => mesh.isContested(resource));
    if (contested.length > 0)
      return unknown(
        contested.map(({ id }) => ({ key: 'contested', text: `which Gateway ${id} is applied` })),
      );
    const uncovered = uncoveredHosts(mesh, route, gateways);
    if (uncovered.length === 0) return pass;
    const written = gateways.flatMap(({ servers }) => servers.flatMap(({ hosts }) => hosts));
    const variable = [...uncovered.map(({ host }) => host), ...written].map(templateVariableIn).find(Boolean);
    if (variable !== undefined) return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
    // Where the input holds several meshes, objects that they share need not be meant for each of them.
    if (mesh.scope === 'partial' && mesh.environment !== '')
      return unknown([
        { key: 'environment', text: `which environments ${describe(mesh, route)} is meant for` },
      ]);
    return allOf(
      uncovered.map(({ host, at }) =>
        fail({
          message: 'uncovered',
          at,
          data: {
            route: describe(mesh, route),
            host,
            gateways: gateways.map(({ resource }) => describe(mesh, resource)).join(', '),
            namespace: mesh.namespaceOf(route),
          },
        }),
      ),
    );
  },
});
