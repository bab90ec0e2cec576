import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from './attached-policies.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision, Known, MissingEvidence } from './decision.js';
import { mergeAccessLogs } from './merge-access-logs.js';
import type { LogSide, LogTarget } from './merge-access-logs.js';
import type { AccessLog, Enrolment } from './policies.js';
import { alternatives, applicableTelemetries, combinationLimit } from './telemetry/applicable-telemetries.js';
import type { ApplicableTelemetries } from './telemetry/applicable-telemetries.js';
import { extensionProvider } from './telemetry/extension-provider.js';

/** Provider types that write access logs (telemetryAccessLog in pilot/pkg/model/telemetry_logging.go; stackdriver by its own filter). */
const loggingTypes = ['envoyFileAccessLog', 'envoyHttpAls', 'envoyTcpAls', 'envoyOtelAls', 'stackdriver'];

function writesLogs(config: JsonObject, name: string): boolean {
  const found = extensionProvider(config, name);
  return found !== undefined && loggingTypes.some((type) => Object.hasOwn(found, type));
}

interface Answer {
  readonly log: AccessLog;
  readonly cause: Cause;
}

function legacy(mesh: Mesh, config: JsonObject): Answer {
  const file = stringAt(config, 'accessLogFile') ?? '';
  const service = config['enableEnvoyAccessLogService'] === true;
  const providers = [...(file === '' ? [] : [file]), ...(service ? ['envoyAccessLogService'] : [])];
  const field = file === '' ? 'enableEnvoyAccessLogService' : 'accessLogFile';
  return {
    log: { enabled: providers.length > 0, providers, filters: [] },
    cause: mesh.settings.fieldOf([field]) ?? 'default',
  };
}

function ofTargets(mesh: Mesh, targets: readonly LogTarget[]): Answer {
  const on = targets.filter(({ disabled }) => !disabled);
  const filters = on.map(({ filter }) => filter).filter((filter) => filter !== undefined);
  const [first] = on.length > 0 ? on : targets;
  return {
    log: {
      enabled: on.length > 0,
      providers: on.map(({ provider }) => provider),
      // One provider without a filter is enough for every request to be logged.
      filters: filters.length === on.length ? filters : [],
    },
    cause: first?.at ?? mesh.settings.fieldOf(['defaultProviders', 'accessLogging']) ?? 'default',
  };
}

function answerOf(
  mesh: Mesh,
  telemetries: readonly Resource[],
  given: { config: JsonObject; side: LogSide },
): Answer {
  const { config, side } = given;
  const logging = telemetries.filter(({ object }) => listAt(object, 'spec', 'accessLogging').length > 0);
  const targets = mergeAccessLogs(logging, config, side).filter(({ provider }) =>
    writesLogs(config, provider),
  );
  return targets.length === 0 ? legacy(mesh, config) : ofTargets(mesh, targets);
}

const asFile = (name: string): JsonValue => ({ name, envoyFileAccessLog: { path: '/dev/stdout' } });

/** The mesh configurations to reckon with: the known one, or extremes of what it may say where the input has none. */
function configurations(mesh: Mesh, { levels, specific }: ApplicableTelemetries): readonly JsonObject[] {
  const { config, known: isKnown } = mesh.settings;
  if (isKnown) return [config];
  const all = [...levels.flatMap(({ winners }) => winners), ...specific].filter((one) => one !== undefined);
  const names = all.flatMap(({ object }) =>
    listAt(object, 'spec', 'accessLogging').flatMap((entry) =>
      listAt(entry, 'providers').flatMap((provider) => stringAt(provider, 'name') ?? []),
    ),
  );
  const declared = {
    extensionProviders: [...new Set(names)].filter((name) => !writesLogs({}, name)).map(asFile),
  };
  return [
    {},
    declared,
    { accessLogFile: '/dev/stdout' },
    { ...declared, defaultProviders: { accessLogging: ['envoy'] } },
  ];
}

function decide(mesh: Mesh, found: ApplicableTelemetries, side: LogSide): Decision<AccessLog> {
  const configs = configurations(mesh, found);
  const sets = alternatives(found);
  const doubts: MissingEvidence[] = found.levels.flatMap((level) => level.doubts);
  if (!mesh.settings.known)
    doubts.push({ key: 'mesh-config', text: 'access log settings of the mesh configuration' });
  const answers = sets
    .slice(0, combinationLimit)
    .flatMap((telemetries) => configs.map((config) => answerOf(mesh, telemetries, { config, side })));
  const [first] = answers;
  const agree = answers.every(({ log }) => log.enabled === first?.log.enabled);
  const considered = found.specific.map((resource) => ({
    at: { resource, path: ['spec'] },
    note: 'workload-specific',
  }));
  if (first === undefined || !agree || sets.length > combinationLimit)
    return unknown(uniqueEvidence(doubts), considered);
  return known(first.log, first.cause, considered);
}

function fixed(
  enrolled: Known<Enrolment>,
  enabled: boolean,
  note: string,
  workload: Workload,
): Decision<AccessLog> {
  const at = { resource: workload.resource, path: workload.podPath };
  const providers = enabled ? ['ztunnel'] : [];
  return known({ enabled, providers, filters: [] }, enrolled.decidedBy, [{ at, note }]);
}

/**
 * Whether the requests that a workload receives (for a gateway: forwards) are written to an access log. The oldest
 * Telemetry without selector of the root namespace, that of the workload's own and all that select the workload
 * count, in this order; where they come to nothing, the mesh configuration's accessLogFile
 * (applicableTelemetries in pilot/pkg/model/telemetry.go, pilot/pkg/networking/core/accesslog.go). ztunnel logs
 * connections by itself.
 */
export function accessLogOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): Decision<AccessLog> {
  const plane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  if (enrolment.known && (plane === 'ambient' || plane === 'ztunnel'))
    return fixed(enrolment, true, 'ztunnel logs connections; Telemetry does not reach it', workload);
  if (enrolment.known && (plane === 'none' || plane === 'proxyless'))
    return fixed(enrolment, false, 'no Envoy that could write an access log', workload);
  return decide(
    mesh,
    applicableTelemetries(mesh, workload, enrolment),
    plane === 'gateway' ? 'CLIENT' : 'SERVER',
  );
}
