import {
  allOf,
  defineCheck,
  describe,
  fail,
  pass,
  resources,
  rivalEntries,
  togetherDoubts,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-005',
    title: 'Two ServiceEntries declare one host differently',
    severity: 'medium',
    confidence: 'medium',
    examines: 'ServiceEntries',
    messages: {
      rivals:
        '{entry} and {rivals} declare {host} differently for the same clients: which of them counts depends on the namespace of the client and on their age.',
    },
    remediation:
      'Keep one ServiceEntry for {host}, or limit {entry} and {rivals} to their own namespaces with exportTo: ["."].',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7(5)', 'nist-800-53-r5/AC-4'],
    aliases: ['IST0177', 'KIA1211', 'KIA1212'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    const found = rivalEntries(mesh, entry);
    if (found.length === 0) return pass;
    return allOf(
      found.map(({ host, rivals, at }) => {
        const doubts = rivals.flatMap((rival) => togetherDoubts(mesh, entry, rival));
        if (doubts.length > 0) return unknown(doubts);
        return fail({
          message: 'rivals',
          at,
          data: {
            entry: describe(mesh, entry),
            rivals: rivals.map((rival) => describe(mesh, rival)).join(', '),
            host,
          },
          related: rivals.map((rival) => ({
            at: { resource: rival, path: ['spec'] },
            note: 'declares it too',
          })),
        });
      }),
    );
  },
});
