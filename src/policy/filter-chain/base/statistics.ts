import type { Resource } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { attaches } from '#policy/attachment.js';
import type { Decision } from '#policy/decision.js';
import { policySelectorOf, selectsAll } from '#policy/policy-selector.js';
import type { Enrolment } from '#policy/policies.js';
import { oldestOf } from '#policy/precedence.js';
import { revisionVisibility } from '#policy/revision-visibility.js';

function namesOf(metrics: JsonValue): readonly string[] {
  return listAt(metrics, 'providers').flatMap((provider) => stringAt(provider, 'name') ?? []);
}

/** True for an entry that turns all metrics off on both sides. */
function turnsOff(metrics: JsonValue): boolean {
  return listAt(metrics, 'overrides').some(
    (override) =>
      valueAt(override, ['disabled']) === true &&
      ['ALL_METRICS', undefined].includes(stringAt(override, 'match', 'metric')) &&
      ['CLIENT_AND_SERVER', undefined].includes(stringAt(override, 'match', 'mode')),
  );
}

/** Providers of the last entry that names some, else the mesh's; none where that entry turns metrics off (mergeMetrics). */
function providersOf(entries: readonly JsonValue[], defaults: readonly string[]): readonly string[] {
  const named = entries.map(namesOf).findLast((names) => names.length > 0) ?? defaults;
  const last = entries.at(-1);
  return last !== undefined && turnsOff(last) ? [] : named;
}

/** Telemetry objects that count for a proxy, widest first (applicableTelemetries in pilot/pkg/model/telemetry.go). */
function telemetriesOf(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): readonly Resource[] {
  if (mesh.ofKind('telemetry.istio.io', 'Telemetry').length === 0) return [];
  const all = (namespace: string): readonly Resource[] =>
    mesh.inNamespace('telemetry.istio.io', 'Telemetry', namespace);
  const isWide = (one: Resource): boolean => selectsAll(policySelectorOf(one));
  const namespaces = new Set([mesh.settings.rootNamespace, workload.namespace]);
  const wide = [...namespaces].map(
    (namespace) =>
      oldestOf(mesh, all(namespace).filter(isWide), (one) => revisionVisibility(mesh, one, enrolment))
        .winners[0],
  );
  const specific = all(workload.namespace).filter((one) => !isWide(one) && attaches(mesh, one, workload));
  return [...wide.filter((one) => one !== undefined), ...specific];
}

function isPrometheus(config: JsonObject, name: string): boolean {
  const declared = listAt(config, 'extensionProviders')
    .filter(isObject)
    .find((one) => stringAt(one, 'name')?.toLowerCase() === name.toLowerCase());
  return declared === undefined ? name.toLowerCase() === 'prometheus' : Object.hasOwn(declared, 'prometheus');
}

/**
 * True where a proxy's chains have Istio's statistics filter: metrics go to Prometheus, by Telemetry objects or by
 * `defaultProviders`, which Istio's charts set (buildHTTPTelemetryFilter in pilot/pkg/model/telemetry.go). Without a mesh
 * configuration in the input that of the charts is assumed.
 */
export function hasStatistics(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): boolean {
  const { config, sources } = mesh.settings;
  const defaults = sources.length === 0 ? ['prometheus'] : stringsAt(config, 'defaultProviders', 'metrics');
  const entries = telemetriesOf(mesh, workload, enrolment).flatMap(({ object }) =>
    listAt(object, 'spec', 'metrics'),
  );
  return providersOf(entries, defaults).some((name) => isPrometheus(config, name));
}
