import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

const topologyLabels = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** What is wrong with one locality (`region/zone/subzone`, `*` at the end), or undefined. */
function localityProblem(locality: string): string | undefined {
  const stars = locality.split('*').length - 1;
  if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) return `"${locality}" may only have one * at its end`;
  const parts = locality.split('/');
  return parts.slice(0, 3).includes('') ? `"${locality}" has an empty part` : undefined;
}

/** The parts of a locality; what follows the second slash is the subzone. */
function partsOf(locality: string): readonly string[] {
  const [region = '', zone, ...subzone] = locality.split('/');
  if (zone === undefined) return [region];
  return subzone.length === 0 ? [region, zone] : [region, zone, subzone.join('/')];
}

/** True when one of two localities holds the other: the parts that both give are equal, or a `*` stands there. */
function overlap(earlier: readonly string[], later: readonly string[]): boolean {
  const both = Math.min(earlier.length, later.length);
  for (let index = 0; index < both; index += 1) {
    if (earlier[index] === '*') return true;
    if (earlier[index] !== later[index]) return false;
  }
  return true;
}

function localityErrors(localities: readonly string[], path: FieldPath): readonly Invalidity[] {
  const earlier: (readonly string[])[] = [];
  for (const locality of localities) {
    const problem = localityProblem(locality);
    if (problem !== undefined) return [complaint(path, problem)];
    const parts = partsOf(locality);
    if (earlier.some((other) => overlap(other, parts))) return [complaint(path, `"${locality}" overlaps another locality`)];
    earlier.push(parts);
  }
  return [];
}

function weightErrors(entry: JsonValue, path: FieldPath): readonly Invalidity[] {
  const weights = Object.values(objectAt(entry, 'to') ?? {}).map(Number);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.some((weight) => weight < 1 || weight > 100)) return [complaint([...path, 'to'], 'a weight must be in 1..100')];
  return total === 100 ? [] : [complaint([...path, 'to'], `the weights are ${String(total)} together, not 100`)];
}

function distributeErrors(setting: JsonObject, path: FieldPath): readonly Invalidity[] {
  const at = [...path, 'distribute'];
  const entries = listAt(setting, 'distribute');
  const destinations: Invalidity[] = [];
  for (const [index, entry] of entries.entries()) {
    const weights = weightErrors(entry, [...at, index]);
    if (weights.length > 0) return weights;
    destinations.push(...localityErrors(Object.keys(objectAt(entry, 'to') ?? {}), [...at, index, 'to']));
  }
  const sources = entries.map((entry) => stringAt(entry, 'from') ?? '');
  return [...destinations, ...localityErrors(sources, at)];
}

/** Faults of failover entries, which stand at `path`. */
export function failoverErrors(entries: readonly JsonValue[], path: FieldPath): readonly Invalidity[] {
  return entries.flatMap((entry, index) => {
    const [from, to] = [stringAt(entry, 'from') ?? '', stringAt(entry, 'to') ?? ''];
    const at = [...path, index];
    return [
      ...(from === to ? [complaint(at, 'failover must go to another region')] : []),
      ...(`${from}${to}`.includes('/') ? [complaint(at, 'failover goes from region to region, without zones')] : []),
      ...(`${from}${to}`.includes('*') ? [complaint(at, 'failover takes no wildcard')] : []),
    ];
  });
}

/** Source: istio/istio pkg/config/validation/agent, ValidateLocalityLbSetting. */
export function localityLbErrors(setting: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!setting) return [];
  const failover = listAt(setting, 'failover');
  if (failover.length > 0 && listAt(setting, 'distribute').length > 0) {
    return [complaint(path, 'distribute and failover exclude each other')];
  }
  const priority = stringsAt(setting, 'failoverPriority').find((name) => topologyLabels.includes(name));
  if (failover.length > 0 && priority !== undefined) {
    return [complaint([...path, 'failoverPriority'], `failover excludes ${priority} in failoverPriority`)];
  }
  return [...distributeErrors(setting, path), ...failoverErrors(failover, [...path, 'failover'])];
}

/** Source: istio/istio pkg/config/validation/agent, ValidateZoneAwareLbSetting. */
export function zoneAwareLbErrors(setting: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!setting) return [];
  const priority = stringsAt(setting, 'failoverPriority').filter((name) => topologyLabels.includes(name));
  return [
    ...priority.map((name) => complaint([...path, 'failoverPriority'], `failoverPriority cannot have ${name} here`)),
    ...failoverErrors(listAt(setting, 'failover'), [...path, 'failover']),
  ];
}
