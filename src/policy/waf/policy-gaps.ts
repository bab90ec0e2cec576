import type { Resource } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import type { WafProduct } from './product.js';

const annotation = ['metadata', 'annotations', 'istio.io/dry-run'];

/** The gap of a CUSTOM policy in dry-run mode. */
export function dryRunGap(product: WafProduct, resource: Resource): InspectionGap {
  const note = `the policy that sends requests to ${product.name} is in dry-run mode`;
  return gapOf('dry-run', product, { at: { resource, path: annotation }, note });
}

/** The gap of a CUSTOM policy without rules, which no request matches. */
export function withoutRules(product: WafProduct, resource: Resource): InspectionGap {
  const isWritten = valueAt(resource.object, ['spec', 'rules']) !== undefined;
  const at = { resource, path: isWritten ? ['spec', 'rules'] : ['spec'] };
  const what = 'every request';
  return gapOf('requests-left-out', product, { at, note: 'the policy has no rule', data: { what } });
}
