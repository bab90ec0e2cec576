import type { FieldPath } from '#documents/document.js';
import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { isLabel, isPort, wildcardDomainProblem } from './host-names.js';
import { complaint } from './webhook.js';

/** Faults of where traffic goes: host, subset, port. Source: validation.go, validateDestination. */
export function destinationErrors(destination: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!destination) return [];
  const host = stringAt(destination, 'host') ?? '';
  const problem = host === '*' ? 'the host * is not allowed' : wildcardDomainProblem(host);
  const subset = stringAt(destination, 'subset') ?? '';
  const port = objectAt(destination, 'port');
  const number = Number(valueAt(port, ['number']) ?? 0);
  return [
    ...(problem === undefined ? [] : [complaint([...path, 'host'], problem)]),
    ...(subset === '' || isLabel(subset)
      ? []
      : [complaint([...path, 'subset'], `"${subset}" is not a name for a subset`)]),
    ...(port && !isPort(number) ? [complaint([...path, 'port', 'number'], 'a port must be in 1..65535')] : []),
  ];
}

/** Faults of the weights of several destinations, and of what each of them says. */
export function weightedErrors(
  routes: readonly JsonValue[],
  path: FieldPath,
  errors: (route: JsonObject, path: FieldPath) => readonly Invalidity[],
): readonly Invalidity[] {
  const weights = routes.map((route) => Number(valueAt(route, ['weight']) ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const single = routes.flatMap((value, index) => {
    const route = objectAt(value) ?? {};
    const at = [...path, index];
    return [
      ...(objectAt(route, 'destination') ? [] : [complaint([...at, 'destination'], 'a destination is required')]),
      ...errors(route, at),
      ...((weights[index] ?? 0) < 0 ? [complaint([...at, 'weight'], 'a weight must not be negative')] : []),
    ];
  });
  const none = routes.length > 1 && total === 0;
  return none ? [...single, complaint(path, 'the weights of several destinations must not be 0 together')] : single;
}
