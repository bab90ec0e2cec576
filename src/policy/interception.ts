import type { FieldRef } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { isObject, stringAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';

/** How traffic is redirected to the proxy, and the field that says so (undefined: Istio's default). */
export interface Interception {
  readonly mode: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly at: FieldRef | undefined;
}

/** A field of the pod's metadata. */
export function annotationField({ resource, podPath }: Workload, key: string): FieldRef {
  return { resource, path: [...podPath, 'metadata', 'annotations', key] };
}

const configKey = 'proxy.istio.io/config';
const modeKey = 'sidecar.istio.io/interceptionMode';

/** True when a pod's annotations may say how its traffic is redirected. */
export function hasOwnInterception(annotations: Workload['annotations']): boolean {
  return Object.hasOwn(annotations, modeKey) || Object.hasOwn(annotations, configKey);
}

const proxyConfigs = new WeakMap<Workload, { readonly config: JsonObject | undefined }>();

/** The ProxyConfig in the pod annotation proxy.istio.io/config; undefined when there is none that can be read. */
export function podProxyConfig(mesh: Mesh, workload: Workload): JsonObject | undefined {
  const text = Object.hasOwn(workload.annotations, configKey) ? workload.annotations[configKey] : undefined;
  if (text === undefined) return undefined;
  const kept = proxyConfigs.get(workload);
  if (kept !== undefined) return kept.config;
  const parsed = mesh.parseYaml(text);
  const config = isObject(parsed) ? parsed : undefined;
  proxyConfigs.set(workload, { config });
  return config;
}

function modeNamed(name: string | undefined): Interception['mode'] | undefined {
  return name === 'NONE' || name === 'TPROXY' || name === 'REDIRECT' ? name : undefined;
}

/**
 * How the pods' traffic is redirected: annotation sidecar.istio.io/interceptionMode, else the pod's ProxyConfig, else
 * the mesh's defaultConfig, else REDIRECT (files/injection-template.yaml in the istiod chart; mergeWithPrecedence in
 * pilot/pkg/model/proxy_config.go).
 */
export function interceptionOf(mesh: Mesh, workload: Workload): Interception {
  const annotated = modeNamed(workload.annotations[modeKey]);
  if (annotated !== undefined) return { mode: annotated, at: annotationField(workload, modeKey) };
  const own = modeNamed(stringAt(podProxyConfig(mesh, workload), 'interceptionMode'));
  // REDIRECT is the enum's zero: merging leaves it out, so it does not undo what the mesh says.
  if (own !== undefined && own !== 'REDIRECT') return { mode: own, at: annotationField(workload, configKey) };
  const path = ['defaultConfig', 'interceptionMode'];
  const meshWide = modeNamed(stringAt(mesh.settings.config, ...path));
  return { mode: meshWide ?? 'REDIRECT', at: meshWide && mesh.settings.fieldOf(path) };
}
