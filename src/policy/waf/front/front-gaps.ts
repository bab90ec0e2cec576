import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { InspectionGap } from '#policy/waf/inspection.js';
import type { WafProduct } from '#policy/waf/product.js';

function describeObject(mesh: Mesh, resource: Resource): string {
  const namespace = mesh.namespaceOf(resource);
  return `${resource.kind} ${namespace === '' ? '' : `${namespace}/`}${resource.name}`;
}

/** A front that finds and does not block. */
export function detectsOnly(mesh: Mesh, product: WafProduct, at: FieldRef, how: string): InspectionGap {
  const object = describeObject(mesh, at.resource);
  return {
    kind: 'detects-only',
    product: product.id,
    at,
    related: [],
    note: `${product.name} only detects: ${how}`,
    data: { product: product.name, object, how, field: String(at.path.at(-1) ?? '') },
    reach: 'all',
  };
}

/** A front past which requests come when it does not work. */
export function failsOpen(mesh: Mesh, product: WafProduct, at: FieldRef): InspectionGap {
  const object = describeObject(mesh, at.resource);
  return {
    kind: 'fails-open',
    product: product.id,
    at,
    related: [],
    note: `requests pass uninspected when ${product.name} does not work`,
    data: { product: product.name, object, field: String(at.path.at(-1) ?? '') },
    reach: 'all',
  };
}
