import {
  addedFilters,
  allOf,
  brokenFilter,
  defineCheck,
  describe,
  fail,
  judgeAtProxies,
  pass,
  patchesOf,
  refusedPatches,
  resources,
  stringAt,
  unknown,
} from '#check';
import type { CheckContext, FieldRef, PatchedProxies, Resource } from '#check';

const valueOf = ({ resource, path }: FieldRef): FieldRef => ({
  resource,
  path: [...path.slice(0, 3), 'patch', 'value'],
});

/** Listeners that Envoy refuses; a script that asks for a module may find it in another image. */
function refusals(
  envoyFilter: Resource,
  { mesh }: CheckContext,
  told: ReadonlySet<unknown>,
  patched: PatchedProxies,
) {
  return refusedPatches(envoyFilter, patched)
    .filter(({ at, refusal: { certain, reason } }) => {
      return !told.has(at.path[2]) && (certain || reason === 'lua-module');
    })
    .map(({ at, refusal: { reason, text }, workload, listener }) => {
      const data = { filter: describe(mesh, envoyFilter), reason: text, workload, listener };
      if (reason === 'lua-module')
        return fail({
          message: 'module',
          at: valueOf(at),
          data,
          severity: 'low',
          remediation:
            'Run {workload} with a proxy image that has the module, or take the script out of {filter}.',
        });
      return fail({
        message: 'refused',
        at: valueOf(at),
        data,
        remediation: 'Correct the value of the patch in {filter} ({reason}), and try it on one pod.',
      });
    });
}

/** Filters that wait for a configuration of their name. */
function awaiting(envoyFilter: Resource, { mesh }: CheckContext, patched: PatchedProxies) {
  return addedFilters(envoyFilter, patched).map(({ proxy, found: { name, discovery, addedBy } }) => {
    if (discovery === undefined || discovery.resolved || addedBy === undefined) return pass;
    if (patched.missing.length > 0) return unknown(patched.missing);
    return fail({
      message: discovery.waitsForEver ? 'waits' : 'late',
      at: valueOf(addedBy),
      data: { filter: describe(mesh, envoyFilter), name, workload: proxy.workload.id },
      remediation:
        'Add a patch EXTENSION_CONFIG of the name {name} to {filter}, for the same proxies, or give the filter a typed_config.',
    });
  });
}

export default defineCheck({
  meta: {
    id: 'EXT-015',
    title: 'EnvoyFilter inserts a filter that Envoy does not run with',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      untyped:
        '{filter} inserts {name} without typed_config: Envoy refuses every listener that gets it, so new pods have no such port and running ones keep their old policies.',
      'no-service':
        '{filter} inserts the external authorizer {name} without grpc_service or http_service: the proxy aborts on the first request.',
      refused:
        'Envoy refuses listener {listener} of {workload} for what {filter} puts there ({reason}): new pods have no such port, and running ones keep their old policies.',
      module:
        'Envoy refuses listener {listener} of {workload}, unless its image has the module for which the script of {filter} asks ({reason}).',
      waits:
        '{filter} inserts {name}, whose configuration nothing delivers to {workload}: the proxy waits for it without end and opens no such port.',
      late: '{filter} inserts {name}, whose configuration nothing delivers to {workload}: every request there is answered with 500.',
    },
    remediation:
      'Give {name} in {filter} a typed_config with its @type (for ext_authz with grpc_service or http_service), and try it on one pod.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-5', 'istio-best-practices/validate-configuration'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) => {
    const broken = patchesOf(envoyFilter).map((patch) => ({ patch, why: brokenFilter(patch) }));
    const told = new Set(broken.flatMap(({ why }, index) => (why === undefined ? [] : [index])));
    const written = broken.map(({ patch, why }) => {
      if (why === undefined) return pass;
      const data = {
        filter: describe(context.mesh, envoyFilter),
        name: stringAt(patch.value, 'name') ?? 'a filter',
      };
      return fail({ message: why, at: valueOf(patch.at), data });
    });
    return judgeAtProxies(envoyFilter, context, (patched) =>
      allOf([
        ...written,
        ...refusals(envoyFilter, context, told, patched),
        ...awaiting(envoyFilter, context, patched),
      ]),
    );
  },
});
