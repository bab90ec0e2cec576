import { defineCheck, describe, fail, hasCustomPolicies, pass, resources } from '#check';

/** Name that extensions of any kind also give to their own authorizers. */
const authorizer = '.ext_authz';

export default defineCheck({
  meta: {
    id: 'EXT-001',
    title: 'EnvoyFilter removes a filter that enforces policies',
    severity: 'critical',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      removed: '{filter} removes {name} from the proxies that it selects: {policies} is not enforced there.',
    },
    remediation:
      'Remove the patch that takes {name} away from {filter}; change the policies themselves instead.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-25', 'nist-800-53-r5/CM-7', 'pci-dss-4.0.1/7.3.2'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (resource, { mesh, policies }) => {
    const hasAuthorizer = mesh.scope === 'partial' || hasCustomPolicies(mesh);
    const removed = policies
      .removedFilters(resource)
      .filter(({ filter }) => hasAuthorizer || !filter.endsWith(authorizer));
    if (removed.length === 0) return pass;
    return fail(
      ...removed.map(({ filter, enforces, at }) => ({
        message: 'removed' as const,
        at,
        data: { filter: describe(mesh, resource), name: filter, policies: enforces },
      })),
    );
  },
});
