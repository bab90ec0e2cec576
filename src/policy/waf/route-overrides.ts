import type { FieldRef } from '#documents/document.js';
import type { ProxyFilter, ProxyFilterChain, RouteOverride } from '#policy/filter-chain/filter-chain.js';
import { stringAt } from '#documents/json.js';
import { gapOf } from './gap.js';
import type { InspectionGap, InspectionGapKind } from './inspection.js';
import type { ProductFilter } from './settings-gaps.js';

/** A level of the routes for people. */
function nameOf({ level, virtualHost, route, match }: RouteOverride): string {
  if (level === 'routeConfiguration') return 'all routes';
  if (level === 'virtualHost') return `virtual host ${virtualHost ?? ''}`;
  const path =
    stringAt(match, 'prefix') ?? stringAt(match, 'path') ?? stringAt(match, 'path_separated_prefix');
  const named = route === undefined || route === '' ? 'a route' : `route ${route}`;
  return path === undefined
    ? `${named} of ${virtualHost ?? ''}`
    : `${named} (${path}) of ${virtualHost ?? ''}`;
}

type Effect = RouteOverride['effect'];

/** True for an entry that has the effect; the wrapper's `disabled` and others fit, those of another filter's type do not. */
function has(effect: Effect, entry: RouteOverride): boolean {
  return entry.effect === effect && entry.typeFits && entry.filterPresent;
}

function isEverything(match: RouteOverride['match']): boolean {
  return match === undefined || stringAt(match, 'prefix') === '/' || stringAt(match, 'prefix') === '';
}

/** How many of a virtual host's requests meet the effect: the more special entry counts. */
function metBy(host: string, entries: readonly RouteOverride[], effect: Effect): 'all' | 'some' | 'none' {
  const above = entries.findLast(({ level }) => level === 'routeConfiguration');
  const own = entries.findLast((entry) => entry.level === 'virtualHost' && entry.virtualHost === host);
  const routes = entries.filter((entry) => entry.level === 'route' && entry.virtualHost === host);
  const whole = own ?? above;
  if (whole !== undefined && has(effect, whole))
    return routes.every((entry) => has(effect, entry)) ? 'all' : 'some';
  const working = routes.filter((entry) => has(effect, entry));
  if (working.length === 0) return 'none';
  return working.some(({ match }) => isEverything(match)) ? 'all' : 'some';
}

/** How much of a chain's requests an effect of its routes concerns. */
function reachOf(
  { virtualHosts }: ProxyFilterChain,
  entries: readonly RouteOverride[],
  effect: Effect,
): InspectionGap['reach'] {
  const hosts = virtualHosts.length > 0 ? virtualHosts : [''];
  const met = new Set(hosts.map((host) => metBy(host, entries, effect)));
  if (!met.has('some') && !met.has('all')) return 'none';
  return met.size === 1 && met.has('all') ? 'all' : 'some';
}

interface Wanted {
  readonly kind: InspectionGapKind;
  readonly effect: Effect;
  readonly note: (routes: string) => string;
}

const wanted: readonly Wanted[] = [
  { kind: 'disabled-on-route', effect: 'disables', note: (routes) => `switched off for ${routes}` },
  { kind: 'no-body', effect: 'no-body', note: (routes) => `bodies are not sent for ${routes}` },
];

/** What routes of a chain take away from a filter. */
export function overrideGaps(
  chain: ProxyFilterChain,
  { filter, product }: ProductFilter,
): readonly InspectionGap[] {
  const entries = chain.overrides.filter((entry) => entry.filter === filter.name);
  if (entries.length === 0) return [];
  return wanted.flatMap(({ kind, effect, note }): readonly InspectionGap[] => {
    const working = entries.filter((entry) => has(effect, entry));
    const [first] = working;
    const at: FieldRef | undefined = first?.by;
    if (first === undefined || at === undefined) return [];
    const routes = [...new Set(working.map(nameOf))].join(', ');
    const reach = reachOf(chain, entries, effect);
    if (reach === 'none') return [];
    const related = working.slice(1).flatMap(({ by }) => by ?? []);
    return [
      gapOf(kind, product, {
        at,
        related,
        note: note(routes),
        data: { routes, ...(kind === 'no-body' && { field: 'disable_request_body_buffering' }) },
        reach: kind === 'no-body' ? 'some' : reach,
      }),
    ];
  });
}

/**
 * For a filter that is off unless a route turns it on: which of its routes do. Any entry under its name lifts it, even one
 * of another filter's type (measured at a running Envoy).
 */
export function enabledOn(chain: ProxyFilterChain, filter: ProxyFilter): 'all' | 'some' | 'none' {
  const entries = chain.overrides.filter(
    (entry) => entry.filter === filter.name && !(entry.effect === 'disables' && entry.typeFits),
  );
  if (entries.length === 0) return 'none';
  const hosts = chain.virtualHosts.length > 0 ? chain.virtualHosts : [''];
  const isWhole = (host: string): boolean =>
    entries.some(
      (entry) =>
        entry.level === 'routeConfiguration' ||
        (entry.virtualHost === host && (entry.level === 'virtualHost' || isEverything(entry.match))),
    );
  return hosts.every(isWhole) ? 'all' : 'some';
}
