import { allOf, defineCheck, describe, fail, pass, resources, wideDestinations } from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-003',
    title: 'ServiceEntry opens nearly every destination',
    severity: 'high',
    confidence: 'high',
    examines: 'ServiceEntries',
    messages: {
      wide: '{entry} makes {value} known to the mesh: REGISTRY_ONLY then refuses next to nothing, since an attacker easily gets a name or address in it.',
    },
    remediation: 'List in {entry} the hosts that are needed in place of {value}.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-204a/SM-DR8',
      'pci-dss-4.0.1/1.3.2',
      'istio-best-practices/registry-only',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    const wide = wideDestinations(entry);
    if (wide.length === 0) return pass;
    return allOf(
      wide.map(({ value, at }) =>
        fail({ message: 'wide', at, data: { entry: describe(mesh, entry), value } }),
      ),
    );
  },
});
