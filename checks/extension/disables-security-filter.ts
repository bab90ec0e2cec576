import {
  allOf,
  defineCheck,
  describe,
  disabledFilters,
  fail,
  hasCustomPolicies,
  pass,
  patchedProxies,
  patchesOf,
  resources,
  unmetPatch,
} from '#check';

/** Name that extensions of any kind also give to their own authorizers. */
const authorizer = 'envoy.filters.http.ext_authz';

export default defineCheck({
  meta: {
    id: 'EXT-014',
    title: 'EnvoyFilter switches a filter that enforces policies off for routes',
    severity: 'high',
    confidence: 'medium',
    examines: 'EnvoyFilters',
    messages: {
      disabled:
        '{filter} switches {name} off for the routes that it meets: {policies} is not enforced there, though all its objects are in place.',
    },
    remediation:
      'Remove {name} from typed_per_filter_config in {filter}; change the policies themselves instead.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/AC-25', 'nist-800-53-r5/CM-7', 'pci-dss-4.0.1/7.3.2'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh, policies }) => {
    const hasAuthorizer = mesh.scope === 'partial' || hasCustomPolicies(mesh);
    return allOf(
      patchesOf(envoyFilter).flatMap((patch, index) => {
        const disabled = disabledFilters(patch).filter(({ name }) => hasAuthorizer || name !== authorizer);
        if (disabled.length === 0) return [pass];
        const unmet = unmetPatch(envoyFilter, index, patchedProxies(policies, envoyFilter));
        if (unmet !== 'met' && 'why' in unmet) return [pass];
        return disabled.map(({ name, enforces, at }) =>
          fail({
            message: 'disabled',
            at,
            data: { filter: describe(mesh, envoyFilter), name, policies: enforces },
          }),
        );
      }),
    );
  },
});
