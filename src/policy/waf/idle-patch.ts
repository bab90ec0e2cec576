import { RE2JS } from 're2js';
import type { FieldRef } from '#documents/document.js';
import { stringAt, valueAt } from '#documents/json.js';
import { formerAnchor, patchesOf } from '#policy/extension/patch-facts.js';
import { allChains, outcomeAt, patchedProxies } from '#policy/extension/patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from '#policy/extension/patched-proxies.js';
import { unmetPatch } from '#policy/extension/unmet-patches.js';
import type { UnmetPatch } from '#policy/extension/unmet-patches.js';
import type { ProxyFilter, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { gapOf, objectName } from './gap.js';
import type { InspectionGap, InspectionGapKind } from './inspection.js';
import { placeKey } from './objects.js';
import type { WafObject } from './objects.js';
import type { WafContext } from './waf-context.js';

/** A gap of an object that does nothing, with the reason for people. */
export function idleGap(
  one: WafObject,
  kind: InspectionGapKind,
  how: string,
  at: FieldRef = one.at,
): InspectionGap {
  return gapOf(kind, one.product, { at, note: how, data: { how, object: objectName(one.resource) } });
}

/** True where the listeners of the proxies may stand outside the input: gateways of which it holds no Gateway. */
export function lacksListeners({ mesh }: WafContext, { proxies }: Pick<PatchedProxies, 'proxies'>): boolean {
  return mesh.scope === 'partial' && proxies.every(({ chains }) => chains.chains.length === 0);
}

/** HTTP filters of chains. */
export function filtersOf(chains: readonly ProxyFilterChain[]): readonly ProxyFilter[] {
  return chains.flatMap(({ httpFilters }) => httpFilters);
}

/** True for a filter that the patch or plugin brought, changed or delivers the configuration for. */
export function isFrom(filter: ProxyFilter, { at }: WafObject): boolean {
  const own = [filter.addedBy, filter.discovery?.at, ...filter.changedBy];
  const key = placeKey(at);
  return own.some((one) => one !== undefined && placeKey(one) === key);
}

const reasons: Readonly<
  Record<UnmetPatch['why'], (unmet: UnmetPatch) => readonly [InspectionGapKind, string]>
> = {
  context: ({ value }) => ['wrong-context', `context ${value} is not that of the proxies that it selects`],
  anchor: ({ value }) => ['wrong-context', `no chain has the filter ${value} that it is anchored on`],
  chain: ({ field, value }) => ['wrong-context', `no chain has ${value} as ${field}`],
  route: ({ field, value }) => ['wrong-context', `no route has ${value} as ${field}`],
  together: () => ['wrong-context', 'no chain meets all that its match asks for'],
  version: ({ value }) => ['inert-form', `proxyVersion ${value} leaves this release of Istio out`],
  order: ({ value }) => ['wrong-order', `the filter ${value} that it is anchored on is put there only later`],
};

function unapplied(context: WafContext, one: WafObject, found: PatchedProxies): InspectionGap | undefined {
  const { policies } = context;
  const index = one.at.path[2];
  const number = typeof index === 'number' ? index : 0;
  const facts = patchesOf(one.resource)[number];
  const former = facts && formerAnchor(facts);
  if (former !== undefined)
    return idleGap(
      one,
      'inert-form',
      `its anchor ${former.name} is a name that Istio compares no more`,
      former.at,
    );
  const portAt = [...one.at.path, 'match', 'listener', 'portNumber'];
  const unmet = unmetPatch(one.resource, number, {
    ...patchedProxies(policies, one.resource),
    missing: [],
    proxies: found.proxies,
  });
  if (typeof unmet === 'object' && 'why' in unmet) {
    const [kind, how] = reasons[unmet.why](unmet);
    return idleGap(one, kind, how, unmet.at);
  }
  if (lacksListeners(context, found)) return undefined;
  if (valueAt(one.resource.object, portAt) !== undefined)
    return idleGap(one, 'wrong-context', 'no listener or chain has the port that it asks for', {
      resource: one.resource,
      path: portAt,
    });
  return idleGap(one, 'wrong-context', 'nothing meets its match');
}

/** What undid a patch that did apply: another patch that took the filter, or a panic that lost it. */
function undone(one: WafObject, proxies: readonly PatchedProxy[]): InspectionGap | undefined {
  const key = placeKey(one.at);
  for (const { chains } of proxies)
    for (const patch of chains.patches)
      if (patch.took.some(({ addedBy }) => placeKey(addedBy) === key))
        return idleGap(one, 'disabled', `${objectName(patch.envoyFilter)} removes its filter`, patch.at);
  return undefined;
}

function lost(one: WafObject, proxies: readonly PatchedProxy[]): InspectionGap | undefined {
  const panic = proxies.flatMap(({ chains }) => chains.panics).find((each) => each.in === 'listener');
  return panic && idleGap(one, 'disabled', `istiod gives up patching: ${panic.note}`, panic.at);
}

/** Releases that a proxy of today may have, where the input does not say which. */
const releases = Array.from({ length: 24 }, (_, index) => `1.${index + 18}.0`);

/** A patch for other releases; where the release is not known, only one that fits none of the later ones is told. */
function forOtherReleases(one: WafObject, { isVersionKnown }: PatchedProxies): InspectionGap | undefined {
  const path = [...one.at.path, 'match', 'proxy', 'proxyVersion'];
  const wanted = stringAt(one.resource.object, ...path) ?? '';
  if (wanted === '')
    return isVersionKnown ? idleGap(one, 'inert-form', 'its proxy match leaves every proxy out') : undefined;
  const mayFit = releases.some((release) => fitsRelease(wanted, release));
  if (!isVersionKnown && mayFit) return undefined;
  const how = `proxyVersion ${wanted} leaves this release of Istio out`;
  return idleGap(one, 'inert-form', how, { resource: one.resource, path });
}

function fitsRelease(wanted: string, release: string): boolean {
  try {
    return wanted.length < 1024 && RE2JS.compile(wanted).matcher(release).find();
  } catch {
    return true;
  }
}

/** Why a patch of an object puts no filter in the way of requests that come in. */
export function idlePatch(
  context: WafContext,
  one: WafObject,
  found: PatchedProxies,
): InspectionGap | undefined {
  const { proxies } = found;
  const index = one.at.path[2];
  const outcomes = proxies.flatMap(
    (proxy) => outcomeAt(proxy, one.resource, typeof index === 'number' ? index : -1) ?? [],
  );
  const unreadable = outcomes.find(({ outcome }) => outcome === 'unreadable');
  if (unreadable !== undefined)
    return idleGap(one, 'inert-form', `istiod can not read it: ${unreadable.note ?? ''}`);
  if (outcomes.some(({ outcome }) => outcome === 'applied')) {
    const gone = undone(one, proxies);
    if (gone !== undefined) return gone;
    const outbound = proxies.some((proxy) =>
      filtersOf(allChains(proxy)).some((filter) => isFrom(filter, one)),
    );
    const how = outbound
      ? 'it meets only requests that the workload itself sends'
      : 'no filter takes the configuration that it delivers';
    const at = outbound ? { resource: one.resource, path: [...one.at.path, 'match', 'context'] } : one.at;
    return idleGap(one, 'wrong-context', how, at);
  }
  if (outcomes.some(({ outcome }) => outcome === 'lost')) return lost(one, proxies);
  if (outcomes.length > 0 && outcomes.every(({ outcome }) => outcome === 'other-version'))
    return forOtherReleases(one, found);
  return unapplied(context, one, found);
}
