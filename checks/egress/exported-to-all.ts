import { defineCheck, describe, entryVisibility, fail, pass, resources, stringsAt } from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-009',
    title: 'ServiceEntry is exported to every namespace',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'ServiceEntries',
    messages: {
      all: 'Visible in every namespace: {entry}. All workloads of the mesh may call {hosts}.',
    },
    remediation:
      'Set exportTo: ["."] in {entry} (or the namespaces that need it), or defaultServiceExportTo: ["."] in the mesh config.',
    controls: ['nist-800-53-r5/SC-7(5)', 'nist-800-53-r5/AC-6', 'nist-800-204a/SM-DR8'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    if (!entryVisibility(mesh, entry).has('*')) return pass;
    const hosts = stringsAt(entry.object, 'spec', 'hosts').join(', ');
    return fail({
      message: 'all',
      at: { resource: entry, path: ['spec'] },
      like: `exported ${entry.origin.file}`,
      data: { entry: describe(mesh, entry), hosts },
    });
  },
});
