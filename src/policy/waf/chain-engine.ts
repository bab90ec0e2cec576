import { stringAt } from '#documents/json.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ProxyFilter, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { routerType } from '#policy/filter-chain/refusal/filter-types.js';
import { customRuleGaps } from './custom-rules.js';
import { filterEngine } from './engine.js';
import type { FilterEngine } from './engine.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import { ownProxyImage } from './proxy-image.js';
import { enabledOn, overrideGaps } from './route-overrides.js';
import { settingsGaps } from './settings-gaps.js';
import type { Engine } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

interface Part {
  readonly gaps: readonly InspectionGap[];
  readonly missing: readonly MissingEvidence[];
}

const nothing: Part = { gaps: [], missing: [] };

const part = (...gaps: readonly InspectionGap[]): Part => ({ gaps, missing: [] });

/** What an engine's place in a chain is judged with. */
interface Placed {
  readonly context: WafContext;
  readonly proxy: InspectedProxy;
  readonly chain: ProxyFilterChain;
  readonly engine: FilterEngine;
}

function isOwn({ filter }: FilterEngine, at: ProxyFilter['addedBy']): boolean {
  return at !== undefined && (at === filter.addedBy || filter.changedBy.includes(at));
}

/**
 * A refusal that depends on the proxy's image: the product's own image takes the filter. Go filters are in Istio's images
 * (bazel/extension_config/extensions_build_config.bzl of istio/proxy); what they load is judged apart.
 */
function uncertainRefusal({ context, proxy, engine, chain }: Placed): Part {
  const { refused } = chain;
  const { product, filter } = engine;
  if (filter.settings.kind === 'golang' && isOwn(engine, refused?.at)) return nothing;
  const decision = ownProxyImage(context, proxy.workload, product);
  if (!decision.known) return { gaps: [], missing: decision.missing };
  const { own, image } = decision.value;
  const at = refused?.at ?? filter.addedBy;
  // That a product's own proxy image is not there is told by the filter's engine.
  const isTold = product.needsOwnProxy === true && isOwn(engine, refused?.at);
  if (own || isTold || at === undefined) return nothing;
  const note = `Envoy refuses the listener in this proxy image: ${refused?.text ?? ''}`;
  return part(
    gapOf('engine-missing', product, { at, related: [image.at], note, data: { image: image.image } }),
  );
}

function isBehindRouter({ chain, engine }: Placed): boolean {
  const router = chain.httpFilters.findIndex(({ type }) => type === routerType);
  return router >= 0 && chain.httpFilters.indexOf(engine.filter) > router;
}

function order(placed: Placed): Part {
  const { filter, product } = placed.engine;
  const at = filter.addedBy;
  if (at === undefined || !isBehindRouter(placed)) return nothing;
  const how = 'behind the router, where no request comes by and for which Envoy refuses the listener';
  return part(gapOf('wrong-order', product, { at, note: `the filter stands ${how}`, data: { how } }));
}

function refusal(placed: Placed): Part {
  const { chain, engine } = placed;
  const { refused } = chain;
  if (refused === undefined) return nothing;
  if (!refused.certain) return uncertainRefusal(placed);
  const { product, filter } = engine;
  const at = refused.at ?? filter.addedBy;
  if (at === undefined) return nothing;
  const how = refused.text;
  const related = filter.addedBy === undefined || isOwn(engine, at) ? [] : [filter.addedBy];
  // A filter behind the router is told by its place.
  if (refused.reason === 'router-not-last' && isBehindRouter(placed)) return nothing;
  return part(
    gapOf('refused-listener', product, {
      at,
      related,
      note: `Envoy refuses the listener: ${how}`,
      data: { how },
    }),
  );
}

function disabled({ chain, engine }: Placed): Part {
  const { filter, product } = engine;
  const at = filter.addedBy;
  if (!filter.disabled || at === undefined) return nothing;
  const on = enabledOn(chain, filter);
  if (on === 'all') return nothing;
  const how = on === 'none' ? 'off, and no route turns it on' : 'on for some routes only';
  const reach = on === 'none' ? 'all' : 'some';
  return part(gapOf('disabled', product, { at, note: `the filter is ${how}`, data: { how }, reach }));
}

/** A configuration that never comes: the listener stays closed, or requests get 500. */
function undelivered({ engine }: Placed): Part {
  const { filter, product } = engine;
  const { discovery, addedBy } = filter;
  if (discovery === undefined || addedBy === undefined || (discovery.resolved && discovery.typeAllowed))
    return nothing;
  const how = discovery.resolved
    ? 'its delivered configuration has another type'
    : 'nothing delivers its configuration';
  return part(gapOf('refused-listener', product, { at: addedBy, note: how, data: { how } }));
}

/** A plugin of the last phase, or of none where there is authorization before it, does not see what that denies. */
function phase({ chain, engine }: Placed): Part {
  const { filter, product } = engine;
  const at = filter.addedBy;
  if (at === undefined || !pluginKinds.has(at.resource.kind)) return nothing;
  const written = stringAt(at.resource.object, 'spec', 'phase');
  const before = chain.httpFilters.slice(0, chain.httpFilters.indexOf(filter));
  const isLate = written === 'STATS' || before.some(({ name }) => name === 'envoy.filters.http.rbac');
  if (!isLate) return nothing;
  const how = 'it runs after authorization, so that requests which that denies are never inspected';
  const where = { resource: at.resource, path: written === undefined ? ['spec'] : ['spec', 'phase'] };
  return part(gapOf('phase', product, { at: where, note: how, data: { how }, reach: 'none' }));
}

const pluginKinds: ReadonlySet<string> = new Set(['WasmPlugin', 'TrafficExtension']);

function settings({ context, chain, engine }: Placed): Part {
  return part(...settingsGaps(context, engine, enabledOn(chain, engine.filter) !== 'none'));
}

function rules({ context, proxy, chain, engine }: Placed): Part {
  return part(...customRuleGaps(context, engine, { proxy, chain }));
}

const judgements: readonly ((placed: Placed) => Part)[] = [
  refusal,
  order,
  disabled,
  undelivered,
  settings,
  (placed) => part(...overrideGaps(placed.chain, placed.engine)),
  rules,
  phase,
];

/** What the filters of products in a chain make of its requests, each as an engine of its own. */
export function chainEngines(
  context: WafContext,
  proxy: InspectedProxy,
  chain: ProxyFilterChain,
): readonly Engine[] {
  return chain.httpFilters.flatMap((filter): readonly Engine[] => {
    const engine = filterEngine(context, proxy, filter);
    if (engine === undefined) return [];
    const parts = judgements.map((judge) => judge({ context, proxy, chain, engine }));
    const gaps = [...engine.gaps, ...parts.flatMap((one) => one.gaps)];
    const missing = [...engine.missing, ...parts.flatMap((one) => one.missing)];
    return [{ product: engine.product.id, by: engine.by, gaps, missing }];
  });
}
