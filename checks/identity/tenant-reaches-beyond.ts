import { bindings, defineCheck, fail, grantsBy, keyNamespaces, notApplicable, pass } from '#check';
import type { Grant, Mesh } from '#check';

/** Rights of people and teams over one namespace that is not the platform's. */
function isTenant(mesh: Mesh, { holder, namespace }: Grant): boolean {
  return (
    namespace !== '*' &&
    !keyNamespaces(mesh).has(namespace) &&
    holder.kind !== 'ServiceAccount' &&
    !holder.name.startsWith('system:')
  );
}

export default defineCheck({
  meta: {
    id: 'ID-011',
    title: 'Team may write what reaches beyond its namespace',
    severity: 'low',
    confidence: 'medium',
    profile: 'strict',
    examines: 'role bindings',
    messages: {
      beyond:
        '{holder} may {power} in namespace {namespace}, by role {role}: this changes proxies and gateways in ways that no policy sees.',
    },
    remediation:
      'Leave envoyfilters, wasmplugins and gateways to those who run the platform: take them out of role {role}.',
    controls: [
      'nist-800-53-r5/AC-6(1)',
      'nist-800-53-r5/AC-6',
      'istio-best-practices/gateway-creation',
      'pci-dss-4.0.1/7.2.2',
    ],
    aliases: ['tetrate/rbac-on-gateways'],
  },
  subjects: bindings,
  judge: (binding, { mesh }) => {
    const own = grantsBy(mesh, binding);
    if (own.length === 0) return notApplicable('binding gives no power over the mesh');
    const found = own.find(
      (grant) => (grant.power === 'extensions' || grant.power === 'gateways') && isTenant(mesh, grant),
    );
    if (found === undefined) return pass;
    const { holder, text, namespace, role } = found;
    const data = { holder: `${holder.kind} ${holder.name}`, power: text, namespace, role };
    return fail({ message: 'beyond', at: holder.at, data });
  },
});
