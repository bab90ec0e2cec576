import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container } from '#mesh/mesh.js';
import { parseGoBool } from './istiod-flag.js';

/** What the proxy of a written-out container is started as. */
export type ProxyRole = 'sidecar' | 'router' | 'waypoint' | 'ztunnel' | 'proxyless';

/** A container that runs Istio's agent. */
export interface ProxyContainer {
  readonly container: Container;
  readonly role: ProxyRole;
}

const roles: ReadonlyMap<string, ProxyRole> = new Map([
  ['sidecar', 'sidecar'],
  ['router', 'router'],
  ['waypoint', 'waypoint'],
  ['ztunnel', 'ztunnel'],
]);

/** Environments that leave Envoy out; containers of a dump share theirs. */
const withoutEnvoy = new WeakMap<readonly JsonValue[], boolean>();

function runsWithoutEnvoy(spec: JsonObject): boolean {
  const env = listAt(spec, 'env');
  return getOrMake(withoutEnvoy, env, () =>
    env.some(
      (entry) =>
        stringAt(entry, 'name') === 'DISABLE_ENVOY' && parseGoBool(stringAt(entry, 'value') ?? '') === true,
    ),
  );
}

function roleOf(spec: JsonObject): ProxyRole | undefined {
  if (spec['args'] === undefined && spec['command'] === undefined) return undefined;
  const args = [...stringsAt(spec, 'command'), ...stringsAt(spec, 'args')];
  const start = args.indexOf('proxy');
  const role = start < 0 ? undefined : roles.get(args[start + 1] ?? '');
  return role === 'sidecar' && runsWithoutEnvoy(spec) ? 'proxyless' : role;
}

/** True for the container name that injection gives the proxy (ProxyContainerName in pkg/kube/inject/webhook.go). */
export function isProxyContainer({ name }: Pick<Container, 'name'>): boolean {
  return name === 'istio-proxy';
}

/**
 * The proxy that a pod spec holds already written out (rendered charts, `istioctl kube-inject`, running pods), with
 * the role its arguments start it in; undefined when there is none or its arguments are left to injection
 * (`image: auto`). Native sidecars stand among the init containers
 * (manifests/charts/istio-control/istio-discovery/files/*.yaml).
 */
export function writtenProxy(containers: readonly Container[]): ProxyContainer | undefined {
  for (const container of containers) {
    const role = container.list === 'ephemeralContainers' ? undefined : roleOf(container.spec);
    if (role !== undefined) return { container, role };
  }
  return undefined;
}

/** As `writtenProxy`, of a Pod's spec as it stands: the proxy's role and the path of its container. */
export function proxyOfPod(
  podSpec: JsonObject,
): { readonly role: ProxyRole; readonly path: FieldPath } | undefined {
  for (const list of ['containers', 'initContainers']) {
    for (const [index, spec] of listAt(podSpec, list).entries()) {
      const role = isObject(spec) ? roleOf(spec) : undefined;
      if (role !== undefined) return { role, path: ['spec', list, index] };
    }
  }
  return undefined;
}
