import { isObject, objectAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { FilterModel, RouteConfigModel, RouteScope } from '#policy/filter-chain/envoy-model.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import type { RouteOverride } from '#policy/filter-chain/filter-chain.js';
import { heldMessage } from '#policy/filter-chain/message/read-message.js';
import type { HeldMessage } from '#policy/filter-chain/message/read-message.js';
import { configurationOf } from './describe-filter.js';
import type { FilterSurroundings } from './describe-filter.js';

const filters = 'envoy.extensions.filters.http';

/** Settings of routes by the configuration of the filter that reads them. */
const readers: ReadonlyMap<string, string> = new Map([
  [`${filters}.ext_authz.v3.ExtAuthzPerRoute`, `${filters}.ext_authz.v3.ExtAuthz`],
  [`${filters}.ext_proc.v3.ExtProcPerRoute`, `${filters}.ext_proc.v3.ExternalProcessor`],
  [`${filters}.lua.v3.LuaPerRoute`, `${filters}.lua.v3.Lua`],
  [`${filters}.golang.v3alpha.ConfigsPerRoute`, `${filters}.golang.v3alpha.Config`],
  [`${filters}.rbac.v3.RBACPerRoute`, `${filters}.rbac.v3.RBAC`],
  [`${filters}.jwt_authn.v3.PerRouteConfig`, `${filters}.jwt_authn.v3.JwtAuthentication`],
  [`${filters}.cors.v3.CorsPolicy`, `${filters}.cors.v3.Cors`],
  [`${filters}.fault.v3.HTTPFault`, `${filters}.fault.v3.HTTPFault`],
  [`${filters}.buffer.v3.BufferPerRoute`, `${filters}.buffer.v3.Buffer`],
  [`${filters}.local_ratelimit.v3.LocalRateLimit`, `${filters}.local_ratelimit.v3.LocalRateLimit`],
  [
    `${filters}.stateful_session.v3.StatefulSessionPerRoute`,
    `${filters}.stateful_session.v3.StatefulSession`,
  ],
]);

/** The wrapper that turns any filter off, or holds settings of its own kind. */
const wrapper = 'envoy.config.route.v3.FilterConfig';

/** What an entry says, the wrapper taken off. */
interface Setting {
  readonly held: HeldMessage | undefined;
  /** The wrapper turns the filter off. */
  readonly off: boolean;
  readonly wrapped: boolean;
}

function settingOf(value: JsonValue): Setting {
  const held = heldMessage(value);
  if (held?.type !== wrapper) return { held, off: false, wrapped: false };
  const off = valueAt(held.fields, ['disabled']) === true;
  return { held: heldMessage(held.fields['config']), off, wrapped: true };
}

const withoutBody: readonly (readonly string[])[] = [['check_settings', 'disable_request_body_buffering']];

function effectOf({ held, off }: Setting): RouteOverride['effect'] {
  if (off) return 'disables';
  const disabled = valueAt(held?.fields, ['disabled']);
  if (disabled === true) return 'disables';
  if (disabled === false) return 'enables';
  return withoutBody.some((path) => valueAt(held?.fields, path) === true) ? 'no-body' : 'overrides';
}

/** True when the filter reads settings of this kind; the wrapper alone is for all. */
function fits({ held, wrapped }: Setting, own: HeldMessage | undefined): boolean {
  if (held === undefined) return wrapped;
  return own !== undefined && readers.get(held.type) === own.type;
}

interface Level {
  readonly scope: RouteScope;
  readonly place: Pick<RouteOverride, 'level' | 'virtualHost' | 'domains' | 'route' | 'match'>;
}

function levelsOf(routes: RouteConfigModel): readonly Level[] {
  const none = { virtualHost: undefined, domains: [], route: undefined, match: undefined };
  return [
    { scope: routes, place: { ...none, level: 'routeConfiguration' } },
    ...routes.virtualHosts.flatMap((host): readonly Level[] => {
      const { name: virtualHost, domains } = host;
      return [
        { scope: host, place: { ...none, level: 'virtualHost', virtualHost, domains } },
        ...host.routes.map((route): Level => {
          const match: JsonObject | undefined = objectAt(route.config, 'match');
          const place = { level: 'route', virtualHost, domains, route: route.name, match } as const;
          return { scope: route, place };
        }),
      ];
    }),
  ];
}

/** Every setting that the routes of a chain have for a filter, whether it has an effect or not. */
export function routeOverrides(
  routes: RouteConfigModel,
  filters: readonly FilterModel[],
  surroundings: FilterSurroundings,
): readonly RouteOverride[] {
  return levelsOf(routes).flatMap(({ scope, place }) =>
    [...scope.overrides].map(([key, { value, by }]): RouteOverride => {
      const named = filters.filter(({ config }) => nameOf(config) === key);
      const setting = settingOf(value);
      return {
        ...place,
        filter: key,
        effect: effectOf(setting),
        filterPresent: named.length > 0,
        typeFits: named.some((filter) => fits(setting, configurationOf(filter, surroundings))),
        by,
      };
    }),
  );
}

/** True for a wrapper that says nothing, which Envoy refuses. */
export function isEmptyWrapper(value: JsonValue): boolean {
  const held = heldMessage(value);
  if (held?.type !== wrapper) return false;
  return !isObject(held.fields['config']) && valueAt(held.fields, ['disabled']) !== true;
}
