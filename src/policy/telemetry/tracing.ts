import type { Resource } from '#documents/document.js';
import { isObject, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Cause, Decision } from '#policy/decision.js';
import { known } from '#policy/decision.js';
import { unresolvedService } from '#policy/external-authorizer.js';
import type { Enrolment } from '#policy/policies.js';
import { decideTelemetry } from './decide-telemetry.js';
import type { TelemetryQuestion } from './decide-telemetry.js';
import { extensionProvider } from './extension-provider.js';
import { speaksOf, telemetryEntries } from './telemetry-entries.js';
import type { TelemetryEntry } from './telemetry-entries.js';

/** Whether a proxy reports spans of the requests that it takes in (a gateway: forwards), and how many. */
export interface Tracing {
  readonly enabled: boolean;
  /** Name of the extension provider, or kind of the tracer that the proxy is started with; undefined when off. */
  readonly provider: string | undefined;
  /** Share of the requests in percent; undefined when off, or when the provider has a sampler of its own. */
  readonly sampling: number | undefined;
}

interface Answer {
  readonly value: Tracing;
  readonly cause: Cause;
}

const off: Tracing = { enabled: false, provider: undefined, sampling: undefined };

/** Provider kinds that take spans (configureFromProviderConfig in pilot/pkg/networking/core/tracing.go). */
const kinds = ['zipkin', 'datadog', 'skywalking', 'opentelemetry'] as const;

/** Tracers that a proxy can be started with (ProxyConfig.tracing, read by the bootstrap). */
const tracers = ['zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent'] as const;

/** PILOT_TRACE_SAMPLING (pilot/pkg/features/telemetry.go). */
function istiodSampling({ settings: { env } }: Mesh): number {
  const text = Object.hasOwn(env, 'PILOT_TRACE_SAMPLING') ? env['PILOT_TRACE_SAMPLING'] : undefined;
  const number = text === undefined || text.trim() === '' ? NaN : Number(text);
  return number >= 0 && number <= 100 ? number : 1;
}

/** `tracing` of the pod's own ProxyConfig over the mesh's. */
function proxyTracing(mesh: Mesh, { annotations }: Workload, config: JsonObject): JsonObject {
  const key = 'proxy.istio.io/config';
  const written = Object.hasOwn(annotations, key) ? mesh.parseYaml(annotations[key] ?? '') : undefined;
  const own = isObject(written) ? objectAt(written, 'tracing') : undefined;
  return { ...objectAt(config, 'defaultConfig', 'tracing'), ...own };
}

/** proxyConfigSamplingValue in pilot/pkg/networking/core/tracing.go. */
function proxySampling(mesh: Mesh, tracing: JsonObject): number {
  const written = valueAt(tracing, ['sampling']);
  if (typeof written !== 'number' || written === 0) return istiodSampling(mesh);
  return written > 100 ? 1 : written;
}

/** Without Telemetry and default provider the proxy's bootstrap names the tracer, if any. */
function legacy(mesh: Mesh, workload: Workload, config: JsonObject): Answer {
  const cause = mesh.settings.fieldOf(['enableTracing']) ?? 'default';
  if (config['enableTracing'] === false) return { value: off, cause };
  const tracing = proxyTracing(mesh, workload, config);
  const provider = tracers.find((tracer) => isObject(tracing[tracer]));
  if (provider === undefined) return { value: off, cause };
  const sampling = proxySampling(mesh, tracing);
  return {
    value: { enabled: true, provider, sampling },
    cause: mesh.settings.fieldOf(['defaultConfig', 'tracing', provider]) ?? 'default',
  };
}

interface Spec {
  readonly provider: string | undefined;
  readonly disabled: boolean;
  readonly sampling: number | undefined;
  readonly cause: Cause;
}

function override(spec: Spec, { value, at, providers }: TelemetryEntry): Spec {
  const [named] = providers;
  const disabled = valueAt(value, ['disableSpanReporting']);
  const sampling = valueAt(value, ['randomSamplingPercentage']);
  return {
    provider: named ?? spec.provider,
    disabled: typeof disabled === 'boolean' ? disabled : spec.disabled,
    sampling: typeof sampling === 'number' ? sampling : spec.sampling,
    cause: at,
  };
}

/** A provider that can be sent to, and whether it samples by itself; undefined for one that no span goes to. */
function usable(mesh: Mesh, config: JsonObject, name: string): { readonly ownSampler: boolean } | undefined {
  const provider = extensionProvider(config, name);
  const kind = kinds.find((each) => isObject(provider?.[each]));
  const settings = kind && objectAt(provider, kind);
  if (settings === undefined) return undefined;
  const service = stringAt(settings, 'service') ?? '';
  const isLost = mesh.scope === 'complete' && unresolvedService(mesh, service) !== undefined;
  return isLost ? undefined : { ownSampler: objectAt(settings, 'dynatraceSampler') !== undefined };
}

function answerOf(mesh: Mesh, workload: Workload, { telemetries, config, side }: TelemetryQuestion): Answer {
  const entries = telemetryEntries(telemetries, 'tracing');
  const [byDefault] = stringsAt(config, 'defaultProviders', 'tracing');
  if (entries.length === 0 && byDefault === undefined) return legacy(mesh, workload, config);
  const fallback = mesh.settings.fieldOf(['defaultProviders', 'tracing']) ?? 'default';
  const start: Spec = { provider: byDefault, disabled: false, sampling: undefined, cause: fallback };
  const spec = entries
    .filter(({ value }) => speaksOf(stringAt(value, 'match', 'mode'), side))
    .reduce(override, start);
  const found = spec.provider === undefined ? undefined : usable(mesh, config, spec.provider);
  if (spec.disabled || found === undefined) return { value: off, cause: spec.cause };
  const sampling = spec.sampling ?? proxySampling(mesh, proxyTracing(mesh, workload, config));
  return {
    value: {
      enabled: true,
      provider: spec.provider,
      sampling: found.ownSampler ? undefined : sampling,
    },
    cause: spec.cause,
  };
}

function providerNames(telemetries: readonly Resource[]): readonly string[] {
  return telemetryEntries(telemetries, 'tracing').flatMap(({ providers }) => providers);
}

/** What the mesh configuration may say where the input has none: nothing, a provider for every name, a tracer of its own. */
function configurations(telemetries: readonly Resource[]): readonly JsonObject[] {
  const declared = {
    extensionProviders: [...new Set(providerNames(telemetries))].map((name) => ({
      name,
      opentelemetry: {},
    })),
  };
  return [{}, declared, { ...declared, defaultConfig: { tracing: { zipkin: {}, sampling: 100 } } }];
}

/**
 * Whether a workload's proxy reports spans: the providers and settings of the Telemetry objects that apply, each later one
 * over the earlier; without any, the mesh's default provider, else the tracer of the proxy's own configuration
 * (Telemetries.Tracing in pilot/pkg/model/telemetry.go, configureTracingFromTelemetry in
 * pilot/pkg/networking/core/tracing.go). ztunnel reports none.
 */
export function tracingOf(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): Decision<Tracing> {
  const plane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  const hasEnvoy = plane === 'sidecar' || plane === 'gateway' || plane === 'waypoint';
  if (enrolment.known && !hasEnvoy) return known(off, enrolment.decidedBy);
  return decideTelemetry(mesh, workload, {
    enrolment,
    what: 'tracing',
    configurations,
    answerOf: (question) => answerOf(mesh, workload, question),
  });
}
