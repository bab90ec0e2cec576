import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { compareText, createdAt } from '#mesh/creation-order.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { attachedPolicies, uniqueEvidence } from '#policy/attached-policies.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import type { FilterModel } from '#policy/filter-chain/envoy-model.js';
import type { Enrolment } from '#policy/policies.js';
import { revisionVisibility } from '#policy/revision-visibility.js';

const group = 'extensions.istio.io';

export type Phase = 'AUTHN' | 'AUTHZ' | 'STATS' | 'UNSPECIFIED';

/** Which side of a connection a listener is on: gateways count as clients. */
export type ListenerClass = 'inbound' | 'outbound' | 'gateway';

/** A WasmPlugin or TrafficExtension. */
export interface TrafficExtension {
  readonly resource: Resource;
  /** Name of its filter. */
  readonly filterName: string;
  readonly phase: Phase;
  readonly priority: number;
  readonly chain: 'http' | 'network';
  /** The Lua code; undefined for Wasm. */
  readonly lua: string | undefined;
  /** The configuration that is delivered by discovery; undefined for Lua. */
  readonly wasm: JsonObject | undefined;
  readonly match: readonly { readonly mode: string; readonly ports: readonly number[] }[];
}

const prefix = 'extensions.istio.io/trafficextension/';
const translated = '~istio-translated-wasmplugin';

/** Of WasmPlugins before Istio 1.30, which made TrafficExtensions of them. */
const formerPrefix = 'extensions.istio.io/wasmplugin/';

const filters = 'type.googleapis.com/envoy.extensions.filters';

const phases: ReadonlyMap<string, Phase> = new Map([
  ['AUTHN', 'AUTHN'],
  ['AUTHZ', 'AUTHZ'],
  ['STATS', 'STATS'],
]);

const policies: ReadonlyMap<string, string> = new Map([
  ['FAIL_OPEN', 'FAIL_OPEN'],
  ['FAIL_RELOAD', 'FAIL_RELOAD'],
]);

function codeOf(url: string): JsonObject {
  if (url.startsWith('file://')) return { local: { filename: url.slice('file://'.length) } };
  const uri = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(url) ? url : `oci://${url}`;
  return { remote: { http_uri: { uri, cluster: '_' } } };
}

function wasmConfig(wasm: JsonObject, chain: TrafficExtension['chain'], name: string): JsonObject {
  const configuration = objectAt(wasm, 'pluginConfig');
  const configured = configuration !== undefined && Object.keys(configuration).length > 0;
  return {
    '@type': `${filters}.${chain}.wasm.v3.Wasm`,
    config: {
      name,
      vm_config: { runtime: 'envoy.wasm.runtime.v8', code: codeOf(stringAt(wasm, 'url') ?? '') },
      ...(configured && { configuration }),
      failure_policy: policies.get(stringAt(wasm, 'failStrategy') ?? '') ?? 'FAIL_CLOSED',
    },
  };
}

function matchesOf(spec: JsonObject): TrafficExtension['match'] {
  return listAt(spec, 'match').map((entry) => ({
    mode: stringAt(entry, 'mode') ?? 'UNDEFINED',
    ports: listAt(entry, 'ports').flatMap((one) => {
      const number = valueAt(one, ['number']);
      return typeof number === 'number' && number !== 0 ? [number] : [];
    }),
  }));
}

function priorityOf(spec: JsonObject): number {
  const written: JsonValue | undefined = spec['priority'];
  return typeof written === 'number' ? written : -Infinity;
}

/** The Lua code or the Wasm module of an extension; undefined: istiod discards it (convertToTrafficExtensionWrapper). */
function contentOf(
  resource: Resource,
  spec: JsonObject,
): (Pick<TrafficExtension, 'lua'> & { wasm?: JsonObject }) | undefined {
  const isPlugin = resource.kind === 'WasmPlugin';
  // Of both, protobuf keeps the later one.
  const lua = isPlugin ? undefined : objectAt(spec, 'lua');
  if (lua !== undefined) {
    const code = stringAt(lua, 'inlineCode') ?? '';
    return code === '' || code.length > 65_536 ? undefined : { lua: code };
  }
  const wasm = isPlugin ? spec : objectAt(spec, 'wasm');
  return wasm === undefined || (stringAt(wasm, 'url') ?? '') === '' ? undefined : { lua: undefined, wasm };
}

function extensionOf(mesh: Mesh, resource: Resource): TrafficExtension | undefined {
  const spec = objectAt(resource.object, 'spec') ?? {};
  const content = contentOf(resource, spec);
  if (content === undefined) return undefined;
  const { lua, wasm } = content;
  const chain = wasm !== undefined && stringAt(wasm, 'type') === 'NETWORK' ? 'network' : 'http';
  const translates = isAtLeast(istioVersionOf(mesh, undefined), 30);
  const name = translates ? translatedName(resource) : resource.name;
  const fullName = `${mesh.namespaceOf(resource)}.${name}`;
  return {
    resource,
    filterName: `${translates ? prefix : formerPrefix}${fullName}`,
    phase: phases.get(stringAt(spec, 'phase') ?? '') ?? 'UNSPECIFIED',
    priority: priorityOf(spec),
    chain,
    lua,
    wasm: wasm && wasmConfig(wasm, chain, fullName),
    match: matchesOf(spec),
  };
}

/** Extensions that attach to a proxy, and what keeps us from being sure. */
export interface AttachedExtensions {
  readonly extensions: readonly TrafficExtension[];
  readonly missing: readonly MissingEvidence[];
}

function translatedName({ kind, name }: Resource): string {
  return kind === 'WasmPlugin' ? `${name}${translated}` : name;
}

/**
 * The WasmPlugins and TrafficExtensions that attach to a proxy: its own namespace before the root, oldest first, the
 * higher priority before (TrafficExtensionsByListenerInfo in pilot/pkg/model/push_context.go; WasmPlugins are translated
 * to the other kind by pilot/pkg/config/kube/extensions/translate.go).
 */
export function attachedExtensions(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): AttachedExtensions {
  const namespaces = [...new Set([workload.namespace, mesh.settings.rootNamespace])];
  const kinds = isAtLeast(istioVersionOf(mesh, undefined), 30)
    ? ['WasmPlugin', 'TrafficExtension']
    : ['WasmPlugin'];
  const found = kinds.map((kind) =>
    attachedPolicies(mesh, {
      kind: { group, kind },
      target: workload,
      namespaces,
      visibilityOf: (policy) => revisionVisibility(mesh, policy, enrolment),
    }),
  );
  const rank = (resource: Resource): number => namespaces.indexOf(mesh.namespaceOf(resource));
  const ordered = found
    .flatMap((each) => each.policies)
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        Math.sign(createdAt(a) - createdAt(b)) ||
        compareText(translatedName(a), translatedName(b)),
    );
  const extensions = ordered
    .map((resource) => extensionOf(mesh, resource))
    .filter((extension) => extension !== undefined)
    .sort((a, b) => (a.priority === b.priority ? 0 : a.priority > b.priority ? -1 : 1));
  return { extensions, missing: uniqueEvidence(found.flatMap((each) => each.missing)) };
}

const modeOf: Readonly<Record<ListenerClass, string>> = {
  inbound: 'SERVER',
  outbound: 'CLIENT',
  gateway: 'CLIENT',
};

/** matchTrafficExtensionSelectors in pilot/pkg/model/extensions.go. */
function isFor({ match }: TrafficExtension, where: ListenerClass, port: number): boolean {
  if (match.length === 0) return true;
  return match.some(
    ({ mode, ports }) =>
      (mode === 'CLIENT_AND_SERVER' || mode === 'UNDEFINED' || mode === modeOf[where]) &&
      (ports.length === 0 || ports.includes(port)),
  );
}

/** Where an extension stands, to point a finding at. */
export function extensionField({ resource }: TrafficExtension): FieldRef {
  return { resource, path: ['spec'] };
}

function filterFor(extension: TrafficExtension): FilterModel {
  const { filterName: name, lua, chain } = extension;
  const config: JsonObject =
    lua === undefined
      ? {
          name,
          config_discovery: {
            config_source: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: '0s' },
            type_urls: [`${filters}.${chain}.wasm.v3.Wasm`, `${filters}.${chain}.rbac.v3.RBAC`],
          },
        }
      : {
          name,
          typed_config: {
            '@type': `${filters}.http.lua.v3.Lua`,
            default_source_code: { inline_string: lua },
          },
        };
  return { config, stock: false, by: extensionField(extension), changedBy: [], http: undefined };
}

/** The filters of extensions of a phase on a listener's port (PopAppendHTTPTrafficExtension and its network twin). */
export function extensionFilters(
  extensions: readonly TrafficExtension[],
  where: { readonly listener: ListenerClass; readonly port: number; readonly chain: 'http' | 'network' },
): (phase: Phase) => readonly FilterModel[] {
  const fitting = extensions.filter(
    (extension) => extension.chain === where.chain && isFor(extension, where.listener, where.port),
  );
  return (phase) => fitting.filter((extension) => extension.phase === phase).map(filterFor);
}
