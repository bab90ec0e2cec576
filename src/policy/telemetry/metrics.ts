import type { Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Cause, Decision } from '#policy/decision.js';
import { known } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { decideTelemetry } from './decide-telemetry.js';
import type { TelemetryQuestion } from './decide-telemetry.js';
import { extensionProvider } from './extension-provider.js';
import { speaksOf, telemetryEntries } from './telemetry-entries.js';
import type { TelemetryEntry, TelemetrySide } from './telemetry-entries.js';

/** Which metrics a proxy reports of the requests that it takes in (a gateway: forwards). */
export interface Metrics {
  readonly enabled: boolean;
  /** Providers that get some, by name. */
  readonly providers: readonly string[];
  /** Metrics that overrides switch off at every one of these providers, in Istio's words (`REQUEST_COUNT`), by name. */
  readonly disabled: readonly string[];
}

/** What an override that names no metric speaks of (allMetrics in pilot/pkg/model/telemetry.go). */
const allMetrics = [
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_OPENED_CONNECTIONS',
  'TCP_RECEIVED_BYTES',
  'TCP_SENT_BYTES',
] as const;

/** What one provider is told for one side. */
interface Report {
  /** Everything is switched off. */
  none: boolean;
  /** Metrics with an override that says whether they are off. */
  readonly disabled: Map<string, boolean>;
  cause: Cause;
}

/** The metrics that an override is about; undefined: all of them, and named as such. */
function matched(override: JsonObject): readonly string[] | undefined {
  const match = objectAt(override, 'match');
  const custom = stringAt(match, 'customMetric');
  if (custom !== undefined) return [custom];
  const metric = stringAt(match, 'metric') ?? 'ALL_METRICS';
  return metric === 'ALL_METRICS' ? undefined : [metric];
}

function apply(report: Report, { value, at }: TelemetryEntry, side: TelemetrySide): void {
  for (const override of listAt(value, 'overrides')) {
    if (!isObject(override) || !speaksOf(stringAt(override, 'match', 'mode'), side)) continue;
    const disabled = valueAt(override, ['disabled']);
    const metrics = matched(override);
    report.cause = at;
    if (metrics === undefined && disabled === true) {
      report.none = true;
      continue;
    }
    // What follows a total switch-off for the side brings the others back (mergeMetrics).
    report.none = false;
    if (typeof disabled !== 'boolean') continue;
    for (const metric of metrics ?? allMetrics) report.disabled.set(metric, disabled);
  }
}

/** Names of the last entry that names any, else the mesh's default providers: the rest gets nothing. */
function inScope(entries: readonly TelemetryEntry[], defaults: readonly string[]): ReadonlySet<string> {
  return new Set(entries.findLast(({ providers }) => providers.length > 0)?.providers ?? defaults);
}

/** mergeMetrics in pilot/pkg/model/telemetry.go. */
function merge(mesh: Mesh, { telemetries, config, side }: TelemetryQuestion): ReadonlyMap<string, Report> {
  const defaults = stringsAt(config, 'defaultProviders', 'metrics');
  const entries = telemetryEntries(telemetries, 'metrics');
  const fallback = mesh.settings.fieldOf(['defaultProviders', 'metrics']) ?? 'default';
  const reports = new Map<string, Report>();
  const reportOf = (provider: string, cause: Cause): Report =>
    getOrMake(reports, provider, () => ({ none: false, disabled: new Map<string, boolean>(), cause }));
  if (entries.length === 0) for (const provider of defaults) reportOf(provider, fallback);
  const scope = inScope(entries, defaults);
  let inherited = defaults;
  for (const entry of entries) {
    inherited = entry.providers.length > 0 ? entry.providers : inherited;
    for (const provider of inherited) {
      if (scope.has(provider)) apply(reportOf(provider, entry.at), entry, side);
    }
  }
  return reports;
}

function answerOf(
  mesh: Mesh,
  question: TelemetryQuestion,
): { readonly value: Metrics; readonly cause: Cause } {
  const reports = [...merge(mesh, question)].filter(([provider]) =>
    isObject(extensionProvider(question.config, provider)?.['prometheus']),
  );
  const told = reports.filter(([, { none }]) => !none);
  const [first] = told.length > 0 ? told : reports;
  const cause = first?.[1].cause ?? 'default';
  const lists = told.map(([, { disabled }]) =>
    [...disabled].flatMap(([metric, isOff]) => (isOff ? [metric] : [])),
  );
  const disabled = (lists[0] ?? []).filter((metric) => lists.every((list) => list.includes(metric)));
  return {
    value: {
      enabled: told.length > 0,
      providers: told.map(([provider]) => provider).sort(compareText),
      disabled: [...disabled].sort(compareText),
    },
    cause,
  };
}

const asPrometheus = (name: string): JsonObject => ({ name, prometheus: {} });

/** What the mesh configuration may say where the input has none: no default provider, or Prometheus, as the charts write it. */
function configurations(telemetries: readonly Resource[]): readonly JsonObject[] {
  const names = telemetryEntries(telemetries, 'metrics').flatMap(({ providers }) => providers);
  const unknownNames = [...new Set(names)].filter((name) => extensionProvider({}, name) === undefined);
  const declared = { extensionProviders: unknownNames.map(asPrometheus) };
  return [{}, { ...declared, defaultProviders: { metrics: ['prometheus'] } }];
}

/**
 * Which metrics a workload's proxy reports: by the Telemetry objects that apply, widest first, and by the mesh's default
 * providers where none names any (mergeMetrics and telemetryFilters in pilot/pkg/model/telemetry.go; only Prometheus has a
 * filter). ztunnel reports connections by itself.
 */
export function metricsOf(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): Decision<Metrics> {
  const plane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  const byZtunnel: Metrics = { enabled: true, providers: ['ztunnel'], disabled: [] };
  const nothing: Metrics = { enabled: false, providers: [], disabled: [] };
  if (enrolment.known && (plane === 'ambient' || plane === 'ztunnel'))
    return known(byZtunnel, enrolment.decidedBy);
  if (enrolment.known && (plane === 'none' || plane === 'proxyless'))
    return known(nothing, enrolment.decidedBy);
  return decideTelemetry(mesh, workload, {
    enrolment,
    what: 'metrics',
    configurations,
    answerOf: (question) => answerOf(mesh, question),
  });
}
