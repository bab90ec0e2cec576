import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  sharedHosts,
  stringsAt,
  templateVariableIn,
  togetherDoubts,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'GW-028',
    title: 'Two namespaces route one host of a gateway',
    severity: 'medium',
    confidence: 'medium',
    examines: 'VirtualServices bound to gateways',
    messages: {
      shared:
        '{route} and {others} route the same host {host} of Gateway {gateway} from different namespaces: their routes are mixed, and who comes first for a path depends on which object is older.',
    },
    remediation:
      'Let one namespace own {host}: name it in the Gateway (hosts: ["<namespace>/{host}"]) and hand paths to other namespaces by delegate.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-4', 'istio-best-practices/gateway-hosts'],
    aliases: ['KIA1106', 'istio-vet/conflictingvirtualservicehost'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const gateways = stringsAt(route.object, 'spec', 'gateways').filter((name) => name !== 'mesh');
    if (gateways.length === 0) return notApplicable('VirtualService is bound to no gateway');
    const shared = sharedHosts(mesh, route).filter(({ host }) => templateVariableIn(host) === undefined);
    if (shared.length === 0) return pass;
    return allOf(
      shared.map(({ host, gateway, others, at }) => {
        const doubts = others.flatMap((other) => togetherDoubts(mesh, route, other));
        if (doubts.length > 0) return unknown(doubts);
        return fail({
          message: 'shared',
          at,
          cause: `${gateway} ${host}`,
          data: {
            route: describe(mesh, route),
            others: others.map((other) => describe(mesh, other)).join(', '),
            host,
            gateway,
          },
          related: others.map((other) => ({
            at: { resource: other, path: ['spec', 'hosts'] },
            note: 'routes it too',
          })),
        });
      }),
    );
  },
});
