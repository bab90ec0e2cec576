import { knownAnnotations } from '#policy/reference/annotations.js';
import { suggestName } from '#schemas/suggest.js';

/** The annotation of Istio's that is most like an unknown one; undefined where none is close. */
export function likelyAnnotation(key: string): string | undefined {
  return suggestName(key, knownAnnotations);
}
