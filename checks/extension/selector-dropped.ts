import { defineCheck, describe, fail, notApplicable, objectAt, pass, resources, selectsAll } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const extensions = (context: CheckContext): readonly Subject<Resource>[] => [
  ...resources(context, 'networking.istio.io', 'EnvoyFilter'),
  ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
  ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
];

export default defineCheck({
  meta: {
    id: 'EXT-027',
    title: 'Selector of an extension is dropped and it is for everything',
    severity: 'high',
    confidence: 'high',
    examines: 'extensions with a selector',
    messages: {
      wide: 'The selector of {extension} has {field}, which Istio does not know there, and no {known}: the extension is for every proxy of {reach}.',
    },
    remediation:
      'Write the labels of {extension} under {known} of its selector; other ways to select do not exist.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'istio-best-practices/validate-configuration'],
  },
  subjects: extensions,
  judge: (extension, { mesh }) => {
    const isPatch = extension.kind === 'EnvoyFilter';
    const [name, known] = isPatch ? ['workloadSelector', 'labels'] : ['selector', 'matchLabels'];
    const selector = objectAt(extension.object, 'spec', name);
    if (selector === undefined) return notApplicable('extension has no selector');
    const field = Object.keys(selector).find((key) => key !== known);
    if (field === undefined || !selectsAll(extension)) return pass;
    const namespace = mesh.namespaceOf(extension);
    return fail({
      message: 'wide',
      at: { resource: extension, path: ['spec', name, field] },
      data: {
        extension: describe(mesh, extension),
        field,
        known,
        reach: namespace === mesh.settings.rootNamespace ? 'the mesh' : `namespace ${namespace}`,
      },
    });
  },
});
