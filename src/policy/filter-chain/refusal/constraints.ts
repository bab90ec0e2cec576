import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { ruleProblem } from './rule-problem.js';

// Envoy's rules for the fields of messages: the `validate.rules` of its API, and what the filters' own code asks.

/** What is wrong with a message; undefined: nothing that is looked at. */
export type Constraint = (fields: JsonObject) => string | undefined;

function isEmptyText(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'string' ? Number(value) : typeof value === 'number' ? value : 0;
}

function first(...problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

/** Applies a constraint to a part where it is there. */
function within(fields: JsonObject, path: readonly string[], constraint: Constraint): string | undefined {
  const part = objectAt(fields, ...path);
  const problem = part && constraint(part);
  return problem === undefined ? undefined : `${path.join('.')}.${problem}`;
}

const grpcService: Constraint = (service) => {
  const [envoy, google] = [objectAt(service, 'envoy_grpc'), objectAt(service, 'google_grpc')];
  if (google !== undefined)
    return first(
      isEmptyText(google['target_uri']) ? 'google_grpc.target_uri must not be empty' : undefined,
      isEmptyText(google['stat_prefix']) ? 'google_grpc.stat_prefix must not be empty' : undefined,
    );
  if (envoy === undefined) return 'one of envoy_grpc and google_grpc is needed';
  return isEmptyText(envoy['cluster_name']) ? 'envoy_grpc.cluster_name must not be empty' : undefined;
};

const httpUri: Constraint = (uri) =>
  first(
    isEmptyText(uri['uri']) ? 'uri must not be empty' : undefined,
    isEmptyText(uri['cluster']) ? 'cluster must not be empty' : undefined,
    uri['timeout'] === undefined ? 'timeout is needed' : undefined,
  );

const requestBody: Constraint = (body) =>
  numberOf(body['max_request_bytes']) > 0 ? undefined : 'max_request_bytes must be greater than 0';

const fraction: Constraint = (share) =>
  isObject(share['default_value']) ? undefined : 'default_value is needed';

const runtimeFlag: Constraint = (flag) =>
  first(
    isObject(flag['default_value']) || typeof flag['default_value'] === 'boolean'
      ? undefined
      : 'default_value is needed',
    isEmptyText(flag['runtime_key']) ? 'runtime_key must not be empty' : undefined,
  );

const metadata: Constraint = (matcher) =>
  first(
    isEmptyText(matcher['filter']) ? 'filter must not be empty' : undefined,
    listAt(matcher, 'path').length === 0 ? 'path must not be empty' : undefined,
    isObject(matcher['value']) ? undefined : 'value is needed',
  );

const dataSource: Constraint = (source) => {
  const kinds = ['filename', 'inline_bytes', 'inline_string', 'environment_variable'];
  const kind = kinds.find((name) => source[name] !== undefined);
  if (kind === undefined) return `one of ${kinds.join(', ')} is needed`;
  const named = kind === 'filename' || kind === 'environment_variable';
  return named && isEmptyText(source[kind]) ? `${kind} must not be empty` : undefined;
};

/** Envoy takes no other version than 3 any more; unset means 3. */
export function speaksV2(fields: JsonObject): boolean {
  const version = fields['transport_api_version'];
  return version === 'V2' || version === 1;
}

const httpService: Constraint = (service) => {
  const prefix = stringAt(service, 'path_prefix') ?? '';
  return first(
    within(service, ['server_uri'], httpUri),
    prefix !== '' && !prefix.startsWith('/') ? 'path_prefix must begin with a slash' : undefined,
  );
};

const extAuthz: Constraint = (fields) => {
  const status = objectAt(fields, 'status_on_error');
  return first(
    within(fields, ['with_request_body'], requestBody),
    within(fields, ['grpc_service'], grpcService),
    within(fields, ['http_service'], httpService),
    within(fields, ['filter_enabled'], fraction),
    within(fields, ['filter_enabled_metadata'], metadata),
    within(fields, ['deny_at_disable'], runtimeFlag),
    status !== undefined && [undefined, 0, 'Empty'].includes(scalar(status['code']))
      ? 'status_on_error.code is needed'
      : undefined,
  );
};

function scalar(value: JsonValue | undefined): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

const bodyModes = ['request_body_mode', 'response_body_mode'];
const trailerModes = ['request_trailer_mode', 'response_trailer_mode'];

/** What the filter's constructor asks of the modes (source/extensions/filters/http/ext_proc). */
function modeProblem(mode: JsonObject | undefined, overHttp: boolean): string | undefined {
  const isSent = (name: string): boolean =>
    ![undefined, 'NONE', 'SKIP', 'DEFAULT', 0].includes(scalar(valueAt(mode, [name])));
  if (overHttp && [...bodyModes, ...trailerModes].some(isSent))
    return 'with http_service neither body nor trailers can be sent';
  const duplex = (direction: string): boolean => {
    const body = scalar(valueAt(mode, [`${direction}_body_mode`]));
    const trailers = scalar(valueAt(mode, [`${direction}_trailer_mode`]));
    return body === 'FULL_DUPLEX_STREAMED' && trailers !== 'SEND';
  };
  return duplex('request') || duplex('response')
    ? 'FULL_DUPLEX_STREAMED needs trailers to be sent'
    : undefined;
}

const extProc: Constraint = (fields) => {
  const [overGrpc, overHttp] = [objectAt(fields, 'grpc_service'), objectAt(fields, 'http_service')];
  if ((overGrpc === undefined) === (overHttp === undefined))
    return 'one and only one of grpc_service and http_service is needed';
  return first(
    within(fields, ['grpc_service'], grpcService),
    within(fields, ['http_service', 'http_service', 'http_uri'], httpUri),
    modeProblem(objectAt(fields, 'processing_mode'), overHttp !== undefined),
  );
};

const lua: Constraint = (fields) => {
  const source = objectAt(fields, 'default_source_code');
  const inline = stringAt(fields, 'inline_code') ?? '';
  const sources = Object.entries(objectAt(fields, 'source_codes') ?? {});
  return first(
    source !== undefined && inline !== ''
      ? 'only one of inline_code and default_source_code can be set'
      : undefined,
    source && dataSource(source),
    ...sources.map(([, value]) => (isObject(value) ? dataSource(value) : undefined)),
  );
};

const wasm: Constraint = (fields) => {
  const code = objectAt(fields, 'config', 'vm_config', 'code');
  if (code === undefined) return undefined;
  const remote = objectAt(code, 'remote');
  if (remote !== undefined)
    return first(
      isObject(remote['http_uri']) ? within(remote, ['http_uri'], httpUri) : 'remote.http_uri is needed',
      isEmptyText(remote['sha256']) ? 'remote.sha256 must not be empty' : undefined,
    );
  return within(code, ['local'], dataSource);
};

const tcpProxy: Constraint = (fields) =>
  first(
    isEmptyText(fields['stat_prefix']) ? 'stat_prefix must not be empty' : undefined,
    isEmptyText(fields['cluster']) && !isObject(fields['weighted_clusters'])
      ? 'one of cluster and weighted_clusters is needed'
      : undefined,
  );

const networkExtAuthz: Constraint = (fields) =>
  first(
    isEmptyText(fields['stat_prefix']) ? 'stat_prefix must not be empty' : undefined,
    within(fields, ['grpc_service'], grpcService),
    within(fields, ['filter_enabled_metadata'], metadata),
  );

const connectionManager: Constraint = (fields) =>
  first(
    isEmptyText(fields['stat_prefix']) ? 'stat_prefix must not be empty' : undefined,
    ['rds', 'route_config', 'scoped_routes'].some((name) => isObject(fields[name]))
      ? undefined
      : 'routes are needed',
  );

const filters = 'envoy.extensions.filters';

/** Constraints by the message of a filter's configuration. */
export const filterConstraints: ReadonlyMap<string, Constraint> = new Map([
  [`${filters}.http.ext_authz.v3.ExtAuthz`, extAuthz],
  [`${filters}.http.ext_proc.v3.ExternalProcessor`, extProc],
  [`${filters}.http.lua.v3.Lua`, lua],
  [`${filters}.http.wasm.v3.Wasm`, wasm],
  [`${filters}.network.wasm.v3.Wasm`, wasm],
  [`${filters}.network.tcp_proxy.v3.TcpProxy`, tcpProxy],
  [`${filters}.network.ext_authz.v3.ExtAuthz`, networkExtAuthz],
  [`${filters}.network.http_connection_manager.v3.HttpConnectionManager`, connectionManager],
]);

/** Settings of routes whose rules are looked at. */
const settings: ReadonlySet<string> = new Set(
  [
    'ext_authz.v3.ExtAuthzPerRoute',
    'ext_proc.v3.ExtProcPerRoute',
    'lua.v3.LuaPerRoute',
    'rbac.v3.RBACPerRoute',
    'jwt_authn.v3.PerRouteConfig',
    'buffer.v3.BufferPerRoute',
    'fault.v3.HTTPFault',
    'local_ratelimit.v3.LocalRateLimit',
    'stateful_session.v3.StatefulSessionPerRoute',
  ].map((type) => `${filters}.http.${type}`),
);

/** What is wrong with a route's settings for a filter; undefined: nothing, or they are of a kind that is not looked at. */
export function routeProblem(fields: JsonObject, type: string): string | undefined {
  return settings.has(type) ? ruleProblem(fields, type) : undefined;
}
