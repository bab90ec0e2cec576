import { defineCheck, fail, namedIstioImages, notApplicable, pass } from '#check';

export default defineCheck({
  meta: {
    id: 'CP-010',
    title: 'Images of Istio are named without digest',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'images of Istio',
    messages: { tag: 'Images of Istio are named by tag and without digest: a tag can be pushed anew.' },
    remediation: 'Add the digest that was checked to the image: {image}@sha256:….',
    controls: ['nist-800-53-r5/SI-7', 'nist-800-53-r5/CM-2', 'cis-controls-8.1/4.1'],
  },
  subjects: namedIstioImages,
  judge: ({ text, digest, at, part }) => {
    if (part === 'installation') return notApplicable('the chart puts image names together from hub and tag');
    return digest === undefined ? fail({ message: 'tag', at, like: 'tag', data: { image: text } }) : pass;
  },
});
