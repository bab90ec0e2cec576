import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';

/** The side of its connections that a proxy reports on; a gateway is the client of what it forwards to. */
export type TelemetrySide = 'CLIENT' | 'SERVER';

/** One entry of `tracing` or `metrics` of a Telemetry, with its place. */
export interface TelemetryEntry {
  readonly value: JsonObject;
  readonly at: FieldRef;
  /** Names of its providers, in order. */
  readonly providers: readonly string[];
}

/** The entries of a list of several Telemetry objects, in their order. */
export function telemetryEntries(
  telemetries: readonly Resource[],
  list: 'tracing' | 'metrics',
): readonly TelemetryEntry[] {
  return telemetries.flatMap((resource) =>
    listAt(resource.object, 'spec', list).flatMap((value, index): readonly TelemetryEntry[] => {
      if (!isObject(value)) return [];
      const providers = listAt(value, 'providers').map((provider) => stringAt(provider, 'name') ?? '');
      return [{ value, at: { resource, path: ['spec', list, index] }, providers }];
    }),
  );
}

/** True when a match with a mode speaks of a side: CLIENT_AND_SERVER, the default, of both. */
export function speaksOf(mode: string | undefined, side: TelemetrySide): boolean {
  return mode === side || (mode !== 'CLIENT' && mode !== 'SERVER');
}
