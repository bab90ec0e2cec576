import type { Resource } from '#documents/document.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import type { CheckContext, Subject } from './subject.js';
import { describe, placeOf, resourceRef } from './subject.js';

/** Reported pods that serve gateways; those that the input does not hold go by the Gateway that selects them. */
export function gatewayPods({ mesh, policies }: CheckContext): readonly Subject<GatewayPods>[] {
  return policies
    .gatewayPods()
    .filter(({ workload }) => workload.resource.reported)
    .map((pods) => {
      const { workload, selectedBy } = pods;
      const ref =
        selectedBy === undefined
          ? { kind: workload.kind, namespace: workload.namespace, name: workload.name, at: placeOf(workload) }
          : resourceRef(mesh, selectedBy);
      return { ref, value: pods };
    });
}

/** The pods in a sentence: the workload, or `the pods of Gateway shop/public`. */
export function describePods({ mesh }: CheckContext, { workload, selectedBy }: GatewayPods): string {
  if (selectedBy !== undefined) return `the pods of ${describe(mesh, selectedBy)}`;
  return `${workload.kind} ${workload.namespace}/${workload.name}`;
}

/** The pods of the input that serve a Gateway. */
export function podsServing({ policies }: CheckContext, gateway: Resource): readonly GatewayPods[] {
  return policies
    .gatewayPods()
    .filter(
      ({ selectedBy, gateways }) =>
        selectedBy === undefined && gateways.some(({ resource }) => resource === gateway),
    );
}

/** The same, those only that the input holds. */
export function heldGatewayPods(context: CheckContext): readonly Subject<GatewayPods>[] {
  return gatewayPods(context).filter(({ value }) => value.selectedBy === undefined);
}
