import type { FieldPath, FieldRef } from '#documents/document.js';
import { isArray, isObject, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { formerAnchor } from './patch-facts.js';
import type { Patch } from './patch-facts.js';

/** A filter that enforces policies, which a patch switches off for the routes that it meets. */
export interface DisabledFilter {
  readonly name: string;
  readonly enforces: string;
  readonly at: FieldRef;
}

const enforcing: Readonly<Record<string, string>> = {
  'envoy.filters.http.rbac': 'AuthorizationPolicy',
  'envoy.filters.http.jwt_authn': 'RequestAuthentication',
  'envoy.filters.http.ext_authz': 'AuthorizationPolicy with action CUSTOM',
};

const typeOf = (config: JsonObject): string => (stringAt(config, '@type') ?? '').replace(/^.*[./]/, '');

/** An RBAC of a route without rules stands for none; the others say that they are disabled. */
function switchesOff(config: JsonValue | undefined): boolean {
  if (!isObject(config)) return false;
  if (config['disabled'] === true) return true;
  return typeOf(config) === 'RBACPerRoute' && objectAt(config, 'rbac') === undefined;
}

function disabledIn(value: JsonValue | undefined, at: FieldRef): readonly DisabledFilter[] {
  if (isArray(value))
    return value.flatMap((item, index) => disabledIn(item, { ...at, path: [...at.path, index] }));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path: FieldPath = [...at.path, key];
    if (key !== 'typed_per_filter_config' && key !== 'typedPerFilterConfig')
      return disabledIn(inner, { ...at, path });
    return Object.entries(isObject(inner) ? inner : {}).flatMap(
      ([name, config]): readonly DisabledFilter[] => {
        const enforces = Object.hasOwn(enforcing, name) ? enforcing[name] : undefined;
        return enforces === undefined || !switchesOff(config)
          ? []
          : [{ name, enforces, at: { resource: at.resource, path: [...path, name] } }];
      },
    );
  });
}

/**
 * Filters of Istio's that a patch of routes switches off, by the name that istiod gives them. Routes of sidecars' outbound
 * listeners have none of them (Envoy's typed_per_filter_config).
 */
export function disabledFilters({ applyTo, value, at }: Patch): readonly DisabledFilter[] {
  if (!['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'].includes(applyTo)) return [];
  if (stringAt(at.resource.object, ...at.path, 'match', 'context') === 'SIDECAR_OUTBOUND') return [];
  return disabledIn(value, { resource: at.resource, path: [...at.path, 'patch', 'value'] });
}

/** True for patches that put a filter into a chain; those whose anchor does not exist put nothing anywhere. */
function inserts(patch: Patch): boolean {
  const { applyTo, operation } = patch;
  const isFilter = applyTo === 'HTTP_FILTER' || applyTo === 'NETWORK_FILTER';
  const puts = operation.startsWith('INSERT_') || operation === 'ADD' || operation === 'REPLACE';
  return isFilter && puts && formerAnchor(patch) === undefined;
}

const serviceFields = ['grpc_service', 'grpcService', 'http_service', 'httpService'];

/** Why Envoy does not run with a filter that a patch inserts: `untyped` is refused, `no-service` aborts on the first request. */
export function brokenFilter(patch: Patch): 'untyped' | 'no-service' | undefined {
  const { applyTo, value } = patch;
  if (value === undefined || !inserts(patch)) return undefined;
  const typed = objectAt(value, 'typed_config') ?? objectAt(value, 'typedConfig');
  if (typed === undefined) {
    const isFetched = Object.hasOwn(value, 'config_discovery') || Object.hasOwn(value, 'configDiscovery');
    return isFetched || stringAt(value, 'name') === undefined ? undefined : 'untyped';
  }
  const isAuthorizer = applyTo === 'HTTP_FILTER' && typeOf(typed) === 'ExtAuthz';
  return isAuthorizer && !serviceFields.some((key) => Object.hasOwn(typed, key)) ? 'no-service' : undefined;
}
