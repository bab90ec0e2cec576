import { defineCheck, describe, fail, pass, resources, stringsAt } from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-002',
    title: 'ServiceEntry lets clients choose the address',
    severity: 'low',
    confidence: 'high',
    examines: 'ServiceEntries',
    messages: {
      unverified:
        '{entry} resolves nothing: sidecars forward what calls itself {hosts} (Host header or SNI) to any address that the client dials.',
    },
    remediation:
      'Set resolution: DNS in {entry} (DYNAMIC_DNS for wildcard hosts), or list the addresses of {hosts} and use protocol TLS.',
    controls: ['nist-800-204a/SM-DR8', 'nist-800-53-r5/SC-7(5)', 'pci-dss-4.0.1/1.3.2'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh, policies }) => {
    const at = policies.unverifiedDestination(entry);
    if (at === undefined) return pass;
    return fail({
      message: 'unverified',
      at,
      data: { entry: describe(mesh, entry), hosts: stringsAt(entry.object, 'spec', 'hosts').join(', ') },
    });
  },
});
