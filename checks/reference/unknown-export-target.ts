import {
  allOf,
  defineCheck,
  describe,
  exportTargets,
  fail,
  isKnownNamespace,
  notApplicable,
  pass,
  resources,
  templateVariableIn,
  unknown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const kinds: readonly (readonly [group: string, kind: string])[] = [
  ['networking.istio.io', 'VirtualService'],
  ['networking.istio.io', 'DestinationRule'],
  ['networking.istio.io', 'ServiceEntry'],
  ['', 'Service'],
];

const exported = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap(([group, kind]) => resources(context, group, kind));

export default defineCheck({
  meta: {
    id: 'REF-011',
    title: 'Object is exported to a namespace that does not exist',
    severity: 'low',
    confidence: 'high',
    examines: 'objects with exportTo',
    messages: {
      missing:
        '{object} is exported to namespace {namespace}, which does not exist: nobody there gets its routes or TLS settings.',
    },
    remediation:
      'Correct exportTo of {object}: "." for its own namespace, or the namespaces whose workloads need it.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['KIA0005'],
  },
  subjects: exported,
  judge: (resource, { mesh }) => {
    const targets = exportTargets(resource);
    if (targets.length === 0) return notApplicable('object names no namespace to export to');
    const object = describe(mesh, resource);
    return allOf(
      targets.map(({ namespace, at }) => {
        if (isKnownNamespace(mesh, namespace)) return pass;
        const variable = templateVariableIn(namespace);
        if (variable !== undefined)
          return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
        if (mesh.scope === 'partial') return unknown([{ key: 'namespace', text: `namespace ${namespace}` }]);
        return fail({ message: 'missing', at, data: { object, namespace } });
      }),
    );
  },
});
