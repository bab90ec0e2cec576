import { defineCheck, describe, fail, pass, resourceRef } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

interface Named {
  readonly resource: Resource;
  /** Objects of its name that say something else, itself included; none for a name that means one thing. */
  readonly variants: readonly Resource[];
}

function objects({ mesh }: CheckContext): readonly Subject<Named>[] {
  const variants = new Map(mesh.contested.flatMap((one) => one.variants.map((each) => [each, one.variants])));
  return [...new Set([...mesh.resources, ...variants.keys()])]
    .filter(({ reported }) => reported)
    .map((resource) => ({
      ref: resourceRef(mesh, resource),
      value: { resource, variants: variants.get(resource) ?? [] },
    }));
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
    examines: 'objects',
    messages: {
      contested:
        'In {place}, different objects have the name of {object}: the input does not say which one is applied.',
    },
    remediation:
      'Keep one object of each name in {place}; or, where the copies belong to different clusters or environments, audit each of those on its own.',
    controls: ['nist-800-53-r5/CM-2', 'iso-27001-2022/A.8.9'],
  },
  subjects: objects,
  judge: ({ resource, variants }, { mesh }) => {
    if (variants.length === 0) return pass;
    const place = placeOf(variants);
    return fail({
      message: 'contested',
      at: { resource, path: ['metadata', 'name'] },
      like: place,
      data: { object: describe(mesh, resource), place },
      ...(resource.group === 'security.istio.io' ? { severity: 'medium' } : {}),
    });
  },
});
