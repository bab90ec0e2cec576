import type { FieldRef } from '#documents/document.js';
import type { WafProduct } from '#policy/waf/product.js';
import type { WafContext } from '#policy/waf/waf-context.js';
import { frontsOf } from './fronts.js';

/**
 * What objects of a product tell of the mode of its engines in the mesh, where all of them tell that these only look on;
 * which of several objects holds for an engine the manifests do not always show.
 */
export function ownModes(
  context: WafContext,
  { id }: WafProduct,
): readonly { readonly at: FieldRef; readonly how: string }[] {
  const fronts = frontsOf(context).ofEngines(id);
  const found = fronts.map(({ engine: { gaps } }) => gaps.find(({ kind }) => kind === 'detects-only'));
  const told = found.flatMap((gap) =>
    gap === undefined ? [] : [{ at: gap.at, how: gap.data['how'] ?? '' }],
  );
  return told.length === fronts.length ? told : [];
}
