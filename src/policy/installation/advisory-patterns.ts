import type { JsonObject, JsonValue } from '#documents/json.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf } from '#policy/authorization-policies.js';
import type { RuleField } from '#policy/written/written-rule.js';
import { fieldsOf, rulesOf } from '#policy/written/written-rule.js';

/** What of a mesh a bulletin's exposure shows in. */
export interface ExposurePattern {
  readonly isShown: (mesh: Mesh) => boolean;
  /** True when every part of the bulletin needs the pattern: without it the mesh is not exposed. */
  readonly decisive: boolean;
}

const extensions = new WeakMap<Mesh, string>();

/** The text of all EnvoyFilters: extensions are told by their names, wherever in a patch they stand. */
function patchesMention(mesh: Mesh, name: RegExp): boolean {
  const text = getOrMake(extensions, mesh, () =>
    mesh
      .ofKind('networking.istio.io', 'EnvoyFilter')
      .map(({ object }) => JSON.stringify(object['spec'] ?? null))
      .join('\n'),
  );
  return name.test(text);
}

interface WrittenField {
  readonly field: RuleField;
  readonly action: string;
}

const fieldsOfMesh = new WeakMap<Mesh, readonly WrittenField[]>();

/** Every constraint of every AuthorizationPolicy, listed once: many bulletins ask. */
function hasField(mesh: Mesh, isExposed: (field: RuleField, action: string) => boolean): boolean {
  const fields = getOrMake(fieldsOfMesh, mesh, () =>
    mesh.ofKind('security.istio.io', 'AuthorizationPolicy').flatMap((policy) => {
      const action = actionOf(policy) ?? '';
      return rulesOf(policy).flatMap((rule) => fieldsOf(rule).map((field) => ({ field, action })));
    }),
  );
  return fields.some(({ field, action }) => isExposed(field, action));
}

function specsOf(mesh: Mesh, group: string, kind: string): readonly (JsonValue | undefined)[] {
  return mesh.ofKind(group, kind).map(({ object }) => object['spec']);
}

const jwtRules = (mesh: Mesh): readonly JsonValue[] =>
  specsOf(mesh, 'security.istio.io', 'RequestAuthentication').flatMap((spec) => listAt(spec, 'jwtRules'));

const fetchesKeys = (mesh: Mesh): boolean =>
  jwtRules(mesh).some((rule) => stringAt(rule, 'jwksUri') !== undefined);

const isDefined = (block: JsonObject | undefined): block is JsonObject => block !== undefined;

const serverTls = (mesh: Mesh): readonly JsonObject[] =>
  specsOf(mesh, 'networking.istio.io', 'Gateway')
    .flatMap((spec) => listAt(spec, 'servers').map((server) => objectAt(server, 'tls')))
    .filter(isDefined);

const clientTls = (mesh: Mesh): readonly JsonObject[] =>
  specsOf(mesh, 'networking.istio.io', 'DestinationRule')
    .map((spec) => objectAt(spec, 'trafficPolicy', 'tls'))
    .filter(isDefined);

function usesCredentialNames(mesh: Mesh): boolean {
  const { env } = mesh.settings;
  const cache = Object.hasOwn(env, 'PILOT_ENABLE_XDS_CACHE') ? env['PILOT_ENABLE_XDS_CACHE'] : undefined;
  return (
    cache !== 'false' &&
    [...serverTls(mesh), ...clientTls(mesh)].some((tls) => stringAt(tls, 'credentialName') !== undefined)
  );
}

function tracesWithDatadog({ settings: { config } }: Mesh): boolean {
  return (
    objectAt(config, 'defaultConfig', 'tracing', 'datadog') !== undefined ||
    listAt(config, 'extensionProviders').some((provider) => objectAt(provider, 'datadog') !== undefined)
  );
}

const hasWildcardName = (mesh: Mesh): boolean =>
  [
    ...clientTls(mesh).flatMap((tls) => stringsAt(tls, 'subjectAltNames')),
    ...specsOf(mesh, 'networking.istio.io', 'ServiceEntry').flatMap((spec) =>
      stringsAt(spec, 'subjectAltNames'),
    ),
  ].some((name) => name.includes('*'));

const isPathTrick = ({ name, negative }: RuleField, action: string): boolean =>
  name === 'paths' && negative === (action === 'ALLOW');

const isSuffixIdentity = ({ name, values }: RuleField, action: string): boolean =>
  action === 'DENY' &&
  /^(?:principals|namespaces|source\.(?:principal|namespace))$/.test(name) &&
  values.some((value) => value.length > 1 && value.startsWith('*'));

const resolvesPerRequest = (mesh: Mesh): boolean =>
  specsOf(mesh, 'networking.istio.io', 'ServiceEntry').some(
    (spec) => stringAt(spec, 'resolution') === 'DYNAMIC_DNS',
  );

const decisive = (isShown: ExposurePattern['isShown']): ExposurePattern => ({ isShown, decisive: true });
const partial = (isShown: ExposurePattern['isShown']): ExposurePattern => ({ isShown, decisive: false });

/** Exposures that manifests show, by bulletin; of all others the release alone decides. */
export const exposurePatterns: ReadonlyMap<string, ExposurePattern> = new Map([
  ['2020-008', decisive(hasWildcardName)],
  ['2020-009', decisive((mesh) => hasField(mesh, isSuffixIdentity))],
  ['2020-011', decisive((mesh) => patchesMention(mesh, /proxy_protocol/))],
  ['2021-001', decisive((mesh) => jwtRules(mesh).length > 0)],
  ['2021-005', decisive((mesh) => hasField(mesh, isPathTrick))],
  [
    '2021-006',
    decisive((mesh) => serverTls(mesh).some((tls) => stringAt(tls, 'mode') === 'AUTO_PASSTHROUGH')),
  ],
  ['2021-007', decisive(usesCredentialNames)],
  ['2021-008', partial((mesh) => hasField(mesh, isPathTrick))],
  ['2022-001', decisive((mesh) => hasField(mesh, ({ name }) => name === 'hosts'))],
  [
    '2023-001',
    partial((mesh) => patchesMention(mesh, /envoy\.filters\.http\.(?:lua|oauth2)|x-envoy-original-path/)),
  ],
  ['2024-001', partial((mesh) => patchesMention(mesh, /proxy_protocol/))],
  ['2024-005', decisive(tracesWithDatadog)],
  ['2024-006', partial(fetchesKeys)],
  [
    '2025-001',
    decisive((mesh) => resolvesPerRequest(mesh) || patchesMention(mesh, /dynamic_forward_proxy|oauth2/)),
  ],
  ['2025-002', partial((mesh) => patchesMention(mesh, /envoy\.filters\.http\.lua/))],
  ['2026-001', partial(fetchesKeys)],
  [
    '2026-003',
    decisive(
      (mesh) =>
        fetchesKeys(mesh) ||
        hasField(
          mesh,
          ({ name, values }) => name === 'serviceAccounts' && values.some((v) => v.includes('.')),
        ),
    ),
  ],
  ['2026-005', partial((mesh) => patchesMention(mesh, /ext_proc|ext_authz|oauth2|zstd/))],
  ['2026-006', partial((mesh) => mesh.ofKind('gateway.networking.k8s.io', 'BackendTLSPolicy').length > 0)],
]);
