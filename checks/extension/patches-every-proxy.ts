import { defineCheck, describe, fail, listAt, notApplicable, objectAt, pass, resources } from '#check';

/** What charts of Istio before 1.19 installed for its own metrics. */
const isIstiosOwn = /^(?:tcp-)?(?:stats|metadata-exchange)-filter-\d/;

export default defineCheck({
  meta: {
    id: 'EXT-012',
    title: 'EnvoyFilter changes every proxy of the mesh',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'EnvoyFilters',
    messages: {
      all: '{filter} stands in the root namespace and selects nothing: it patches all proxies of the mesh, gateways included.',
    },
    remediation:
      'Add a workloadSelector or targetRefs to {filter}, or move it into the namespace that it is for.',
    controls: ['nist-800-53-r5/CM-7', 'nist-800-53-r5/CM-3', 'istio-best-practices/maturity-of-features'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) => {
    const labels = objectAt(envoyFilter.object, 'spec', 'workloadSelector', 'labels') ?? {};
    const refs = listAt(envoyFilter.object, 'spec', 'targetRefs');
    const isRoot = mesh.namespaceOf(envoyFilter) === mesh.settings.rootNamespace;
    if (isIstiosOwn.test(envoyFilter.name)) return notApplicable('EnvoyFilter is part of Istio itself');
    if (!isRoot || refs.length > 0 || Object.keys(labels).length > 0) return pass;
    return fail({
      message: 'all',
      at: { resource: envoyFilter, path: ['metadata', 'name'] },
      like: `every proxy ${describe(mesh, envoyFilter)}`,
      data: { filter: describe(mesh, envoyFilter) },
    });
  },
});
