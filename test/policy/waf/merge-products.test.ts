import { describe, expect, it } from 'vitest';
import { productsWith } from '#policy/waf/merge-products.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';

const idsOf = (products: readonly { readonly id: string }[]) => products.map(({ id }) => id);

describe('productsWith', () => {
  it('changes nothing where nothing is written', () => {
    expect(productsWith()).toBe(WAF_PRODUCTS);
    expect(productsWith([])).toBe(WAF_PRODUCTS);
  });

  it('asks own products first', () => {
    const products = productsWith([{ id: 'acme', name: 'Acme Guard', filters: [{ clusters: ['acme-*'] }] }]);
    expect(idsOf(products)).toEqual(['acme', ...idsOf(WAF_PRODUCTS)]);
  });

  it('names a product by its id where nothing else is written', () => {
    expect(productsWith([{ id: 'acme' }])[0]?.name).toBe('acme');
  });

  it('adds marks to a known product, whose others stay', () => {
    const [product, ...others] = productsWith([
      {
        id: 'signal-sciences',
        filters: [{ clusters: ['waf-of-platform'] }],
        agent: { images: ['registry.corp/waf'], defaultPorts: { ext_authz: 8000 } },
      },
    ]);
    const known = WAF_PRODUCTS.find(({ id }) => id === 'signal-sciences');
    expect(product?.name).toBe(known?.name);
    expect(product?.filters).toEqual([{ clusters: ['waf-of-platform'] }, ...(known?.filters ?? [])]);
    expect(product?.agent?.images).toEqual(['registry.corp/waf', ...(known?.agent?.images ?? [])]);
    expect(product?.agent?.listeners).toEqual(known?.agent?.listeners);
    expect(product?.agent?.defaultPorts).toEqual({ ext_authz: 8000 });
    expect(idsOf(others)).not.toContain('signal-sciences');
    expect(others).toHaveLength(WAF_PRODUCTS.length - 1);
  });

  it('joins what is written twice under one id', () => {
    const products = productsWith([
      { id: 'acme', filters: [{ names: ['one'] }] },
      { id: 'acme', name: 'Acme', filters: [{ names: ['two'] }] },
    ]);
    expect(products[0]).toEqual({
      id: 'acme',
      name: 'Acme',
      filters: [{ names: ['two'] }, { names: ['one'] }],
    });
    expect(idsOf(products).filter((id) => id === 'acme')).toHaveLength(1);
  });

  it('leaves the known products as they are', () => {
    const before = JSON.stringify(WAF_PRODUCTS);
    productsWith([{ id: 'coraza', agent: { env: ['X'] } }]);
    expect(JSON.stringify(WAF_PRODUCTS)).toBe(before);
  });
});
