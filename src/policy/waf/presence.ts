import type { FieldRef } from '#documents/document.js';
import { agentsOf } from './agent.js';
import { ownEnvoyFilters } from './envoy-configuration.js';
import { frontsOf } from './front/fronts.js';
import { wafObjects } from './objects.js';
import { perContext } from './per-context.js';
import type { WafProduct } from './product.js';
import { wafProviders } from './providers.js';
import { injectedProducts } from './recognise.js';
import type { WafContext } from './waf-context.js';

/** One thing in the input that belongs to a product. */
export interface Presence {
  readonly product: WafProduct;
  /** What shows it: a filter's patch or plugin, a container, a mark for a webhook, an extension provider, a policy in front. */
  readonly as: 'filter' | 'container' | 'injection' | 'provider' | 'front';
  readonly at: FieldRef;
}

/** Everything in the input by which some product shows, working or not. */
export const wafPresence = perContext((context: WafContext): readonly Presence[] => {
  const { mesh, products } = context;
  const filters = [...wafObjects(context), ...ownEnvoyFilters(context)].map(({ product, at }): Presence => ({
    product,
    as: 'filter',
    at,
  }));
  const inPods = mesh.workloads.flatMap((workload): readonly Presence[] => [
    ...agentsOf(context, workload).map(({ product, at }): Presence => ({ product, as: 'container', at })),
    ...injectedProducts(mesh, products, workload).map(({ product, at }): Presence => ({
      product,
      as: 'injection',
      at,
    })),
  ]);
  const providers = wafProviders(context).flatMap(({ product, settings, index }): readonly Presence[] => {
    const at = settings.fieldOf(['extensionProviders', index]);
    return at === undefined ? [] : [{ product, as: 'provider', at }];
  });
  const fronts = frontsOf(context).all.map(({ product, hit }): Presence => ({
    product,
    as: 'front',
    at: hit.at,
  }));
  return [...filters, ...inPods, ...providers, ...fronts];
});
