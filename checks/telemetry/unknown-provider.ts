import {
  allOf,
  defineCheck,
  describe,
  fail,
  listAt,
  pass,
  resources,
  unknown,
  unknownProviders,
} from '#check';

export default defineCheck({
  meta: {
    id: 'TEL-004',
    title: 'Telemetry names a provider that does not exist',
    severity: 'medium',
    confidence: 'high',
    examines: 'Telemetry objects',
    messages: {
      absent:
        '{telemetry} sends {section} to provider {name}, which the mesh config does not define: nothing is recorded by it.',
    },
    remediation:
      'Define {name} under extensionProviders of the mesh config, or name a provider that is there in {telemetry}.',
    controls: ['nist-800-53-r5/AU-12', 'nist-800-53-r5/CM-6', 'pci-dss-4.0.1/10.2.1'],
    aliases: ['IST0157'],
  },
  subjects: (context) => resources(context, 'telemetry.istio.io', 'Telemetry'),
  judge: (telemetry, { mesh }) => {
    const absent = unknownProviders(mesh, telemetry);
    if (absent.length === 0) return pass;
    const isListed = listAt(mesh.settings.config, 'extensionProviders').length > 0;
    if (!mesh.settings.known || (mesh.scope === 'partial' && !isListed))
      return unknown(
        absent.map(({ name }) => ({
          key: 'mesh-config',
          text: `extensionProviders of the mesh config (${name})`,
        })),
      );
    return allOf(
      absent.map(({ name, section, at }) =>
        fail({ message: 'absent', at, data: { telemetry: describe(mesh, telemetry), name, section } }),
      ),
    );
  },
});
