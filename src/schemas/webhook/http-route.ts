import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { destinationErrors, weightedErrors } from './destination.js';
import { durationErrors } from './durations.js';
import { headerErrors, isAuthority } from './header-values.js';
import { corsErrors, directResponseErrors, faultErrors, redirectErrors, retryErrors, rewriteErrors } from './http-actions.js';
import { httpMatchErrors } from './route-match.js';
import { complaint } from './webhook.js';

/** What a route belongs to. */
export interface RouteContext {
  /** True for routes of a virtual service without hosts, to which others delegate. */
  readonly delegate: boolean;
  /** True for routes that Istio itself made from the Gateway API: their destinations are not checked. */
  readonly converted: boolean;
}

function conflict(route: JsonObject, names: readonly string[], path: FieldPath): readonly Invalidity[] {
  const [first = '', ...others] = names;
  return others
    .filter((name) => listAt(route, name).length > 0 || objectAt(route, name) !== undefined)
    .map((name) => complaint([...path, name], `${first} and ${name} exclude each other`));
}

/** Source: virtualservice.go, validateHTTPRouteConflict. */
function conflictErrors(route: JsonObject, path: FieldPath, { delegate }: RouteContext): readonly Invalidity[] {
  const delegates = objectAt(route, 'delegate') !== undefined;
  if (delegates && !delegate) return conflict(route, ['delegate', 'redirect', 'route'], path);
  const errors: Invalidity[] = [];
  if (delegates) errors.push(complaint([...path, 'delegate'], 'a route that is delegated to cannot delegate'));
  if (objectAt(route, 'redirect')) {
    errors.push(...conflict(route, ['redirect', 'route', 'fault', 'rewrite', 'directResponse'], path));
  } else if (objectAt(route, 'directResponse')) {
    errors.push(...conflict(route, ['directResponse', 'route', 'fault', 'rewrite'], path));
  } else if (listAt(route, 'route').length === 0) {
    errors.push(complaint([...path, 'route'], 'a route, redirect or directResponse is required'));
  }
  if (objectAt(route, 'mirror')) errors.push(...conflict(route, ['mirror', 'mirrors'], path));
  return errors;
}

function authorityErrors(route: JsonObject, path: FieldPath): readonly Invalidity[] {
  const request = objectAt(route, 'headers', 'request');
  const names = ['set', 'add'].flatMap((operation) => Object.entries(objectAt(request, operation) ?? {}));
  const values = [
    stringAt(route, 'rewrite', 'authority') ?? '',
    ...names.filter(([name]) => isAuthority(name)).map(([, value]) => (typeof value === 'string' ? value : '')),
  ];
  const first = values.findIndex((value) => value !== '');
  const twice = first >= 0 && first < values.length - 1;
  return twice ? [complaint([...path, 'headers'], 'the authority is set more than once')] : [];
}

function percentErrors(value: JsonValue | undefined, path: FieldPath): readonly Invalidity[] {
  const percent = Number(valueAt(value, ['value']) ?? 0);
  // Asked as Istio does: NaN is neither too small nor too large.
  return percent < 0 || percent > 100 ? [complaint([...path, 'value'], 'a percentage must be in 0..100')] : [];
}

function mirrorErrors(route: JsonObject, path: FieldPath): readonly Invalidity[] {
  const percent = Number(valueAt(route, ['mirrorPercent']) ?? 0);
  const mirrors = listAt(route, 'mirrors').flatMap((mirror, index) => {
    const at = [...path, 'mirrors', index];
    const destination = objectAt(mirror, 'destination');
    if (!destination) return [complaint([...at, 'destination'], 'a mirror needs a destination')];
    return [
      ...destinationErrors(destination, [...at, 'destination']),
      ...percentErrors(objectAt(mirror, 'percentage'), [...at, 'percentage']),
    ];
  });
  return [
    ...(percent > 100 ? [complaint([...path, 'mirrorPercent'], 'a percentage must be in 0..100')] : []),
    ...percentErrors(objectAt(route, 'mirrorPercentage'), [...path, 'mirrorPercentage']),
    ...destinationErrors(objectAt(route, 'mirror'), [...path, 'mirror']),
    ...mirrors,
  ];
}

/** Source: virtualservice.go, validateHTTPRoute. */
export function httpRouteErrors(route: JsonObject, path: FieldPath, context: RouteContext): readonly Invalidity[] {
  return [
    ...conflictErrors(route, path, context),
    ...listAt(route, 'match').flatMap((match, index) => httpMatchErrors(objectAt(match) ?? {}, [...path, 'match', index])),
    ...headerErrors(objectAt(route, 'headers'), [...path, 'headers']),
    ...corsErrors(objectAt(route, 'corsPolicy'), [...path, 'corsPolicy']),
    ...faultErrors(objectAt(route, 'fault'), [...path, 'fault']),
    ...mirrorErrors(route, path),
    ...redirectErrors(route, path),
    ...directResponseErrors(objectAt(route, 'directResponse'), [...path, 'directResponse']),
    ...retryErrors(objectAt(route, 'retries'), [...path, 'retries']),
    ...rewriteErrors(objectAt(route, 'rewrite'), [...path, 'rewrite']),
    ...authorityErrors(route, path),
    ...weightedErrors(listAt(route, 'route'), [...path, 'route'], (destination, at) => [
      ...headerErrors(objectAt(destination, 'headers'), [...at, 'headers']),
      ...(context.converted ? [] : destinationErrors(objectAt(destination, 'destination'), [...at, 'destination'])),
    ]),
    ...durationErrors(route, path, ['timeout']),
  ];
}
