import type { FieldRef } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from './decision.js';
import { discoveryOf } from './discovery.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';

/** An extension provider that CUSTOM policies can name. */
export interface ExternalAuthorizer {
  readonly name: string;
  readonly protocol: 'http' | 'grpc';
  /** Name of the service in the registry, and its port, which nothing looks up. */
  readonly host: string;
  readonly port: number;
  /** Where the provider is defined; undefined when the mesh configuration has no place in the input. */
  readonly at: FieldRef | undefined;
  readonly failOpen: boolean;
  /** Header names that an HTTP authorizer is shown, stars at an end allowed; undefined: all of them. */
  readonly shownHeaders: readonly string[] | undefined;
  /** Headers added to the question that the authorizer is asked. */
  readonly addedHeaders: JsonObject;
}

/** A provider as istiod resolves it; a broken one denies what it should check. */
export type ResolvedProvider =
  | { readonly state: 'usable'; readonly authorizer: ExternalAuthorizer }
  | { readonly state: 'broken'; readonly reason: string; readonly at: FieldRef | undefined }
  | { readonly state: 'unknown'; readonly missing: MissingEvidence };

const kinds = [
  ['envoyExtAuthzHttp', 'http'],
  ['envoyExtAuthzGrpc', 'grpc'],
] as const;

/** Names become metadata keys, so from Istio 1.30 on they must be DNS labels (pilot/pkg/security/authz/builder/extauthz.go, validateProviderName). */
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function portProblem(config: JsonObject): string | undefined {
  const port = valueAt(config, ['port']);
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  return isPort ? undefined : 'its port is not between 1 and 65535';
}

const headerLists = [
  'includeRequestHeadersInCheck',
  'includeHeadersInCheck',
  'headersToDownstreamOnDeny',
  'headersToDownstreamOnAllow',
  'headersToUpstreamOnAllow',
];

/** First and last of each run of codes that Envoy knows (envoy/type/v3/http_status.proto). */
const statusCodes = [
  [0, 0],
  [100, 100],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 417],
  [421, 424],
  [426, 426],
  [428, 429],
  [431, 431],
  [500, 508],
  [510, 511],
] as const;

function isStatusCode(text: string): boolean {
  const code = /^[+-]?\d{1,9}$/.test(text) ? Number(text) : NaN;
  return statusCodes.some(([first, last]) => code >= first && code <= last);
}

/** A percent sign in front of the query that encodes nothing (Go's url.Parse). */
const badEscape = /^[^?]*%(?![0-9a-fA-F]{2})/;

function settingsProblem(config: JsonObject): string | undefined {
  const status = stringAt(config, 'statusOnError') ?? '';
  if (status !== '' && !isStatusCode(status)) return `statusOnError ${status} is not a status code`;
  const prefix = stringAt(config, 'pathPrefix') ?? '';
  if (prefix !== '' && !prefix.startsWith('/')) return 'its pathPrefix does not begin with a slash';
  if (badEscape.test(prefix)) return 'its pathPrefix is no path of a URL';
  const starred = headerLists.find((list) => stringsAt(config, list).includes('*'));
  return starred === undefined ? undefined : `${starred} holds a lone *`;
}

/** Hosts that ServiceEntries define, with the namespaces that do. */
function entryNamespaces(mesh: Mesh, host: string): readonly string[] {
  return mesh
    .ofKind('networking.istio.io', 'ServiceEntry')
    .filter((entry) => stringsAt(entry.object, 'spec', 'hosts').includes(host))
    .map((entry) => mesh.namespaceOf(entry));
}

/**
 * Why the registry has no one service of a name, `host` in one namespace only or `namespace/host`; undefined when it has
 * (LookupCluster in pilot/pkg/model/telemetry_logging.go).
 */
export function unresolvedService(mesh: Mesh, service: string): string | undefined {
  const parts = service.split('/');
  const isWellFormed = parts.length === 1 ? !service.includes('*') : parts.length === 2;
  if (!isWellFormed) return `${service} is neither a host nor namespace/host`;
  const host = parts.at(-1) ?? '';
  const own = mesh.serviceByHost(host)?.namespace;
  const defining = [...entryNamespaces(mesh, host), ...(own === undefined ? [] : [own])];
  const namespaces = new Set(defining.filter((namespace) => discoveryOf(mesh, namespace) !== 'hidden'));
  if (parts.length === 2)
    return namespaces.has(parts[0] ?? '') ? undefined : `there is no service ${service}`;
  if (namespaces.size > 1) return `service ${service} exists in several namespaces`;
  return namespaces.size === 1 ? undefined : `there is no service ${service}`;
}

function authorizerOf(
  name: string,
  config: JsonObject,
  rest: Pick<ExternalAuthorizer, 'protocol' | 'at'>,
): ExternalAuthorizer {
  const wanted = stringsAt(config, 'includeRequestHeadersInCheck');
  const shown = wanted.length > 0 ? wanted : stringsAt(config, 'includeHeadersInCheck');
  return {
    name,
    ...rest,
    host: (stringAt(config, 'service') ?? '').split('/').at(-1) ?? '',
    port: Number(valueAt(config, ['port'])),
    failOpen: valueAt(config, ['failOpen']) === true,
    shownHeaders: rest.protocol === 'http' ? shown : undefined,
    addedHeaders: objectAt(config, 'includeAdditionalHeadersInCheck') ?? {},
  };
}

/** The last definition of a name: of several that one is left (pkg/config/mesh/mesh.go, ApplyMeshConfig). */
function definitionOf(
  mesh: Mesh,
  name: string,
): { readonly config: JsonObject; readonly at: FieldRef | undefined } | undefined {
  const providers = listAt(mesh.settings.config, 'extensionProviders');
  const index = providers.findLastIndex((provider) => stringAt(provider, 'name') === name);
  const config = providers[index];
  return isObject(config) ? { config, at: mesh.settings.fieldOf(['extensionProviders', index]) } : undefined;
}

function undefinedProvider(mesh: Mesh, name: string): ResolvedProvider {
  if (mesh.settings.known)
    return {
      state: 'broken',
      reason: `the mesh configuration has no extension provider ${name}`,
      at: undefined,
    };
  const text = `extension provider ${name} of the mesh configuration`;
  return { state: 'unknown', missing: { key: 'mesh-config', text } };
}

function resolve(mesh: Mesh, name: string): ResolvedProvider {
  const definition = definitionOf(mesh, name);
  if (definition === undefined) return undefinedProvider(mesh, name);
  const { at } = definition;
  const broken = (reason: string): ResolvedProvider => ({ state: 'broken', reason, at });
  const kind = kinds.find(([field]) => isObject(definition.config[field]));
  const config = kind && objectAt(definition.config, kind[0]);
  if (kind === undefined || config === undefined)
    return broken(`extension provider ${name} is no external authorizer`);
  const wellNamed = label.test(name) || !isAtLeast(istioVersionOf(mesh, undefined), 30);
  const problem = wellNamed ? (portProblem(config) ?? settingsProblem(config)) : `${name} is no DNS label`;
  if (problem !== undefined) return broken(problem);
  const service = stringAt(config, 'service') ?? '';
  const unresolved = unresolvedService(mesh, service);
  if (unresolved === undefined)
    return { state: 'usable', authorizer: authorizerOf(name, config, { protocol: kind[1], at }) };
  if (mesh.scope === 'complete') return broken(unresolved);
  return {
    state: 'unknown',
    missing: { key: 'service', text: `service ${service} of extension provider ${name}` },
  };
}

const resolved = new WeakMap<Mesh, Map<string, ResolvedProvider>>();

/**
 * The external authorizer behind a provider name. A name that nothing defines, a definition with bad settings and a
 * service that does not exist are all broken, and a broken provider denies what it should check
 * (pilot/pkg/security/authz/builder/extauthz.go, processExtensionProvider and getExtAuthz).
 */
export function externalAuthorizer(mesh: Mesh, name: string): ResolvedProvider {
  return getOrMake(
    getOrMake(resolved, mesh, () => new Map<string, ResolvedProvider>()),
    name,
    () => resolve(mesh, name),
  );
}
