import { defineCheck, describe, fail, pass, resourceRef } from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const objects = ({ mesh }: CheckContext): readonly Subject<Resource>[] => {
  const variants = mesh.contested.flatMap((one) => one.variants);
  return [...new Set([...mesh.resources, ...variants])]
    .filter(({ reported }) => reported)
    .map((resource) => ({ ref: resourceRef(mesh, resource), value: resource }));
};

export default defineCheck({
  meta: {
    id: 'REF-005',
    title: 'Two different objects have one name',
    severity: 'low',
    confidence: 'high',
    examines: 'objects',
    messages: {
      contested:
        '{object} occurs more than once with different contents: the input does not say which one is applied.',
    },
    remediation:
      'Keep one {object}; or, where the copies belong to different clusters or environments, audit each of those on its own.',
    controls: ['nist-800-53-r5/CM-2', 'iso-27001-2022/A.8.9'],
  },
  subjects: objects,
  judge: (resource, { mesh }) => {
    if (!mesh.isContested(resource)) return pass;
    const object = describe(mesh, resource);
    const at = { resource, path: ['metadata', 'name'] };
    return fail({
      message: 'contested',
      at,
      cause: object,
      data: { object },
      ...(resource.group === 'security.istio.io' ? { severity: 'medium' } : {}),
    });
  },
});
