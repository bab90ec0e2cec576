import { valueAt } from '#documents/json.js';
import type { ProxyFilterChain, RouteOverride } from '#policy/filter-chain/filter-chain.js';
import type { HttpRoute } from '#policy/gateway/http-route.js';

/** Fields of Envoy's route match by how a path is compared. */
const fields = {
  exact: 'path',
  prefix: 'prefix',
  segments: 'path_separated_prefix',
  regex: 'safe_regex',
} as const;

function concerns({ match }: RouteOverride, { path: { kind, value } }: HttpRoute): boolean {
  const written = valueAt(match, [fields[kind]]);
  return written === value || valueAt(written, ['regex']) === value;
}

/** The setting as the requests of some routes of a virtual host meet it; undefined: not at all. */
function seenFrom(
  override: RouteOverride,
  { host, routes }: { readonly host: string; readonly routes: readonly HttpRoute[] },
): RouteOverride | undefined {
  const { level, domains } = override;
  if (level === 'routeConfiguration') return override;
  if (!domains.some((domain) => domain.toLowerCase() === host)) return undefined;
  if (level === 'virtualHost') return { ...override, level: 'routeConfiguration' };
  const concerned = routes.filter((route) => concerns(override, route));
  if (concerned.length === 0) return undefined;
  return concerned.length === routes.length && routes.length === 1
    ? { ...override, level: 'routeConfiguration' }
    : override;
}

/**
 * A chain as the requests of one host and path meet it: settings of other hosts and routes are gone, those that hold for
 * all of these requests stand at the level of the whole configuration. The chain itself where it has no such settings.
 */
export function routeView(
  chain: ProxyFilterChain,
  way: { readonly host: string; readonly routes: readonly HttpRoute[] },
): ProxyFilterChain {
  if (chain.overrides.length === 0) return chain;
  const overrides = chain.overrides.flatMap((override) => {
    const seen = seenFrom(override, way);
    return seen === undefined ? [] : [seen];
  });
  return { ...chain, overrides };
}
