import { defineCheck, fail, namedIstioImages, pass } from '#check';

/** Registries that the project gives up (https://istio.io/latest/blog/2026/retirement-of-gcr.io-follow-up/). */
const retiring =
  /^(?:gcr\.io\/istio-(?:release|testing|prerelease)|registry\.istio\.io\/(?:release|testing))(?:\/|$)/;

export default defineCheck({
  meta: {
    id: 'CP-008',
    title: 'Images of Istio come from a registry that is given up',
    severity: 'medium',
    confidence: 'high',
    examines: 'images of Istio',
    messages: {
      retiring:
        'Images of Istio are taken from {hub}, which is switched off at the end of 2026: pods that start later get no image, and whoever holds the name then may serve one.',
    },
    remediation: 'Take the same images from docker.io/istio, or mirror them into a registry of your own.',
    controls: ['nist-800-53-r5/SI-7', 'nist-800-53-r5/CM-6', 'nist-800-53-r5/CM-2', 'cis-controls-8.1/4.1'],
  },
  subjects: namedIstioImages,
  judge: ({ hub, at }) =>
    retiring.test(hub) ? fail({ message: 'retiring', at, like: hub, data: { hub } }) : pass,
});
