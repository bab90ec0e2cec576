import { defineCheck, fail, holdsSecrets, listAt, pass, shownControlPlanes, unknown, valueAt } from '#check';
import type { ControlPlane, Mesh } from '#check';

const valueOf = ({ env }: ControlPlane, name: string): string | undefined =>
  env.findLast((entry) => entry.name === name)?.value;

const isNamed = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Istiod hands requests for certificates on, or has no part in them. */
function passesOn(controlPlane: ControlPlane): boolean {
  const provider =
    valueOf(controlPlane, 'PILOT_CERT_PROVIDER') ??
    valueAt(controlPlane.values?.object, ['global', 'pilotCertProvider']);
  return (
    isNamed(valueOf(controlPlane, 'EXTERNAL_CA')) ||
    valueOf(controlPlane, 'ENABLE_CA_SERVER') === 'false' ||
    (isNamed(provider) && provider !== 'istiod')
  );
}

/** Certificates come from elsewhere: an external CA, Kubernetes' own signers, SPIRE, or an agent such as istio-csr. */
function hasOtherCa(controlPlane: ControlPlane, { settings: { config } }: Mesh): boolean {
  const { values, resource } = controlPlane;
  return (
    passesOn(controlPlane) ||
    isNamed(valueAt(values?.object, ['global', 'caAddress'])) ||
    valueAt(config, ['ca', 'address']) !== undefined ||
    listAt(config, 'certificates').length > 0 ||
    /spiffe\.io|spire/.test(JSON.stringify(resource.object['spec'] ?? null))
  );
}

export default defineCheck({
  meta: {
    id: 'CP-014',
    title: 'Certificate authority of the mesh is one that istiod made for itself',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'control planes',
    messages: {
      own: 'No secret cacerts stands in namespace {namespace}: istiod signs with a root key that it made itself and keeps in a Secret of the cluster.',
    },
    remediation:
      'Put an intermediate CA of your own PKI into the Secret cacerts in namespace {namespace}, or let istio-csr or an external CA sign.',
    controls: ['nist-800-53-r5/SC-17', 'nist-800-53-r5/IA-5(2)', 'iso-27001-2022/A.8.24'],
  },
  subjects: shownControlPlanes,
  judge: (controlPlane, { mesh }) => {
    const { namespace, resource } = controlPlane;
    const secret = (name: string): boolean => mesh.find('', 'Secret', namespace, name) !== undefined;
    if (secret('cacerts') || hasOtherCa(controlPlane, mesh)) return pass;
    if (!holdsSecrets(mesh) && !secret('istio-ca-secret'))
      return unknown([{ key: 'cacerts', text: `Secret cacerts of namespace ${namespace}` }]);
    return fail({
      message: 'own',
      at: { resource, path: ['metadata', 'name'] },
      like: 'own',
      data: { namespace },
    });
  },
});
