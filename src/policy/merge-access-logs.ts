import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';

/** Side of a connection that a log entry can be limited to; a gateway counts as client of what it forwards to. */
export type LogSide = 'CLIENT' | 'SERVER';

/** What is logged through one provider. */
export interface LogTarget {
  readonly provider: string;
  readonly disabled: boolean;
  readonly filter: FieldRef | undefined;
  /** The Telemetry entry that says so; undefined for the mesh's default providers. */
  readonly at: FieldRef | undefined;
}

interface Entry {
  readonly providers: readonly string[];
  readonly disabled: boolean;
  readonly applies: boolean;
  readonly filter: FieldRef | undefined;
  readonly at: FieldRef;
}

function readEntries(telemetry: Resource, side: LogSide): readonly Entry[] {
  return listAt(telemetry.object, 'spec', 'accessLogging').map((entry, index) => {
    const path = ['spec', 'accessLogging', index];
    const mode = stringAt(entry, 'match', 'mode') ?? 'CLIENT_AND_SERVER';
    const expression = stringAt(entry, 'filter', 'expression');
    return {
      providers: listAt(entry, 'providers').flatMap((provider) => stringAt(provider, 'name') ?? []),
      disabled: valueAt(entry, ['disabled']) === true,
      applies: mode === 'CLIENT_AND_SERVER' || mode === side,
      filter:
        expression === undefined
          ? undefined
          : { resource: telemetry, path: [...path, 'filter', 'expression'] },
      at: { resource: telemetry, path },
    };
  });
}

/** Names of the last Telemetry that names any, else the mesh's default providers: nothing else is logged to. */
function providersInScope(
  logs: readonly (readonly Entry[])[],
  defaults: readonly string[],
): ReadonlySet<string> {
  const naming = logs.map((entries) =>
    entries.filter(({ applies }) => applies).flatMap(({ providers }) => providers),
  );
  return new Set(naming.findLast((names) => names.length > 0) ?? defaults);
}

function lastFilters(logs: readonly (readonly Entry[])[]): ReadonlyMap<string, FieldRef | undefined> {
  const filters = new Map<string, FieldRef | undefined>();
  for (const { applies, providers, filter } of logs.flat()) {
    if (applies) for (const provider of providers) filters.set(provider, filter);
  }
  return filters;
}

/**
 * Merges the access logging of Telemetry objects, widest first, as istiod does: providers are inherited from the entry
 * before, the narrowest Telemetry that names providers limits to them, and later entries override earlier ones
 * (mergeLogs in pilot/pkg/model/telemetry.go). Telemetry without any accessLogging entry must be left out by the
 * caller.
 */
export function mergeAccessLogs(
  telemetries: readonly Resource[],
  config: JsonObject,
  side: LogSide,
): readonly LogTarget[] {
  const defaults = stringsAt(config, 'defaultProviders', 'accessLogging');
  const targets = new Map<string, LogTarget>();
  if (telemetries.length === 0)
    return defaults.map((provider) => ({ provider, disabled: false, filter: undefined, at: undefined }));
  const logs = telemetries.map((telemetry) => readEntries(telemetry, side));
  const inScope = providersInScope(logs, defaults);
  const filters = lastFilters(logs);
  let inherited = defaults;
  for (const { providers, applies, disabled, at } of logs.flat()) {
    const named = providers.length === 0 ? inherited : providers;
    inherited = named;
    if (!applies) continue;
    for (const provider of named) {
      if (!inScope.has(provider)) continue;
      const filter = disabled ? undefined : filters.get(provider);
      targets.set(provider, { provider, disabled, filter, at });
    }
  }
  return [...targets.values()];
}
