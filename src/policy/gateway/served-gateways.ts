import { valueAt } from '#documents/json.js';
import type { Mesh, Service, Workload } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import { sortByAge } from '#mesh/creation-order.js';
import { targetPortOf } from '#mesh/target-port.js';
import { gatewayNameLabel } from '#policy/attachment.js';
import type { Decision } from '#policy/decision.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { Enrolment } from '#policy/policies.js';
import { apiListeners } from './api-gateways.js';
import { istioGateways } from './istio-gateways.js';
import { perMesh } from './per-mesh.js';
import type { GatewayConfig } from './server.js';

/** Every gateway configuration of a mesh that istiod generates listeners from, oldest first (initGateways in pilot/pkg/model/push_context.go). */
export const gatewayConfigs = perMesh((mesh: Mesh): readonly GatewayConfig[] =>
  sortByAge(
    [
      ...istioGateways(mesh),
      ...apiListeners(mesh)
        .filter(({ valid }) => valid)
        .map(({ config }) => config),
    ],
    ({ resource }) => resource,
    ({ name, namespace }) => [name, namespace],
  ),
);

/** The pods of a mesh that serve gateways: proxies of type router. */
export function gatewayWorkloads(
  mesh: Mesh,
  enrolmentOf: (workload: Workload) => Decision<Enrolment>,
): readonly Workload[] {
  return mesh.workloads.filter((workload) => {
    const enrolment = enrolmentOf(workload);
    return enrolment.known && enrolment.value.dataPlane === 'gateway';
  });
}

type ServiceBinding = Extract<GatewayConfig['binding'], { readonly by: 'services' }>;

/**
 * The pods behind a Kubernetes Gateway's Services. Manifests seldom hold the Services that istiod makes, so in a partial
 * scope the label that its pods carry will do.
 */
function isBehind(mesh: Mesh, binding: ServiceBinding, workload: Workload): boolean {
  const { hosts, namespace, gatewayName } = binding;
  const isSelected = mesh
    .servicesOf(workload)
    .some((service) => hosts.includes(service.host) && service.namespace === namespace);
  const isNamed =
    mesh.scope === 'partial' &&
    workload.namespace === namespace &&
    workload.labels[gatewayNameLabel] === gatewayName;
  return isSelected || isNamed;
}

/** True when a router takes part in serving a gateway, other gateways at the router left aside. */
function isSelected(mesh: Mesh, { binding, namespace }: GatewayConfig, workload: Workload): boolean {
  const scoped = istiodFlag(mesh, 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE', false);
  if (scoped && workload.namespace !== namespace) return false;
  return binding.by === 'labels'
    ? containsAll(workload.labels, binding.selector)
    : isBehind(mesh, binding, workload);
}

/** Namespaces of Gateways that istiod deploys a router for; in a partial scope the pod's own label tells, too. */
function managedHomes(
  mesh: Mesh,
  workload: Workload,
  configs: readonly GatewayConfig[],
): ReadonlySet<string> {
  const managed = configs.filter(({ serviceAccount }) => serviceAccount !== undefined);
  const homes = new Set(managed.map(({ namespace }) => namespace));
  if (mesh.scope === 'partial' && Object.hasOwn(workload.labels, 'gateway.istio.io/managed'))
    homes.add(workload.namespace);
  return homes;
}

/** A Gateway that istiod deploys pods for keeps Istio Gateways of other namespaces off them (filterStrictGatewayMerging, 1.31). */
function withoutStrangers(
  mesh: Mesh,
  workload: Workload,
  configs: readonly GatewayConfig[],
): readonly GatewayConfig[] {
  const strict =
    isAtLeast(istioVersionOf(mesh, workload.labels['istio.io/rev']), 31) &&
    istiodFlag(mesh, 'PILOT_ENABLE_STRICT_GATEWAY_MERGING', true);
  const homes = managedHomes(mesh, workload, configs);
  if (!strict || homes.size === 0) return configs;
  return configs.filter(({ api, namespace }) => api === 'gateway-api' || homes.has(namespace));
}

/** The gateways that a router serves, oldest first (mergeGateways in pilot/pkg/model/push_context.go). */
export function servedGateways(mesh: Mesh, workload: Workload): readonly GatewayConfig[] {
  const selected = gatewayConfigs(mesh).filter((config) => isSelected(mesh, config, workload));
  return withoutStrangers(mesh, workload, selected);
}

const untranslated = 'experimental.istio.io/disable-gateway-port-translation';

/** Services before the pod whose ports stand for a gateway's. */
function translatingServices(mesh: Mesh, workload: Workload, { binding }: GatewayConfig): readonly Service[] {
  return mesh
    .servicesOf(workload)
    .filter(({ host, namespace, resource }) =>
      binding.by === 'services'
        ? binding.hosts.includes(host) && namespace === binding.namespace
        : valueAt(resource.object, ['metadata', 'labels', untranslated]) === undefined,
    );
}

/**
 * The pod's ports that a server's port stands for: the target port of the first Service before the pod that has it, else
 * the number itself; by the Gateway API, those of its own Services only (resolvePorts in pilot/pkg/model/gateway.go).
 */
export function resolvePorts(
  mesh: Mesh,
  workload: Workload,
  { config, port }: { readonly config: GatewayConfig; readonly port: number },
): readonly number[] {
  const services = translatingServices(mesh, workload, config);
  const targets = services
    .flatMap((service) => service.ports)
    .filter(({ number }) => number === port)
    .map((servicePort) => targetPortOf(servicePort, workload))
    .filter((target) => target !== undefined);
  // Services that istiod makes and the input lacks have the listener's port as target.
  if (config.binding.by === 'labels' || services.length === 0) return [targets[0] ?? port];
  return [...new Set(targets)].sort((a, b) => a - b);
}
