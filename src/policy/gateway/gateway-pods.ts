import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { known } from '#policy/decision.js';
import type { Decision, Known } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import type { GatewayListeners } from './gateway-listeners.js';
import { gatewayListenersOf } from './listeners-decision.js';
import { gatewayWorkloads, servedGateways } from './served-gateways.js';
import { istioGateways } from './istio-gateways.js';
import type { GatewayConfig } from './server.js';

/** Pods that serve gateways together, and what they listen on. */
export interface GatewayPods {
  /** The workload; a stand-in with the Gateway's own labels where the input does not hold the pods. */
  readonly workload: Workload;
  /** The Gateway that tells of pods which the input does not hold; undefined for pods of the input. */
  readonly selectedBy: Resource | undefined;
  /** Gateways that the pods serve, oldest first. */
  readonly gateways: readonly GatewayConfig[];
  readonly listeners: Decision<GatewayListeners>;
}

/** How a pod is enrolled that a Gateway selects. */
export const asGateway: Known<Enrolment> = known(
  { dataPlane: 'gateway', revision: undefined, reason: 'selected by a Gateway' },
  'default',
);

/** A pod of which nothing is known but the labels that a Gateway selects it by. */
function standIn(mesh: Mesh, resource: Resource, labels: StringMap): Workload {
  const namespace = mesh.settings.rootNamespace;
  return {
    id: `${namespace}/Pod/selected-by-${resource.name}`,
    ordinal: -1,
    kind: 'Pod',
    name: `selected-by-${resource.name}`,
    namespace,
    resource,
    podPath: ['spec', 'selector'],
    labels,
    annotations: {},
    podSpec: {},
    serviceAccount: 'default',
    principal: `${mesh.settings.trustDomain}/ns/${namespace}/sa/default`,
    hostNetwork: false,
    containers: [],
    pods: [],
  };
}

/** Istio Gateways that select no router of the input, the first of each selector. */
function selectorsWithoutPods(mesh: Mesh, routers: readonly Workload[]): readonly GatewayConfig[] {
  const first = new Map<string, GatewayConfig>();
  for (const config of istioGateways(mesh)) {
    const { binding } = config;
    if (binding.by !== 'labels' || Object.keys(binding.selector).length === 0) continue;
    if (routers.some(({ labels }) => containsAll(labels, binding.selector))) continue;
    const key = JSON.stringify(Object.entries(binding.selector).sort());
    if (!first.has(key)) first.set(key, config);
  }
  return [...first.values()];
}

function imagined(mesh: Mesh, { resource, binding }: GatewayConfig): GatewayPods {
  const workload = standIn(mesh, resource, binding.by === 'labels' ? binding.selector : {});
  return {
    workload,
    selectedBy: resource,
    gateways: servedGateways(mesh, workload),
    listeners: gatewayListenersOf(mesh, workload, asGateway),
  };
}

/**
 * The pods that serve gateways. Manifests of applications seldom hold the pods of the gateways they use, so in a partial
 * scope Gateways with one selector are taken to be served together by pods that lie elsewhere, by the ports they write.
 */
export function gatewayPodsOf(
  mesh: Mesh,
  enrolmentOf: (workload: Workload) => Decision<Enrolment>,
  listenersOf: (workload: Workload) => Decision<GatewayListeners>,
): readonly GatewayPods[] {
  const routers = gatewayWorkloads(mesh, enrolmentOf);
  const held = routers.map((workload) => ({
    workload,
    selectedBy: undefined,
    gateways: servedGateways(mesh, workload),
    listeners: listenersOf(workload),
  }));
  if (mesh.scope === 'complete') return held;
  return [...held, ...selectorsWithoutPods(mesh, routers).map((config) => imagined(mesh, config))];
}
