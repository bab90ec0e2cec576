import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { envoyMessages } from '#schemas/generated/envoy-messages.js';
import { compileGoPattern } from '#schemas/go-pattern.js';
import type { Invalidity } from '#schemas/validation.js';
import { DecodeError } from '#schemas/webhook/decode-spec.js';
import { complaint } from '#schemas/webhook/webhook.js';
import type { WebhookAnswer, WebhookInput } from '#schemas/webhook/webhook.js';
import { workloadSelectorAnswer } from '#schemas/webhook/workload-selector.js';
import { decodeMessage } from './decode-message.js';
import { currentFilterNames } from './deprecated-names.js';
import { messageTable } from './message-table.js';

const table = messageTable(envoyMessages);

/** What a patch is held against. Source: istio/istio pkg/config/xds/xds.go, BuildXDSObjectFromStruct. */
const patched: ReadonlyMap<string, string> = new Map([
  ['CLUSTER', 'envoy.config.cluster.v3.Cluster'],
  ['LISTENER', 'envoy.config.listener.v3.Listener'],
  ['ROUTE_CONFIGURATION', 'envoy.config.route.v3.RouteConfiguration'],
  ['FILTER_CHAIN', 'envoy.config.listener.v3.FilterChain'],
  ['HTTP_FILTER', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter'],
  ['NETWORK_FILTER', 'envoy.config.listener.v3.Filter'],
  ['VIRTUAL_HOST', 'envoy.config.route.v3.VirtualHost'],
  ['HTTP_ROUTE', 'envoy.config.route.v3.Route'],
  ['EXTENSION_CONFIG', 'envoy.config.core.v3.TypedExtensionConfig'],
  ['BOOTSTRAP', 'envoy.config.bootstrap.v3.Bootstrap'],
  ['LISTENER_FILTER', 'envoy.config.listener.v3.ListenerFilter'],
]);

/** The kinds of match, in the order of the proto file: of several, protobuf keeps the last. */
const matches = ['listener', 'routeConfiguration', 'cluster', 'waypoint'];

/** The match that each class of objects takes; of the others every match is taken. */
const matchOf: Readonly<Record<string, string>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

const connectionManagers = new Set([
  'envoy.filters.network.http_connection_manager',
  'envoy.http_connection_manager',
]);

const longestVersion = 1024;

interface Patch {
  readonly applyTo: string;
  readonly operation: string;
  readonly match: JsonObject | undefined;
  readonly value: JsonObject | undefined;
  readonly path: FieldPath;
}

function answer(error?: Invalidity, ...warnings: readonly Invalidity[]): WebhookAnswer {
  return { errors: error ? [error] : [], warnings };
}

function versionAnswer({ match, path }: Patch): WebhookAnswer {
  const version = stringAt(match, 'proxy', 'proxyVersion') ?? '';
  const at = [...path, 'match', 'proxy', 'proxyVersion'];
  if (Buffer.byteLength(version) > longestVersion) {
    return answer(undefined, complaint(at, `Istio ignores a proxyVersion of more than ${String(longestVersion)} bytes`));
  }
  return answer(compileGoPattern(version) ? undefined : complaint(at, 'proxyVersion is not a regular expression'));
}

function filterProblem({ applyTo }: Patch, filter: JsonObject): string | undefined {
  const name = stringAt(filter, 'name') ?? '';
  const sub = objectAt(filter, 'subFilter');
  if (name === '') return 'a filter match needs a name';
  if (!sub) return undefined;
  if (applyTo !== 'HTTP_FILTER') return 'subFilter is for applyTo HTTP_FILTER only';
  if (!connectionManagers.has(name)) return 'subFilter needs a match of the filter http_connection_manager';
  return (stringAt(sub, 'name') ?? '') === '' ? 'a subFilter match needs a name' : undefined;
}

function renamedWarnings(filter: JsonObject, path: FieldPath): readonly Invalidity[] {
  const names = [
    [stringAt(filter, 'name'), [...path, 'name']],
    [stringAt(filter, 'subFilter', 'name'), [...path, 'subFilter', 'name']],
  ] as const;
  return names.flatMap(([name, at]) => {
    const current = currentFilterNames.get(name ?? '');
    return current === undefined ? [] : [complaint(at, `the filter is called ${current} now`)];
  });
}

interface MatchAnswer extends WebhookAnswer {
  /** Istio does not look at the value of the patch any more. */
  readonly final: boolean;
}

function listenerAnswer(patch: Patch): MatchAnswer {
  const path = [...patch.path, 'match', 'listener', 'filterChain', 'filter'];
  const filter = objectAt(patch.match, 'listener', 'filterChain', 'filter');
  if (!filter) return { ...answer(), final: false };
  const idle = patch.applyTo === 'LISTENER' || patch.applyTo === 'FILTER_CHAIN';
  const warnings = idle ? [complaint(path, `a filter match does nothing with applyTo ${patch.applyTo}`)] : [];
  const problem = filterProblem(patch, filter);
  if (problem !== undefined) return { ...answer(complaint(path, problem), ...warnings), final: true };
  return { ...answer(undefined, ...warnings, ...renamedWarnings(filter, path)), final: false };
}

function matchAnswer(patch: Patch): MatchAnswer {
  const given = matches.findLast((name) => objectAt(patch.match, name) !== undefined);
  const wanted = matchOf[patch.applyTo];
  if (given === undefined || wanted === undefined) return { ...answer(), final: false };
  if (given !== wanted) {
    const error = complaint([...patch.path, 'match'], `applyTo ${patch.applyTo} takes a match of ${wanted}, not ${given}`);
    return { ...answer(error), final: wanted === 'listener' };
  }
  return given === 'listener' ? listenerAnswer(patch) : { ...answer(), final: false };
}

function valueAnswer({ applyTo, value, path }: Patch): WebhookAnswer {
  if (!value) return answer();
  const message = patched.get(applyTo);
  if (message === undefined) return answer(complaint([...path, 'applyTo'], `there is no applyTo ${applyTo}`));
  try {
    const unknown = decodeMessage({ value, message, path: [...path, 'patch', 'value'] }, table);
    return answer(
      undefined,
      ...unknown.map((name) => complaint(name.path, `${name.message} has no such field; Istio drops it`)),
    );
  } catch (error) {
    if (error instanceof DecodeError) return answer(complaint(error.path, error.message));
    throw error;
  }
}

function missing({ applyTo, operation, value, path }: Patch, hasPatch: boolean): Invalidity | undefined {
  if (applyTo === 'INVALID') return complaint([...path, 'applyTo'], 'applyTo is missing');
  if (!hasPatch) return complaint([...path, 'patch'], 'a patch is missing');
  if (operation === 'INVALID') return complaint([...path, 'patch', 'operation'], 'the operation is missing');
  if (operation === 'REMOVE' || value) return undefined;
  return complaint([...path, 'patch', 'value'], `operation ${operation} needs a value`);
}

function patchAnswer(entry: JsonValue, path: FieldPath): WebhookAnswer {
  const match = objectAt(entry, 'match');
  if (stringAt(match, 'context') === 'WAYPOINT') return answer();
  const patch: Patch = {
    applyTo: stringAt(entry, 'applyTo') ?? 'INVALID',
    operation: stringAt(entry, 'patch', 'operation') ?? 'INVALID',
    value: objectAt(entry, 'patch', 'value'),
    match,
    path,
  };
  const error = missing(patch, objectAt(entry, 'patch') !== undefined);
  if (error) return answer(error);
  const version = versionAnswer(patch);
  if (version.errors.length > 0) return version;
  const matched = matchAnswer(patch);
  const parts = [version, matched, ...(matched.final ? [] : [valueAnswer(patch)])];
  return { errors: parts.flatMap((part) => part.errors), warnings: parts.flatMap((part) => part.warnings) };
}

/** The webhook's rules of EnvoyFilter. Source: istio/istio pkg/config/validation/envoyfilter/envoyfilter.go. */
export function envoyFilter({ spec }: WebhookInput): WebhookAnswer {
  const selected = workloadSelectorAnswer(objectAt(spec, 'workloadSelector'));
  if (selected.errors.length > 0) return selected;
  const answers = listAt(spec, 'configPatches').map((entry, index) =>
    patchAnswer(entry, ['spec', 'configPatches', index]),
  );
  return {
    errors: answers.flatMap(({ errors }) => errors),
    warnings: [...selected.warnings, ...answers.flatMap(({ warnings }) => warnings)],
  };
}
