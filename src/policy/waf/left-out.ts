import type { FieldRef } from '#documents/document.js';
import { valueAt } from '#documents/json.js';
import type { ProxyFilter, ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { filterEngine } from './engine.js';
import type { FilterEngine } from './engine.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import type { Engine } from './verdict.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** The part of a match that limits a filter to some chains; the patch or plugin where none does. */
function limitOf({ addedBy }: ProxyFilter): FieldRef | undefined {
  if (addedBy?.resource.kind !== 'EnvoyFilter') return addedBy;
  const { resource, path } = addedBy;
  const match = [...path, 'match', 'listener'];
  const places = [
    ['portNumber'],
    ['filterChain', 'transportProtocol'],
    ['filterChain', 'destinationPort'],
    ['filterChain', 'name'],
    ['filterChain', 'sni'],
    ['filterChain', 'applicationProtocols'],
    ['name'],
  ];
  const found = places.find((place) => valueAt(resource.object, [...match, ...place]) !== undefined);
  return found === undefined ? addedBy : { resource, path: [...match, ...found] };
}

function portsText({ port, serverPorts, listenPort, passthrough }: ProxyFilterChain): string {
  if (passthrough) return 'ports that no Service names';
  if (serverPorts.length > 0) return serverPorts.join(', ');
  return String(port ?? listenPort ?? '');
}

function callersText({ tls, match }: ProxyFilterChain): string {
  return tls === 'none' || match.transportProtocol === 'raw_buffer'
    ? 'callers without mutual TLS'
    : 'callers with mutual TLS';
}

function isSamePort(one: ProxyFilterChain, other: ProxyFilterChain): boolean {
  return one.listener === other.listener && one.port === other.port && one.passthrough === other.passthrough;
}

function gapFor(
  { product, filter }: FilterEngine,
  chain: ProxyFilterChain,
  others: readonly ProxyFilterChain[],
): InspectionGap | undefined {
  const related = filter.addedBy === undefined ? [] : [filter.addedBy];
  if (chain.protocol === 'tcp') {
    const at = chain.servers[0] ?? filter.addedBy;
    const ports = portsText(chain);
    const note = `the proxy reads no HTTP on ${ports}`;
    return at && gapOf('ports-left-out', product, { at, related, note, data: { ports } });
  }
  const at = limitOf(filter);
  if (at === undefined) return undefined;
  if (others.some((other) => isSamePort(chain, other))) {
    const callers = callersText(chain);
    return gapOf('callers-left-out', product, {
      at,
      related,
      note: `${callers} are not inspected`,
      data: { callers },
    });
  }
  const ports = portsText(chain);
  return gapOf('ports-left-out', product, {
    at,
    related,
    note: `requests to ${ports} are not inspected`,
    data: { ports },
  });
}

/**
 * For a chain without any filter of a product, though other chains of the same listeners have one: why its requests go
 * by. A product without a filter anywhere leaves nothing out.
 */
export function leftOut(
  context: WafContext,
  proxy: InspectedProxy,
  chain: ProxyFilterChain,
): readonly Engine[] {
  const others = proxy.chains.chains.filter(({ listener }) => listener === chain.listener);
  const found = new Map<string, { readonly engine: FilterEngine; readonly chains: ProxyFilterChain[] }>();
  for (const other of others)
    for (const filter of other.httpFilters) {
      const engine = filterEngine(context, proxy, filter);
      if (engine === undefined) continue;
      const known = found.get(engine.product.id);
      if (known === undefined) found.set(engine.product.id, { engine, chains: [other] });
      else known.chains.push(other);
    }
  return [...found.values()].flatMap(({ engine, chains }): readonly Engine[] => {
    const gap = gapFor(engine, chain, chains);
    return gap === undefined ? [] : [{ product: engine.product.id, by: [], gaps: [gap], missing: [] }];
  });
}
