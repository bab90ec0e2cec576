import {
  allOf,
  defineCheck,
  describe,
  fail,
  lostMeshHosts,
  pass,
  resources,
  templateVariableIn,
  togetherDoubts,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'REF-015',
    title: 'Two VirtualServices route one host in the mesh and only one counts',
    severity: 'medium',
    confidence: 'medium',
    examines: 'VirtualServices',
    messages: {
      lost: '{route} and {winner} both route {host} for the sidecars, which take the routes of one object only: those of the older, and what the other one restricts does not happen.',
    },
    remediation:
      'Write the routes of {host} into one VirtualService, or limit {route} and {winner} to different namespaces with exportTo.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['IST0109', 'KIA1106'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'VirtualService'),
  judge: (route, { mesh }) => {
    const lost = lostMeshHosts(mesh, route).filter(({ host }) => templateVariableIn(host) === undefined);
    if (lost.length === 0) return pass;
    return allOf(
      lost.map(({ host, winner, at }) => {
        const doubts = togetherDoubts(mesh, route, winner);
        if (doubts.length > 0) return unknown(doubts);
        return fail({
          message: 'lost',
          at,
          data: { route: describe(mesh, route), winner: describe(mesh, winner), host },
          related: [{ at: { resource: winner, path: ['spec', 'hosts'] }, note: 'routes it too' }],
        });
      }),
    );
  },
});
