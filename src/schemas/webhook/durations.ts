import type { FieldPath } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { parseGoDuration } from '#schemas/go-duration.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

const millisecond = 1_000_000n;

/** True for at least 1 ms, in whole milliseconds. Source: istio/istio pkg/config/validation/agent, ValidateDuration. */
export function isProxyDuration(nanoseconds: bigint): boolean {
  return nanoseconds >= millisecond && nanoseconds % millisecond === 0n;
}

/** The duration under a name in nanoseconds; undefined when there is none. */
export function durationAt(value: JsonValue | undefined, name: string): bigint | undefined {
  const text = stringAt(value, name);
  return text === undefined ? undefined : parseGoDuration(text);
}

/** Faults of the durations under some names of a mapping that stands at `path`. */
export function durationErrors(
  value: JsonValue | undefined,
  path: FieldPath,
  names: readonly string[],
): readonly Invalidity[] {
  return names.flatMap((name) => {
    const nanoseconds = durationAt(value, name);
    if (nanoseconds === undefined || isProxyDuration(nanoseconds)) return [];
    return [complaint([...path, name], `${name} must be whole milliseconds, at least one`)];
  });
}
