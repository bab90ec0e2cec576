import type { FieldRef, Resource } from '#documents/document.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import type { InspectionGap, InspectionGapKind } from './inspection.js';
import type { WafProduct } from './product.js';

/** `EnvoyFilter ns/name`, for messages. */
export function objectName({ kind, namespace, name }: Resource): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** What a gap says beside its kind and product. */
export interface GapTexts {
  readonly at: FieldRef;
  readonly note: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly related?: readonly FieldRef[];
  readonly reach?: InspectionGap['reach'];
}

/** A gap with the words that every one has: the product's name and the object that causes it. It concerns all requests unless told. */
export function gapOf(kind: InspectionGapKind, product: WafProduct, texts: GapTexts): InspectionGap {
  const { at, note, data, related = [], reach = 'all' } = texts;
  return {
    kind,
    product: product.id,
    at,
    related,
    note,
    data: { product: product.name, object: objectName(at.resource), ...data },
    reach,
  };
}

/** What happens to a request whose filter gets no answer. */
export function onFailure({ settings }: ProxyFilter): 'open' | 'closed' {
  return 'failOpen' in settings && settings.failOpen ? 'open' : 'closed';
}
