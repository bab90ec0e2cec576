import type { AgentMark, WafProduct } from './product.js';
import { WAF_PRODUCTS } from './products.js';

/** A product as a configuration writes it: of a known one only what is new. */
export type OwnProduct = Omit<WafProduct, 'name'> & { readonly name?: string };

/** Two lists as one, the first's members asked first; undefined where neither is given. */
function joined<T>(own: readonly T[] | undefined, known: readonly T[] | undefined): readonly T[] | undefined {
  return own === undefined ? known : [...own, ...(known ?? [])];
}

/** An object without the fields that are undefined. */
function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function joinedAgent(own: AgentMark | undefined, known: AgentMark | undefined): AgentMark | undefined {
  if (own === undefined || known === undefined) return own ?? known;
  return {
    ...known,
    ...own,
    ...given<Pick<AgentMark, 'images' | 'env' | 'args' | 'listeners' | 'detectsOnly' | 'defaultPorts'>>({
      images: joined(own.images, known.images),
      env: joined(own.env, known.env),
      args: joined(own.args, known.args),
      listeners: joined(own.listeners, known.listeners),
      detectsOnly: joined(own.detectsOnly, known.detectsOnly),
      defaultPorts: own.defaultPorts && { ...known.defaultPorts, ...own.defaultPorts },
    }),
  };
}

function over(known: WafProduct | undefined, own: OwnProduct): WafProduct {
  const parts = given<Pick<WafProduct, 'filters' | 'fronts' | 'injected' | 'agent'>>({
    filters: joined(own.filters, known?.filters),
    fronts: joined(own.fronts, known?.fronts),
    injected: joined(own.injected, known?.injected),
    agent: joinedAgent(own.agent, known?.agent),
  });
  return { ...known, ...own, name: own.name ?? known?.name ?? own.id, ...parts };
}

/**
 * The products to look for: those of a configuration, then those that are known. What is written under the id of one that
 * is there already adds its marks to it and wins over its other settings.
 */
export function productsWith(own: readonly OwnProduct[] = []): readonly WafProduct[] {
  if (own.length === 0) return WAF_PRODUCTS;
  const known = new Map(WAF_PRODUCTS.map((product) => [product.id, product]));
  const merged = new Map<string, WafProduct>();
  for (const product of own)
    merged.set(product.id, over(merged.get(product.id) ?? known.get(product.id), product));
  return [...merged.values(), ...WAF_PRODUCTS.filter(({ id }) => !merged.has(id))];
}
