import {
  allOf,
  defineCheck,
  describe,
  fail,
  overriddenFilters,
  pass,
  patchedProxies,
  patchesOf,
  resources,
  unknown,
} from '#check';
import type { Resource } from '#check';

/** Names of filters that are Istio's own, whatever other objects do. */
const own =
  /^(?:istio\.|envoy\.filters\.(?:network\.|http\.(?:router|cors|fault|rbac|jwt_authn|alpn|grpc_)))/;

/** True for an object that removes, replaces or merges into a filter which some other object may have put there. */
const mayOverride = (envoyFilter: Resource): boolean =>
  patchesOf(envoyFilter).some(({ applyTo, operation, httpFilter }) => {
    if (applyTo !== 'HTTP_FILTER' || httpFilter === '' || own.test(httpFilter)) return false;
    return operation === 'REMOVE' || operation === 'REPLACE' || operation === 'MERGE';
  });

export default defineCheck({
  meta: {
    id: 'EXT-018',
    title: 'EnvoyFilter takes away what another object put into the proxies',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      removed:
        '{filter} removes {name}, which {owner} put into {workload}: what that filter is to check is not checked there.',
      disabled:
        '{filter} switches {name} off for routes of {workload}, where {owner} put it: what that filter is to check is not checked there.',
      changed:
        '{filter} changes {name}, which {owner} put into {workload}: how it checks is no longer what that object says.',
    },
    remediation:
      'Remove the patch from {filter}, or agree with the owner of {owner}; a filter of the root namespace that must stay gets a spec.priority above that of all others, so that it is inserted last.',
    controls: ['nist-800-53-r5/CM-5', 'nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-3'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh, policies }) => {
    const patched = patchedProxies(policies, envoyFilter);
    const overrides = overriddenFilters(envoyFilter, patched).filter(
      ({ owner }) => owner.group !== 'security.istio.io',
    );
    if (overrides.length === 0)
      return patched.missing.length === 0 || !mayOverride(envoyFilter) ? pass : unknown(patched.missing);
    const isForeign = (owner: Resource): boolean => mesh.namespaceOf(owner) !== mesh.namespaceOf(envoyFilter);
    return allOf(
      overrides.map(({ how, name, at, owner, workload }) =>
        fail({
          message: how,
          at,
          data: { filter: describe(mesh, envoyFilter), name, owner: describe(mesh, owner), workload },
          related: [{ at: { resource: owner, path: ['spec'] }, note: 'puts the filter there' }],
          ...(isForeign(owner) ? {} : { severity: 'low' as const }),
        }),
      ),
    );
  },
});
