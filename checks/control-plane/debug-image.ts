import { defineCheck, fail, namedIstioImages, notApplicable, parseRelease, pass, valueAt } from '#check';
import type { IstioImage } from '#check';

/** The variant of an installation stands beside its hub. */
const variantOf = ({ at }: IstioImage): unknown =>
  valueAt(at.resource.object, [...at.path.slice(0, -1), 'variant']);

export default defineCheck({
  meta: {
    id: 'CP-011',
    title: 'Images of Istio carry a shell and tools',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'images of Istio',
    messages: {
      tools:
        'Images of Istio are of the ordinary variant: they hold a shell, a package manager and curl, for whoever gets into the container.',
    },
    remediation:
      'Use the distroless variant: tag {tag}-distroless, or global.variant: distroless for the installation.',
    controls: ['istio-best-practices/distroless-images', 'nist-800-53-r5/CM-7', 'cis-controls-8.1/4.8'],
    aliases: ['tetrate/distroless'],
  },
  subjects: namedIstioImages,
  judge: (image) => {
    const { tag, at } = image;
    if (tag === undefined || parseRelease(tag) === undefined)
      return notApplicable('tag does not tell the variant');
    if (tag.endsWith('-distroless') || variantOf(image) === 'distroless') return pass;
    return fail({ message: 'tools', at, like: 'variant', data: { tag: tag.replace(/-debug$/, '') } });
  },
});
