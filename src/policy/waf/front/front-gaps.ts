import type { FieldRef, Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { InspectionGap, InspectionGapKind } from '#policy/waf/inspection.js';
import type { WafProduct } from '#policy/waf/product.js';

function describeObject(mesh: Mesh, resource: Resource): string {
  const namespace = mesh.namespaceOf(resource);
  return `${resource.kind} ${namespace === '' ? '' : `${namespace}/`}${resource.name}`;
}

interface FrontGap {
  readonly kind: InspectionGapKind;
  readonly at: FieldRef;
  readonly note: string;
  readonly data: Readonly<Record<string, string>>;
  readonly reach?: InspectionGap['reach'];
}

/** A gap of a front, with the words that every one has. */
export function frontGap(
  mesh: Mesh,
  product: WafProduct,
  { kind, at, note, data, reach = 'all' }: FrontGap,
): InspectionGap {
  const object = describeObject(mesh, at.resource);
  const all = { product: product.name, object, ...data };
  return { kind, product: product.id, at, related: [], note, data: all, reach };
}

const fieldName = ({ path }: FieldRef): string => String(path.at(-1) ?? '');

/** A front that finds and does not block. */
export function detectsOnly(mesh: Mesh, product: WafProduct, at: FieldRef, how: string): InspectionGap {
  const note = `${product.name} only detects: ${how}`;
  return frontGap(mesh, product, { kind: 'detects-only', at, note, data: { how, field: fieldName(at) } });
}

/** A front past which requests come when it does not work. */
export function failsOpen(mesh: Mesh, product: WafProduct, at: FieldRef): InspectionGap {
  const note = `requests pass uninspected when ${product.name} does not work`;
  return frontGap(mesh, product, { kind: 'fails-open', at, note, data: { field: fieldName(at) } });
}
