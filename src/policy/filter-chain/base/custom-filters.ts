import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { authorizationProgram } from '#policy/authorization-program.js';
import type { CompiledRule, CustomStage } from '#policy/authorization-program.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { FilterModel } from '#policy/filter-chain/envoy-model.js';

/** The filters that CUSTOM policies put at the front of each chain. */
export interface CustomFilters {
  readonly http: () => readonly FilterModel[];
  readonly tcp: () => readonly FilterModel[];
  readonly missing: readonly MissingEvidence[];
}

const url = 'type.googleapis.com/envoy.extensions.filters';

const names = {
  http: { rbac: 'envoy.filters.http.rbac', check: 'envoy.filters.http.ext_authz' },
  tcp: { rbac: 'envoy.filters.network.rbac', check: 'envoy.filters.network.ext_authz' },
} as const;

type ChainKind = keyof typeof names;

function typeUrl(kind: ChainKind, filter: 'rbac' | 'ext_authz'): string {
  const message = filter === 'rbac' ? 'RBAC' : 'ExtAuthz';
  return `${url}.${kind === 'http' ? 'http' : 'network'}.${filter}.v3.${message}`;
}

/** The settings of a provider as the mesh configuration has them; of several of one name the last counts. */
function providerConfig(mesh: Mesh, name: string): JsonObject | undefined {
  const provider = listAt(mesh.settings.config, 'extensionProviders').findLast(
    (one) => stringAt(one, 'name') === name,
  );
  return isObject(provider) ? provider : undefined;
}

/** The name of istiod's cluster for a provider's service; whether it exists is not asked (LookupCluster). */
function clusterOf(settings: JsonObject): string {
  const host = (stringAt(settings, 'service') ?? '').split('/').at(-1) ?? '';
  const port = valueAt(settings, ['port']);
  return `outbound|${typeof port === 'number' ? port : 0}||${host}`;
}

function bodyOf(settings: JsonObject): JsonObject {
  const body = objectAt(settings, 'includeRequestBodyInCheck');
  if (body === undefined) return {};
  const given = {
    max_request_bytes: valueAt(body, ['maxRequestBytes']) ?? 0,
    allow_partial_message: valueAt(body, ['allowPartialMessage']) === true,
    pack_as_bytes: valueAt(body, ['packAsBytes']) === true,
  };
  return { with_request_body: given };
}

function statusOf(settings: JsonObject): JsonObject {
  const written = stringAt(settings, 'statusOnError') ?? '';
  return written === '' ? {} : { status_on_error: { code: Number(written) } };
}

function shownHeaders(settings: JsonObject): JsonObject {
  const wanted = stringsAt(settings, 'includeRequestHeadersInCheck');
  const headers = wanted.length > 0 ? wanted : stringsAt(settings, 'includeHeadersInCheck');
  if (headers.length === 0) return {};
  return { allowed_headers: { patterns: headers.map((exact) => ({ exact, ignore_case: true })) } };
}

function gate(kind: ChainKind, provider: string): JsonObject {
  return {
    filter: names[kind].rbac,
    path: [{ key: 'istio_ext_authz_shadow_effective_policy_id' }],
    value: { string_match: { prefix: `istio-ext-authz-${provider}` } },
  };
}

function grpcService(settings: JsonObject): JsonObject {
  const timeout = stringAt(settings, 'timeout') ?? '600s';
  return { grpc_service: { envoy_grpc: { cluster_name: clusterOf(settings) }, timeout } };
}

function httpService(settings: JsonObject): JsonObject {
  const timeout = stringAt(settings, 'timeout') ?? '600s';
  const cluster = clusterOf(settings);
  const prefix = stringAt(settings, 'pathPrefix') ?? '';
  const server = { uri: `http://${cluster.split('|').at(-1) ?? ''}`, cluster, timeout };
  return { http_service: { server_uri: server, ...(prefix !== '' && { path_prefix: prefix }) } };
}

/** generateHTTPConfig and generateGRPCConfig in pilot/pkg/security/authz/builder/extauthz.go. */
function checkConfig(kind: ChainKind, provider: string, config: JsonObject): JsonObject {
  const overHttp = objectAt(config, 'envoyExtAuthzHttp');
  const settings = overHttp ?? objectAt(config, 'envoyExtAuthzGrpc') ?? {};
  const service = overHttp === undefined ? grpcService(settings) : httpService(settings);
  const forHttp = { ...statusOf(settings), ...bodyOf(settings), ...(overHttp && shownHeaders(settings)) };
  return {
    '@type': typeUrl(kind, 'ext_authz'),
    ...service,
    failure_mode_allow: valueAt(settings, ['failOpen']) === true,
    transport_api_version: 'V3',
    filter_enabled_metadata: gate(kind, provider),
    ...(kind === 'http' ? forHttp : { stat_prefix: 'tcp.' }),
  };
}

function policyNames(provider: string, rules: readonly CompiledRule[], suffix: string): readonly string[] {
  return rules.map(({ policy, index }) => {
    const [namespace = '', name = ''] = policy.split('/');
    return `istio-ext-authz-${provider}-ns[${namespace}]-policy[${name}]-rule[${index}]${suffix}`;
  });
}

function rulesOf(list: readonly string[]): JsonObject {
  return { action: 'DENY', policies: Object.fromEntries(list.map((name) => [name, {}] as const)) };
}

function filter(name: string, typed: JsonObject, by: FieldRef | undefined): FilterModel {
  return { config: { name, typed_config: typed }, stock: false, by, changedBy: [], http: undefined };
}

/** A pair of filters for each provider that can be asked, a denying one for each that can not (buildHTTP, buildTCP). */
function stageFilters(
  mesh: Mesh,
  stage: CustomStage,
  where: { readonly kind: ChainKind; readonly by: FieldRef | undefined },
): readonly FilterModel[] {
  const { provider, denies, rules, dryRunRules } = stage;
  const { kind, by } = where;
  const type = typeUrl(kind, 'rbac');
  if (denies !== undefined) {
    const list = policyNames(provider, rules, '-deny-due-to-bad-CUSTOM-action');
    return [filter(names[kind].rbac, { '@type': type, rules: rulesOf(list) }, by)];
  }
  const enforced = policyNames(provider, dryRunRules, '');
  const marks = {
    '@type': type,
    ...(enforced.length > 0 && { rules: rulesOf(enforced) }),
    shadow_rules: rulesOf(policyNames(provider, rules, '')),
    shadow_rules_stat_prefix: 'istio_ext_authz_',
  };
  const config = providerConfig(mesh, provider) ?? {};
  return [
    filter(names[kind].rbac, marks, by),
    filter(names[kind].check, checkConfig(kind, provider, config), by),
  ];
}

/**
 * What CUSTOM policies make of a proxy's chains (pilot/pkg/security/authz/builder/builder.go). A provider that the input
 * does not show is taken for one that can be asked, and named as missing.
 */
export function customFilters(mesh: Mesh, policies: readonly Resource[]): CustomFilters {
  const byProvider = (provider: string): FieldRef | undefined => {
    const resource = policies.find(
      (policy) => (stringAt(policy.object, 'spec', 'provider', 'name') ?? '') === provider,
    );
    return resource && { resource, path: ['spec'] };
  };
  const build = (kind: ChainKind) => (): readonly FilterModel[] =>
    authorizationProgram(mesh, policies, kind).custom.flatMap((stage) =>
      stageFilters(mesh, stage, { kind, by: byProvider(stage.provider) }),
    );
  if (policies.length === 0) return { http: () => [], tcp: () => [], missing: [] };
  const missing = authorizationProgram(mesh, policies, 'http').custom.flatMap(({ resolved }) =>
    resolved.state === 'unknown' ? [resolved.missing] : [],
  );
  return { http: build('http'), tcp: build('tcp'), missing };
}
