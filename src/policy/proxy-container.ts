import { listAt, stringAt, stringsAt } from '#documents/json.js';
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

function runsWithoutEnvoy(container: Container): boolean {
  return listAt(container.spec, 'env').some(
    (entry) =>
      stringAt(entry, 'name') === 'DISABLE_ENVOY' && parseGoBool(stringAt(entry, 'value') ?? '') === true,
  );
}

function roleOf(container: Container): ProxyRole | undefined {
  const args = [...stringsAt(container.spec, 'command'), ...stringsAt(container.spec, 'args')];
  const role = roles.get(args[args.indexOf('proxy') + 1] ?? '');
  if (!args.includes('proxy') || role === undefined) return undefined;
  return role === 'sidecar' && runsWithoutEnvoy(container) ? 'proxyless' : role;
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
    const role = container.list === 'ephemeralContainers' ? undefined : roleOf(container);
    if (role !== undefined) return { container, role };
  }
  return undefined;
}
