import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import type { PathSettings } from './normalize-path.js';

const base: PathSettings = { canonicalize: true, mergeSlashes: false, escapedSlashes: 'KEEP_UNCHANGED' };

/** MeshConfig.pathNormalization.normalization (pilot/pkg/networking/core/listener_builder.go, buildHTTPConnectionManager). */
const modes: ReadonlyMap<string, PathSettings> = new Map([
  ['NONE', { ...base, canonicalize: false }],
  ['BASE', base],
  ['DEFAULT', base],
  ['MERGE_SLASHES', { ...base, mergeSlashes: true }],
  ['DECODE_AND_MERGE_SLASHES', { ...base, mergeSlashes: true, escapedSlashes: 'UNESCAPE_AND_FORWARD' }],
]);

/** What profile EDGE means at gateways where nothing else is said (connection_settings.go, applyEdgeProfileDefaults). */
const edge = { mergeSlashes: true, escapedSlashes: 'UNESCAPE_AND_REDIRECT' } as const;

const actions: readonly PathSettings['escapedSlashes'][] = [
  'KEEP_UNCHANGED',
  'REJECT_REQUEST',
  'UNESCAPE_AND_REDIRECT',
  'UNESCAPE_AND_FORWARD',
];

/**
 * The pod's own connectionSettings, else the mesh's: one replaces the other as a block (connection_settings.go). Releases
 * before 1.31 do not know them.
 */
function connectionSettings(
  mesh: Mesh,
  { annotations }: Pick<Workload, 'annotations'>,
): JsonObject | undefined {
  if (!isAtLeast(istioVersionOf(mesh, undefined), 31)) return undefined;
  const key = 'proxy.istio.io/config';
  const written = Object.hasOwn(annotations, key) ? mesh.parseYaml(annotations[key] ?? '') : undefined;
  return (
    objectAt(written, 'connectionSettings') ??
    objectAt(mesh.settings.config, 'defaultConfig', 'connectionSettings')
  );
}

/** How the proxy of a pod with these annotations treats paths: the mesh's mode, with what connectionSettings say in its place. */
export function pathSettingsOf(
  mesh: Mesh,
  workload: Pick<Workload, 'annotations'>,
  proxy: 'sidecar' | 'gateway' = 'sidecar',
): PathSettings {
  const mode = stringAt(mesh.settings.config, 'pathNormalization', 'normalization') ?? 'DEFAULT';
  const own = connectionSettings(mesh, workload);
  const isEdge = proxy === 'gateway' && stringAt(own, 'profile') === 'EDGE';
  const settings = { ...(modes.get(mode) ?? base), ...(isEdge ? edge : {}) };
  const merge = valueAt(own, ['httpMergeSlashes']);
  const action = stringAt(own, 'httpPathWithEscapedSlashesAction');
  return {
    ...settings,
    mergeSlashes: typeof merge === 'boolean' ? merge : settings.mergeSlashes,
    escapedSlashes: actions.find((one) => one === action) ?? settings.escapedSlashes,
  };
}

/** All ways in which paths are prepared by some setting, for when the setting is not known. */
export const everyPathSettings: readonly PathSettings[] = [...modes.values()];
