import {
  allOf,
  defineCheck,
  describe,
  fail,
  listAt,
  notApplicable,
  pass,
  resources,
  stringsAt,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-010',
    title: 'Sidecar imports the whole mesh',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'Sidecars with egress listeners',
    messages: {
      all: '{sidecar} imports {host}: its workloads know, and may call, every service of every namespace.',
      but: '{sidecar} imports {host} but for {excluded}: its workloads know, and may call, every other service, those of new namespaces too.',
    },
    remediation: 'List in {sidecar} the namespaces and hosts that its workloads call, in place of {host}.',
    controls: ['nist-800-53-r5/AC-6', 'nist-800-53-r5/SC-7(5)', 'nist-800-53-r5/CM-7'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'Sidecar'),
  judge: (sidecar, { mesh }) => {
    const listeners = listAt(sidecar.object, 'spec', 'egress');
    if (listeners.length === 0) return notApplicable('Sidecar has no egress listener');
    return allOf(
      listeners.map((listener, index) => {
        const hosts = stringsAt(listener, 'hosts');
        const number = hosts.indexOf('*/*');
        if (number < 0) return pass;
        const excluded = hosts.filter((host) => host.startsWith('~') && host !== '~/*');
        return fail({
          message: excluded.length > 0 ? 'but' : 'all',
          at: { resource: sidecar, path: ['spec', 'egress', index, 'hosts', number] },
          data: { sidecar: describe(mesh, sidecar), host: '*/*', excluded: excluded.join(', ') },
        });
      }),
    );
  },
});
