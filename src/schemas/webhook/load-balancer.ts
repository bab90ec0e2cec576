import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { durationErrors } from './durations.js';
import { localityLbErrors, zoneAwareLbErrors } from './locality.js';
import { complaint } from './webhook.js';

const largestTable = 5_000_011;

function isPrime(number: number): boolean {
  if (number > 0 && number < 4) return true;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor * factor <= number; factor += 2) if (number % factor === 0) return false;
  return true;
}

function numberAt(value: JsonObject, name: string): number {
  return Number(valueAt(value, [name]) ?? 0);
}

function maglevErrors(maglev: JsonObject, path: FieldPath): readonly Invalidity[] {
  const size = numberAt(maglev, 'tableSize');
  const valid = size > 0 && size < largestTable && isPrime(size);
  return valid ? [] : [complaint([...path, 'tableSize'], `tableSize must be a prime number below ${String(largestTable)}`)];
}

function cookieErrors(cookie: JsonObject, path: FieldPath): readonly Invalidity[] {
  const seen = new Set<string>();
  const attributes = listAt(cookie, 'attributes').flatMap((attribute, index) => {
    const name = stringAt(attribute, 'name') ?? '';
    const wrong = name === '' || seen.has(name);
    seen.add(name);
    return wrong ? [complaint([...path, 'attributes', index, 'name'], `"${name}" is empty or given twice`)] : [];
  });
  const named = (stringAt(cookie, 'name') ?? '') !== '';
  return [...(named ? [] : [complaint([...path, 'name'], 'a cookie must have a name')]), ...attributes];
}

function hashErrors(hash: JsonObject, path: FieldPath): readonly Invalidity[] {
  // Of several members of a oneof, protobuf keeps the one that is declared last.
  const later = ['useSourceIp', 'httpQueryParameterName'].some((name) => valueAt(hash, [name]) !== undefined);
  const cookie = later ? undefined : objectAt(hash, 'httpCookie');
  const maglev = objectAt(hash, 'maglev');
  const algorithm = maglev ?? objectAt(hash, 'ringHash');
  const both = numberAt(hash, 'minimumRingSize') !== 0 && algorithm !== undefined;
  return [
    ...(cookie ? cookieErrors(cookie, [...path, 'httpCookie']) : []),
    ...(both ? [complaint([...path, 'minimumRingSize'], 'minimumRingSize excludes ringHash and maglev')] : []),
    ...(maglev ? maglevErrors(maglev, [...path, 'maglev']) : []),
  ];
}

function warmupErrors(warmup: JsonObject, path: FieldPath): readonly Invalidity[] {
  const aggression = valueAt(warmup, ['aggression']);
  const still = typeof aggression === 'number' && aggression <= 0;
  return [
    ...(stringAt(warmup, 'duration') === undefined ? [complaint([...path, 'duration'], 'a duration is required')] : []),
    ...durationErrors(warmup, path, ['duration']),
    ...(numberAt(warmup, 'minimumPercent') > 100
      ? [complaint([...path, 'minimumPercent'], 'minimumPercent must be at most 100')]
      : []),
    ...(still ? [complaint([...path, 'aggression'], 'aggression must be more than 0')] : []),
  ];
}

/** Faults of load balancer settings, which stand at `path`. Source: validation.go, validateLoadBalancer. */
export function loadBalancerErrors(settings: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!settings) return [];
  const hash = objectAt(settings, 'backendUtilization') ? undefined : objectAt(settings, 'consistentHash');
  const locality = objectAt(settings, 'localityLbSetting');
  const zone = objectAt(settings, 'zoneAwareLbSetting');
  const warmup = objectAt(settings, 'warmup');
  return [
    ...(hash ? hashErrors(hash, [...path, 'consistentHash']) : []),
    ...(locality && zone ? [complaint(path, 'localityLbSetting and zoneAwareLbSetting exclude each other')] : []),
    ...localityLbErrors(locality, [...path, 'localityLbSetting']),
    ...zoneAwareLbErrors(zone, [...path, 'zoneAwareLbSetting']),
    ...(warmup ? warmupErrors(warmup, [...path, 'warmup']) : []),
  ];
}
