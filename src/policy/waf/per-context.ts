import { getOrMake } from '#mesh/lazy.js';
import type { WafContext } from './waf-context.js';

/** Computes something once for each question's context. */
export function perContext<T>(compute: (context: WafContext) => T): (context: WafContext) => T {
  const kept = new WeakMap<WafContext, { readonly value: T }>();
  return (context) => getOrMake(kept, context, () => ({ value: compute(context) })).value;
}
