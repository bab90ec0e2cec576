import { isEchoAnnotation, keptStatus } from './prune.js';

/** For an entry of a mapping: `cut` leaves it out, a rule says the same for the entries of its value. */
export type CutRule = (key: string) => 'cut' | CutRule;

/** Keeps everything. */
export const keepRule: CutRule = () => keepRule;

const annotationRule: CutRule = (key) => (isEchoAnnotation(key) ? 'cut' : keepRule);

const metadataRule: CutRule = (key) =>
  key === 'managedFields' ? 'cut' : key === 'annotations' ? annotationRule : keepRule;

/** Cuts from a Kubernetes object of unknown type what {@link prune} cuts from any. */
export const objectRule: CutRule = (key) => (key === 'metadata' ? metadataRule : keepRule);

/** Cuts from a Kubernetes object of known type what {@link prune} cuts from it. */
export function ruleForType(apiVersion: string, kind: string): CutRule {
  const kept = keptStatus(apiVersion, kind);
  if (kept === 'all') return objectRule;
  const statusRule: CutRule = (key) => (kept.includes(key) ? keepRule : 'cut');
  const status = kept.length === 0 ? 'cut' : statusRule;
  return (key) => (key === 'status' ? status : objectRule(key));
}
