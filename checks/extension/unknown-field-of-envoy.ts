import {
  brokenFilter,
  defineCheck,
  describe,
  fail,
  formerAnchor,
  isPassedOver,
  pass,
  patchesOf,
  resources,
  unknownPatchFields,
} from '#check';
import type { Patch } from '#check';

/** Patches of which another check says that they do nothing, or that Envoy refuses them. */
const isToldElsewhere = (patch: Patch): boolean =>
  brokenFilter(patch) === 'untyped' || formerAnchor(patch) !== undefined || isPassedOver(patch);

export default defineCheck({
  meta: {
    id: 'EXT-024',
    title: 'Patch has a field that Envoy does not know',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      dropped:
        '{filter} has field {field}, which the API of Envoy does not know: istiod drops it, and the proxy does what it does without it.',
    },
    remediation: 'Correct or remove {field} in {filter}; the names are those of the API of Envoy, version 3.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) => {
    const unread = patchesOf(envoyFilter)
      .filter((patch) => !isToldElsewhere(patch))
      .flatMap(unknownPatchFields);
    if (unread.length === 0) return pass;
    return fail(
      ...unread.map(({ field, at }) => ({
        message: 'dropped' as const,
        at,
        data: { filter: describe(mesh, envoyFilter), field },
      })),
    );
  },
});
