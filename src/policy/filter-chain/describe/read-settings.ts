import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type {
  ExtAuthzSettings,
  ExtProcSettings,
  FilterSettings,
  RbacSettings,
  RequestBody,
  Transport,
  WasmSettings,
} from '#policy/filter-chain/filter-settings.js';
import { luaOutline } from '#policy/filter-chain/lua/lua-outline.js';
import type { HeldMessage } from '#policy/filter-chain/message/read-message.js';

/** Settings of a filter and the cluster that it calls. */
export interface SettingsReading {
  readonly settings: FilterSettings;
  readonly cluster: string | undefined;
}

function flag(value: JsonValue | undefined, ...path: readonly string[]): boolean {
  return valueAt(value, path) === true;
}

function numberAt(value: JsonValue | undefined, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, path);
  const number = typeof found === 'string' && found !== '' ? Number(found) : found;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

function textAt(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = stringAt(value, ...path);
  return found === '' ? undefined : found;
}

interface Service {
  readonly transport: Transport;
  readonly cluster: string | undefined;
  readonly targetUri: string | undefined;
  readonly timeout: string | undefined;
}

const noService: Service = {
  transport: 'none',
  cluster: undefined,
  targetUri: undefined,
  timeout: undefined,
};

function grpcService(service: JsonObject): Service {
  const timeout = stringAt(service, 'timeout');
  const google = objectAt(service, 'google_grpc');
  if (google !== undefined)
    return { transport: 'google_grpc', cluster: undefined, targetUri: textAt(google, 'target_uri'), timeout };
  const envoy = objectAt(service, 'envoy_grpc');
  if (envoy === undefined) return { ...noService, timeout };
  return { transport: 'grpc', cluster: textAt(envoy, 'cluster_name'), targetUri: undefined, timeout };
}

/** Of both services protobuf keeps the later one of the message. */
function serviceOf(fields: JsonObject): Service {
  const http = objectAt(fields, 'http_service');
  if (http !== undefined) {
    const uri = objectAt(http, 'server_uri') ?? objectAt(http, 'http_service', 'http_uri');
    const [cluster, timeout] = [textAt(uri, 'cluster'), stringAt(uri, 'timeout')];
    return { transport: 'http', cluster, targetUri: textAt(uri, 'uri'), timeout };
  }
  const grpc = objectAt(fields, 'grpc_service');
  return grpc === undefined ? noService : grpcService(grpc);
}

function bodyOf(fields: JsonObject): RequestBody | undefined {
  const body = objectAt(fields, 'with_request_body');
  return (
    body && {
      maxRequestBytes: numberAt(body, 'max_request_bytes') ?? 0,
      allowPartialMessage: flag(body, 'allow_partial_message'),
      packAsBytes: flag(body, 'pack_as_bytes'),
    }
  );
}

const denominators: Readonly<Record<string, number>> = {
  HUNDRED: 100,
  TEN_THOUSAND: 10_000,
  MILLION: 1_000_000,
};

function enabledPercent(fields: JsonObject): number | undefined {
  const share = objectAt(fields, 'filter_enabled', 'default_value');
  if (share === undefined) return undefined;
  const unit = denominators[stringAt(share, 'denominator') ?? 'HUNDRED'] ?? 100;
  return ((numberAt(share, 'numerator') ?? 0) * 100) / unit;
}

/** The metadata that a check waits for, in one text. */
function gateOf(fields: JsonObject): string | undefined {
  const gate = objectAt(fields, 'filter_enabled_metadata');
  if (gate === undefined) return undefined;
  const path = listAt(gate, 'path').map((step) => stringAt(step, 'key') ?? '');
  const match = objectAt(gate, 'value', 'string_match');
  const wanted = `${stringAt(match, 'exact') ?? stringAt(match, 'prefix') ?? ''}${match && 'prefix' in match ? '*' : ''}`;
  return `${stringAt(gate, 'filter') ?? ''}:${path.join('.')}=${wanted}`;
}

const versions: Readonly<Record<number, string>> = { 0: 'AUTO', 1: 'V2', 2: 'V3' };

function apiVersion(fields: JsonObject): string {
  const written = valueAt(fields, ['transport_api_version']);
  return typeof written === 'number'
    ? (versions[written] ?? String(written))
    : typeof written === 'string'
      ? written
      : 'AUTO';
}

function extAuthz(fields: JsonObject): SettingsReading {
  const { transport, cluster, targetUri, timeout } = serviceOf(fields);
  const status = valueAt(fields, ['status_on_error', 'code']);
  const headers =
    objectAt(fields, 'allowed_headers') ??
    objectAt(fields, 'http_service', 'authorization_request', 'allowed_headers');
  const settings: ExtAuthzSettings = {
    kind: 'ext_authz',
    transport,
    targetUri,
    timeout,
    failOpen: flag(fields, 'failure_mode_allow'),
    body: bodyOf(fields),
    apiVersion: apiVersion(fields),
    statusOnError: typeof status === 'number' ? status : undefined,
    enabledPercent: enabledPercent(fields),
    gatedBy: gateOf(fields),
    allowedHeaders: headers && listAt(headers, 'patterns').length,
    pathPrefix: textAt(fields, 'http_service', 'path_prefix'),
  };
  return { settings, cluster };
}

function extProc(fields: JsonObject): SettingsReading {
  const { transport, cluster, targetUri } = serviceOf(fields);
  const settings: ExtProcSettings = {
    kind: 'ext_proc',
    transport,
    targetUri,
    failOpen: flag(fields, 'failure_mode_allow'),
    processingMode: objectAt(fields, 'processing_mode') ?? {},
    allowModeOverride: flag(fields, 'allow_mode_override'),
    observabilityMode: flag(fields, 'observability_mode'),
    disableImmediateResponse: flag(fields, 'disable_immediate_response'),
    messageTimeout: stringAt(fields, 'message_timeout'),
  };
  return { settings, cluster };
}

function lua(fields: JsonObject): SettingsReading {
  const source = objectAt(fields, 'default_source_code');
  const code = textAt(source, 'inline_string') ?? textAt(fields, 'inline_code');
  const outline = luaOutline(code ?? '');
  return {
    settings: {
      kind: 'lua',
      code,
      file: textAt(source, 'filename'),
      requires: outline.requires,
      handlesRequests: outline.handlesRequests,
      namedSources: Object.keys(objectAt(fields, 'source_codes') ?? {}),
    },
    cluster: undefined,
  };
}

const failurePolicies: Readonly<Record<number, string>> = {
  0: 'UNSPECIFIED',
  1: 'FAIL_RELOAD',
  2: 'FAIL_CLOSED',
  3: 'FAIL_OPEN',
};

function wasm(fields: JsonObject): SettingsReading {
  const config = objectAt(fields, 'config');
  const code = objectAt(config, 'vm_config', 'code');
  const remote = objectAt(code, 'remote', 'http_uri');
  const file = textAt(code, 'local', 'filename');
  const written = valueAt(config, ['failure_policy']);
  const failurePolicy =
    typeof written === 'number'
      ? (failurePolicies[written] ?? String(written))
      : typeof written === 'string'
        ? written
        : 'UNSPECIFIED';
  const cluster = textAt(remote, 'cluster');
  const settings: WasmSettings = {
    kind: 'wasm',
    url: textAt(remote, 'uri') ?? (file === undefined ? undefined : `file://${file}`),
    failOpen: failurePolicy === 'FAIL_OPEN' || (failurePolicy === 'UNSPECIFIED' && flag(config, 'fail_open')),
    failurePolicy,
    configured: isObject(valueAt(config, ['configuration'])),
  };
  // Istio's agent fetches modules itself: its mark is no cluster.
  return { settings, cluster: cluster === '_' ? undefined : cluster };
}

function golang(fields: JsonObject): SettingsReading {
  const text = (name: string): string => stringAt(fields, name) ?? '';
  const settings = {
    kind: 'golang',
    libraryId: text('library_id'),
    libraryPath: text('library_path'),
    pluginName: text('plugin_name'),
  } as const;
  return { settings, cluster: undefined };
}

const rbacActions: ReadonlySet<string> = new Set(['ALLOW', 'DENY', 'LOG']);

function rbac(fields: JsonObject): SettingsReading {
  const rules = objectAt(fields, 'rules');
  const action = rules && (stringAt(rules, 'action') ?? 'ALLOW');
  const settings: RbacSettings = {
    kind: 'rbac',
    rules: Object.keys(objectAt(rules, 'policies') ?? {}),
    action: action !== undefined && rbacActions.has(action) ? (action as RbacSettings['action']) : undefined,
    shadowRules: Object.keys(objectAt(fields, 'shadow_rules', 'policies') ?? {}),
  };
  return { settings, cluster: undefined };
}

const filters = 'envoy.extensions.filters';

/** Messages with settings that decisions ask for. */
const readings: ReadonlyMap<string, (fields: JsonObject) => SettingsReading> = new Map([
  [`${filters}.http.ext_authz.v3.ExtAuthz`, extAuthz],
  [`${filters}.network.ext_authz.v3.ExtAuthz`, extAuthz],
  [`${filters}.http.ext_proc.v3.ExternalProcessor`, extProc],
  [`${filters}.network.ext_proc.v3.NetworkExternalProcessor`, extProc],
  [`${filters}.http.lua.v3.Lua`, lua],
  [`${filters}.http.wasm.v3.Wasm`, wasm],
  [`${filters}.network.wasm.v3.Wasm`, wasm],
  [`${filters}.http.golang.v3alpha.Config`, golang],
  [`${filters}.network.golang.v3alpha.Config`, golang],
  [`${filters}.http.rbac.v3.RBAC`, rbac],
  [`${filters}.network.rbac.v3.RBAC`, rbac],
]);

/** Reads the settings in a filter's configuration. */
export function readSettings(held: HeldMessage | undefined): SettingsReading {
  const read = held && readings.get(held.type);
  return read === undefined ? { settings: { kind: 'other' }, cluster: undefined } : read(held?.fields ?? {});
}
