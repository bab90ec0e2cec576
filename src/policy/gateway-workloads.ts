import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { gatewayNameLabel } from './attachment.js';
import type { Decision } from './decision.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';
import { istiodFlag } from './istiod-flag.js';
import { containsAll } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import type { Enrolment } from './policies.js';

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

/** A Gateway that istiod deploys pods for keeps Istio Gateways of other namespaces off them (filterStrictGatewayMerging, 1.31). */
function keepsOthersOff(mesh: Mesh, workload: Workload, namespace: string): boolean {
  if (!Object.hasOwn(workload.labels, 'gateway.istio.io/managed') || workload.namespace === namespace)
    return false;
  return (
    isAtLeast(istioVersionOf(mesh, workload.labels['istio.io/rev']), 31) &&
    istiodFlag(mesh, 'PILOT_ENABLE_STRICT_GATEWAY_MERGING', true)
  );
}

/**
 * The pods that serve an Istio Gateway: routers of every namespace whose labels hold the selector, all of them
 * without one; only those of its own namespace under PILOT_SCOPE_GATEWAY_TO_NAMESPACE (mergeGateways in
 * pilot/pkg/model/push_context.go).
 */
export function servingIstioGateway(
  mesh: Mesh,
  gateway: { readonly resource: Resource; readonly selector: StringMap },
  routers: readonly Workload[],
): readonly Workload[] {
  const namespace = mesh.namespaceOf(gateway.resource);
  const scoped = istiodFlag(mesh, 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE', false);
  return routers.filter(
    (workload) =>
      (!scoped || workload.namespace === namespace) &&
      containsAll(workload.labels, gateway.selector) &&
      !keepsOthersOff(mesh, workload, namespace),
  );
}

/** The pods that serve a Gateway of the Gateway API: those that carry its name, or those behind the Service it names. */
export function servingApiGateway(
  mesh: Mesh,
  gateway: Resource,
  given: { readonly routers: readonly Workload[]; readonly addresses: readonly string[] },
): readonly Workload[] {
  const namespace = mesh.namespaceOf(gateway);
  const own = given.routers.filter(
    ({ labels, namespace: pod }) => pod === namespace && labels[gatewayNameLabel] === gateway.name,
  );
  const hosts = given.addresses.flatMap((address) => [
    address,
    `${address}.${namespace}.svc.${mesh.settings.domainSuffix}`,
  ]);
  const services = hosts.map((host) => mesh.serviceByHost(host)).filter((service) => service !== undefined);
  const behind = services
    .flatMap((service) => mesh.workloadsOf(service))
    .filter((workload) => given.routers.includes(workload));
  return [...new Set([...own, ...behind])];
}
