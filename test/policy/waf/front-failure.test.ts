import { describe, expect, it } from 'vitest';
import { effectivePolicies } from '#policy/effective-policies.js';
import { frontsOf } from '#policy/waf/front/fronts.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, object } from '../manifests.js';

/** Gaps of the operator's engine, each with the field that makes it. */
function gapsOf(failurePolicy: string): readonly string[] {
  const target = { type: 'Gateway', name: 'edge', provider: 'Istio' };
  const engine = object('waf.k8s.coraza.io/v1alpha1/Engine', 'shop/coraza', { target, failurePolicy });
  const mesh = meshOf(asText([engine]));
  const context = { mesh, policies: effectivePolicies(mesh), products: WAF_PRODUCTS };
  return frontsOf(context).all.flatMap((front) =>
    front.engine.gaps.map(({ kind, at }) => `${kind} ${at.path.join('.')}`),
  );
}

describe('a front that tells what happens when it does not work', () => {
  it('fails open by its own word', () => {
    expect(gapsOf('allow')).toEqual(['fails-open spec.failurePolicy']);
  });

  it('has no gap where it refuses requests', () => {
    expect(gapsOf('fail')).toEqual([]);
  });
});
