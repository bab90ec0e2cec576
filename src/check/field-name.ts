import type { FieldPath } from '#documents/document.js';

/** A field path as people write it: `spec.servers[0].tls`, `metadata.annotations["istio.io/dry-run"]`. */
export function fieldName(path: FieldPath): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${String(step)}]`;
    return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join('').replace(/^\./, '');
}
