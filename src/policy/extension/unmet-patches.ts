import type { FieldRef, Resource } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { isHeld, priorityOf, readPatches } from '#policy/filter-chain/patch/read-patches.js';
import type { Patch } from '#policy/filter-chain/patch/patch.js';
import { askedFields, chainsFor, isOrdinary } from './asked-fields.js';
import { foreignAnchor, formerAnchor, patchesOf } from './patch-facts.js';
import { outcomeAt } from './patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from './patched-proxies.js';

/** Why a patch changes nothing at any proxy that its object selects. */
export interface UnmetPatch {
  /**
   * `context`: it is for proxies of another kind; `anchor`: no chain has the filter it names; `chain`, `route`: none has
   * the value it asks for; `together`: each value alone is somewhere, all of them nowhere; `version`: for other releases;
   * `order`: what it is anchored on is put there only after it.
   */
  readonly why: 'context' | 'anchor' | 'chain' | 'route' | 'together' | 'version' | 'order';
  readonly at: FieldRef;
  /** Name of the field in the match, and what it asks for. */
  readonly field: string;
  readonly value: string;
  /** What the proxies have instead, for people; empty: nothing of the kind. */
  readonly known: readonly string[];
}

const listenerKinds: ReadonlySet<string> = new Set(['HTTP_FILTER', 'NETWORK_FILTER', 'FILTER_CHAIN']);
const routeKinds: ReadonlySet<string> = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);

/** Ports have a check of their own, and so have names that filters had before. */
function isToldElsewhere(object: Resource, patch: Patch, index: number): boolean {
  const facts = patchesOf(object)[index];
  return (
    (patch.listener?.portNumber ?? 0) !== 0 || (facts !== undefined && formerAnchor(facts) !== undefined)
  );
}

/** The anchor where another object puts it in only after the patch ran, whatever their ages are. */
function anchorOfLater(patch: Patch, chains: readonly ProxyFilterChain[]): UnmetPatch | undefined {
  const value = patch.listener?.filterChain?.subFilter ?? '';
  const owners = chains.flatMap(({ httpFilters }) =>
    httpFilters.filter(({ name }) => name === value && value !== '').map(({ addedBy }) => addedBy?.resource),
  );
  const own = priorityOf(patch.envoyFilter);
  const isLater = owners.every(
    (owner) => owner !== undefined && owner !== patch.envoyFilter && priorityOf(owner) > own,
  );
  if (owners.length === 0 || !isLater) return undefined;
  const path = [...patch.at.path, 'match', 'listener', 'filterChain', 'filter', 'subFilter', 'name'];
  return { why: 'order', at: { resource: patch.envoyFilter, path }, field: 'name', value, known: [] };
}

/** An anchor of some other object, whose place in time is a check of its own. */
function foreignAnchorOf(patch: Patch): string | undefined {
  const index = patch.at.path[2];
  const facts = typeof index === 'number' ? patchesOf(patch.envoyFilter)[index] : undefined;
  return facts && foreignAnchor(patch.envoyFilter, facts);
}

const placeIn = (patch: Patch, path: readonly string[]): FieldRef => ({
  resource: patch.envoyFilter,
  path: [...patch.at.path, 'match', ...path],
});

/** Each field that a patch asks for is somewhere, but not all of them in one place. */
function togetherNowhere(patch: Patch, count: number): UnmetPatch | undefined {
  // A MERGE that meets a filter may change nothing, which is another mistake.
  if (patch.operation.startsWith('MERGE') || patch.route !== undefined || count < 2) return undefined;
  if (foreignAnchorOf(patch) !== undefined) return undefined;
  return { why: 'together', at: placeIn(patch, []), field: '', value: '', known: [] };
}

function whyUnmet(patch: Patch, proxies: readonly PatchedProxy[]): UnmetPatch | undefined {
  const { context } = patch;
  const kinds = [...new Set(proxies.map(({ chains }) => chains.kind))];
  const chains = chainsFor(patch, proxies);
  if (context !== 'ANY' && !kinds.includes(context === 'GATEWAY' ? 'gateway' : 'sidecar'))
    return {
      why: 'context',
      at: placeIn(patch, ['context']),
      field: 'context',
      value: context,
      known: kinds,
    };
  if (chains.length === 0 || context === 'SIDECAR_OUTBOUND') return undefined;
  const fields = askedFields(patch, chains);
  const missed = fields.find(({ value, known }) => !known.includes(value));
  if (missed === undefined) return anchorOfLater(patch, chains) ?? togetherNowhere(patch, fields.length);
  const known = [...new Set(missed.known)].filter((one) => one !== '');
  return { ...missed, field: missed.path.join('.'), at: placeIn(patch, missed.path), known };
}

function forOtherVersions(patch: Patch): UnmetPatch | 'met' {
  const value = patch.proxy?.proxyVersion ?? '';
  if (value === '') return 'met';
  const at = placeIn(patch, ['proxy', 'proxyVersion']);
  return { why: 'version', at, field: 'proxyVersion', value, known: [] };
}

/** The patch where it is of a kind that is judged here, and no other check tells of it. */
function judgedPatch(object: Resource, index: number): Patch | undefined {
  const patch = readPatches(object)[index];
  if (patch === undefined || !isHeld(patch) || isToldElsewhere(object, patch, index)) return undefined;
  if (patch.operation === 'REMOVE' || patch.operation === 'INVALID') return undefined;
  return listenerKinds.has(patch.applyTo) || routeKinds.has(patch.applyTo) ? patch : undefined;
}

/** What `spec.configPatches[index]` comes to at the proxies that its object selects; `met` where it changes something. */
export function unmetPatch(
  object: Resource,
  index: number,
  { proxies, missing, isVersionKnown }: PatchedProxies,
): UnmetPatch | 'met' | readonly MissingEvidence[] {
  const patch = judgedPatch(object, index);
  if (patch === undefined) return 'met';
  const outcomes = proxies.map((proxy) => outcomeAt(proxy, object, index)?.outcome);
  if (outcomes.some((outcome) => outcome !== 'no-match' && outcome !== 'other-version')) return 'met';
  if (missing.length > 0) return isOrdinary(patch) ? 'met' : missing;
  const here = proxies.filter((_, number) => outcomes[number] === 'no-match');
  if (here.length > 0) return whyUnmet(patch, here) ?? 'met';
  if (proxies.length === 0) return 'met';
  return isVersionKnown ? forOtherVersions(patch) : [{ key: 'istio-version', text: 'the version of Istio' }];
}
