import { defineCheck, fail, namedIstioImages, pass } from '#check';

/** Tags that move: what they mean today is not what was reviewed. */
const moving = /^(?:latest|master|main|nightly|stable|release|dev|.*-(?:alpha|dev)-latest|latest-.*)$/;

export default defineCheck({
  meta: {
    id: 'CP-009',
    title: 'Image of Istio is not tied to a release',
    severity: 'medium',
    confidence: 'high',
    examines: 'images of Istio',
    messages: {
      moving:
        'Image {image} has the tag {tag}, which moves: what runs with the keys of the mesh changes from one start to the next.',
      none: 'Image {image} has no tag: the registry decides what runs with the keys of the mesh.',
    },
    remediation:
      'Write instead of image {image} the same image with the tag of a supported release and its digest: :<release>@sha256:<digest>.',
    controls: ['nist-800-53-r5/SI-7', 'nist-800-53-r5/CM-2', 'nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1'],
  },
  subjects: namedIstioImages,
  judge: ({ text, tag, digest, at, part }) => {
    const data = { image: text };
    if (digest !== undefined || (part === 'installation' && tag === undefined)) return pass;
    if (tag === undefined || tag === '') return fail({ message: 'none', at, like: text, data });
    return moving.test(tag) ? fail({ message: 'moving', at, like: text, data: { ...data, tag } }) : pass;
  },
});
