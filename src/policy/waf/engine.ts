import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import type { Agent } from './agent.js';
import { callOf } from './call.js';
import type { Call } from './call.js';
import { gapOf } from './gap.js';
import { ownModes } from './front/own-modes.js';
import type { InspectionGap } from './inspection.js';
import { missedProduct } from './missed-product.js';
import { productAt } from './objects.js';
import { perContext } from './per-context.js';
import { ruleGaps, wasmGaps } from './plugin-gaps.js';
import type { WafProduct } from './product.js';
import { ownProxyImage } from './proxy-image.js';
import { productOfFilter } from './recognise.js';
import type { InspectedProxy, WafContext } from './waf-context.js';
import { productAnswering } from './answering-product.js';
import { wiringOf } from './wiring.js';

/** A product's filter at a proxy, as far as it does not depend on the chain that it stands in. */
export interface FilterEngine {
  readonly product: WafProduct;
  readonly filter: ProxyFilter;
  readonly by: readonly FieldRef[];
  readonly gaps: readonly InspectionGap[];
  readonly missing: readonly MissingEvidence[];
  /** Containers that answer its calls. */
  readonly agents: readonly Agent[];
}

type Part = Pick<FilterEngine, 'gaps' | 'missing' | 'agents'>;

const nothing: Part = { gaps: [], missing: [], agents: [] };

/** Whether the engine that a filter runs inside the proxy is there: in the proxy's own image. */
function inProxyImage(
  context: WafContext,
  { workload }: InspectedProxy,
  { filter, product }: Pick<FilterEngine, 'filter' | 'product'>,
): Part {
  const at = filter.addedBy;
  const decision = ownProxyImage(context, workload, product);
  if (!decision.known) return { ...nothing, missing: decision.missing };
  const { own, image } = decision.value;
  if (own || at === undefined) return nothing;
  const name = image.image;
  const gap = gapOf('engine-missing', product, {
    at,
    related: [image.at],
    note: `the engine of ${product.name} is in no proxy image ${name}`,
    data: { image: name },
  });
  return { ...nothing, gaps: [gap] };
}

/** A Go filter runs what a library brings, which is in the proxy's own image or mounted into it. */
function goLibrary(context: WafContext, { workload }: InspectedProxy, product: WafProduct): Part {
  const decision = ownProxyImage(context, workload, product);
  if (decision.known && decision.value.own) return nothing;
  const text = `the Go library of ${product.name} in the proxy of ${workload.kind} ${workload.name}`;
  const mounts = JSON.stringify([workload.podSpec['volumes'] ?? null, workload.annotations]);
  return /attachment|\.so\b|golang|waf/i.test(mounts)
    ? nothing
    : { ...nothing, missing: [{ key: 'proxy-image', text }] };
}

/** The product that a filter belongs to: by its own marks, those of the object that put it there, or by what it calls. */
function productAsked(
  context: WafContext,
  proxy: InspectedProxy,
  { filter, call }: { readonly filter: ProxyFilter; readonly call: Call | undefined },
): WafProduct | undefined {
  const called = call === undefined ? [] : [call.address, ...(call.cluster?.endpoints ?? [])];
  const marked = productOfFilter(context.products, filter, called) ?? productAt(context, filter.addedBy);
  if (marked !== undefined || call === undefined) return marked;
  return productAnswering(context, call) ?? missedProduct(context, proxy, call);
}

function engineAt(context: WafContext, proxy: InspectedProxy, filter: ProxyFilter): FilterEngine | undefined {
  if (filter.stock || filter.addedBy === undefined) return undefined;
  const call = callOf(context, proxy, filter);
  const product = productAsked(context, proxy, { filter, call });
  if (product === undefined) return undefined;
  const own = { filter, product };
  const { kind } = filter.settings;
  const part =
    call !== undefined
      ? wiringOf(context, { ...own, call })
      : kind === 'golang'
        ? goLibrary(context, proxy, product)
        : product.needsOwnProxy === true
          ? inProxyImage(context, proxy, own)
          : nothing;
  const modes = part.agents.length > 0 || call !== undefined ? [] : ownModes(context, product);
  const detects = [...part.agents.flatMap((agent) => agent.detects), ...modes].map(({ at, how }) =>
    gapOf('detects-only', product, { at, note: how, data: { how, field: how.split(' ')[0] ?? '' } }),
  );
  const opens = part.agents
    .flatMap((agent) => agent.opens)
    .map(({ at, how }) =>
      gapOf('fails-open', product, { at, note: how, data: { field: how.split(' ')[0] ?? '' } }),
    );
  const wasm = filter.settings.kind === 'wasm' ? wasmGaps(context, own, filter.settings) : [];
  return {
    ...own,
    by: [filter.addedBy, ...part.agents.map(({ at }) => at)],
    gaps: [...part.gaps, ...detects, ...opens, ...wasm, ...ruleGaps(context, own)],
    missing: part.missing,
    agents: part.agents,
  };
}

type Kept = WeakMap<ProxyFilter, Map<string, { readonly engine: FilterEngine | undefined }>>;

const kept = perContext((): Kept => new WeakMap());

/** The engine that a filter of a proxy stands for; undefined: it is no web application firewall's. Worked out once a proxy. */
export function filterEngine(
  context: WafContext,
  proxy: InspectedProxy,
  filter: ProxyFilter,
): FilterEngine | undefined {
  const byWorkload = getOrMake(
    kept(context),
    filter,
    () => new Map<string, { readonly engine: FilterEngine | undefined }>(),
  );
  return getOrMake(byWorkload, proxy.workload.id, () => ({ engine: engineAt(context, proxy, filter) }))
    .engine;
}
