import { connectionManager, nameOf } from '#policy/filter-chain/envoy-model.js';
import type {
  ChainModel,
  FilterModel,
  ListenerModel,
  RouteConfigModel,
  RouteScope,
} from '#policy/filter-chain/envoy-model.js';
import { isEmptyWrapper } from '#policy/filter-chain/describe/route-overrides.js';
import type { ListenerRefusal } from '#policy/filter-chain/filter-chain.js';
import { heldMessage } from '#policy/filter-chain/message/read-message.js';
import { routeProblem } from './constraints.js';
import { blameOf, filterRefusal, isLeftOut } from './filter-refusal.js';
import { endsChain, isIstioFilter, routerType } from './filter-types.js';

function typeOf({ config }: FilterModel): string | undefined {
  return heldMessage(config['typed_config'])?.type;
}

/** The first of the filters that is refused, and those that are left once unknown optional ones are left out. */
function examine(
  filters: readonly FilterModel[],
  chain: 'http' | 'network',
): { readonly refused: ListenerRefusal | undefined; readonly left: readonly FilterModel[] } {
  const left: FilterModel[] = [];
  for (const filter of filters) {
    const refused = filterRefusal(filter, chain);
    if (refused === undefined) left.push(filter);
    else if (!isLeftOut(filter, refused)) return { refused, left };
  }
  return { refused: undefined, left };
}

function orderRefusal(
  filters: readonly FilterModel[],
  kind: 'http' | 'network',
  isTerminal: (filter: FilterModel) => boolean,
): ListenerRefusal | undefined {
  // Istio's own filters never end a chain; a chain of nothing else is left aside.
  const counted = filters.filter(({ config }) => !isIstioFilter(nameOf(config)));
  const early = counted.findIndex(isTerminal);
  const last = counted.length - 1;
  if (early >= 0 && early < last) {
    const name = nameOf(counted[early]?.config ?? {});
    const after = counted.slice(early).find(({ stock }) => !stock);
    const text = `terminal filter named ${name} must be the last filter in a ${kind} filter chain`;
    const reason = kind === 'http' ? 'router-not-last' : 'terminal-filter-not-last';
    return { reason, text, at: after && blameOf(after), certain: true };
  }
  if (early >= 0 || last < 0) return undefined;
  const text = `non-terminal filter named ${nameOf(counted[last]?.config ?? {})} is the last filter in a ${kind} filter chain`;
  return { reason: 'no-router', text, at: undefined, certain: true };
}

/** A discovered configuration is not looked at as the listener is loaded. */
function isRouter(filter: FilterModel): boolean {
  return typeOf(filter) === routerType;
}

function scopesOf(routes: RouteConfigModel): readonly RouteScope[] {
  return [routes, ...routes.virtualHosts.flatMap((host) => [host, ...host.routes])];
}

/** Settings of filters in routes that stand in the listener itself. */
function routeRefusal(routes: RouteConfigModel): ListenerRefusal | undefined {
  for (const { overrides } of scopesOf(routes)) {
    for (const [key, { value, by }] of overrides) {
      const invalid = (text: string): ListenerRefusal => ({
        reason: 'invalid-value',
        text,
        at: by,
        certain: true,
      });
      if (isEmptyWrapper(value)) return invalid(`empty route or virtual host configuration for ${key}`);
      const held = heldMessage(value);
      const problem = held && routeProblem(held.fields, held.type);
      if (problem !== undefined) return invalid(`${key}: ${problem}`);
    }
  }
  return undefined;
}

function httpRefusal(listener: ListenerModel, filter: FilterModel): ListenerRefusal | undefined {
  const { http } = filter;
  if (http === undefined) return undefined;
  const { refused, left } = examine(http.filters, 'http');
  const routes = listener.kind === 'gateway' ? undefined : http.routes;
  return refused ?? orderRefusal(left, 'http', isRouter) ?? (routes && routeRefusal(routes));
}

function chainRefusal(listener: ListenerModel, { filters = [] }: ChainModel): ListenerRefusal | undefined {
  const { refused, left } = examine(filters, 'network');
  if (refused !== undefined) return refused;
  const http = filters.map((filter) => httpRefusal(listener, filter)).find((found) => found !== undefined);
  const isTerminal = (filter: FilterModel): boolean =>
    nameOf(filter.config) === connectionManager || endsChain(typeOf(filter));
  return http ?? orderRefusal(left, 'network', isTerminal);
}

/** Every combination that a chain's match stands for, of which each can be taken once. */
function combinations({ match }: ChainModel): readonly string[] {
  const { destinationPort, transportProtocol, applicationProtocols, serverNames } = match;
  const names = serverNames.length === 0 ? [''] : serverNames;
  const protocols = applicationProtocols.length === 0 ? [''] : applicationProtocols;
  return names.flatMap((name) =>
    protocols.map((protocol) => [destinationPort ?? '', name, transportProtocol, protocol].join('|')),
  );
}

function matchRefusal({ chains }: ListenerModel): ListenerRefusal | undefined {
  const taken = new Set<string>();
  for (const chain of chains) {
    const wanted = [...new Set(combinations(chain))];
    if (wanted.some((one) => taken.has(one))) {
      const text = `filter chain '${chain.name}' has the same matching rules as another one`;
      const at = chain.by ?? chains.find(({ by }) => by !== undefined)?.by;
      return { reason: 'same-match', text, at, certain: true };
    }
    for (const one of wanted) taken.add(one);
  }
  return undefined;
}

/**
 * Why Envoy refuses a listener as a whole, as far as patches bring it about; undefined when it takes it (Envoy 1.40:
 * the rules of its API, source/common/http/filter_chain_helper.cc, source/common/listener_manager).
 */
export function listenerRefusal(listener: ListenerModel): ListenerRefusal | undefined {
  if (listener.rejected !== undefined)
    return { reason: 'same-match', text: listener.rejected, at: undefined, certain: true };
  const standard = listener.defaultChain === undefined ? [] : [listener.defaultChain];
  const touched = listener.changed || listener.chains.some(({ by, changed }) => by !== undefined || changed);
  const inChains = [...listener.chains, ...standard]
    .map((chain) => chainRefusal(listener, chain))
    .find((found) => found !== undefined);
  return inChains ?? (touched ? matchRefusal(listener) : undefined);
}
