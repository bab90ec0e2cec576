import { defineCheck, describe, fail, pass, resourceRef } from '#check';
import type { CheckContext, FieldRef, Resource, Subject } from '#check';

interface Named {
  readonly resource: Resource;
  /** Objects of its name that say something else, itself included; none for a name that means one thing. */
  readonly variants: readonly Resource[];
}

/** Objects that say how the mesh is guarded; that of workloads and Services exist several forms is among the notes of the report. */
const isRead = ({ group, kind, name }: Resource): boolean =>
  (group === '' && kind === 'ConfigMap' && name.startsWith('istio')) ||
  /(?:^|\.)(?:istio\.io|gateway\.networking\.k8s\.io|sailoperator\.io)$/.test(group) ||
  (group === 'admissionregistration.k8s.io' && kind === 'MutatingWebhookConfiguration');

function objects({ mesh }: CheckContext): readonly Subject<Named>[] {
  const variants = new Map(mesh.contested.flatMap((one) => one.variants.map((each) => [each, one.variants])));
  const isAsked = (resource: Resource): boolean => resource.reported && isRead(resource);
  return [...new Set([...mesh.resources.filter(isAsked), ...[...variants.keys()].filter(isAsked)])].map(
    (resource) => ({
      ref: resourceRef(mesh, resource),
      value: { resource, variants: variants.get(resource) ?? [] },
    }),
  );
}

const directoryOf = ({ origin: { file } }: Resource): string => file.replace(/\/?[^/]*$/, '') || '.';

/** Where the variants stand: their file or directory, for that is what they have in common with others. */
function placeOf(variants: readonly Resource[]): string {
  const files = [...new Set(variants.map(({ origin }) => origin.file))];
  if (files.length === 1) return files[0] ?? '';
  return [...new Set(variants.map(directoryOf))].sort().join(' and ');
}

export default defineCheck({
  meta: {
    id: 'REF-005',
    title: 'Two different objects have one name',
    severity: 'low',
    confidence: 'high',
    examines: 'objects of Istio and the Gateway API',
    messages: {
      contested:
        'Objects with different contents share one name: {object}. The input does not say which one is applied.',
    },
    remediation:
      'Keep one object of each name; or, where the copies belong to different clusters or environments, audit each of those on its own.',
    controls: ['nist-800-53-r5/CM-2', 'iso-27001-2022/A.8.9'],
  },
  subjects: objects,
  judge: ({ resource, variants }, { mesh }) => {
    if (variants.length === 0) return pass;
    const nameOf = (one: Resource): FieldRef => ({ resource: one, path: ['metadata', 'name'] });
    return fail({
      message: 'contested',
      at: nameOf(resource),
      like: placeOf(variants),
      data: { object: describe(mesh, resource) },
      related: variants.map((one) => ({ at: nameOf(one), note: describe(mesh, one) })),
      ...(resource.group === 'security.istio.io' ? { severity: 'medium' } : {}),
    });
  },
});
