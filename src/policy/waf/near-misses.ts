import type { FieldRef } from '#documents/document.js';
import type { MissingEvidence } from '#policy/decision.js';
import { parseAddress } from './address.js';
import { agentsOf } from './agent.js';
import { serviceOf } from './arrivals.js';
import type { Arrival } from './arrivals.js';
import type { Call } from './call.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import type { WafProduct } from './product.js';
import { injectedProducts } from './recognise.js';
import type { WafContext } from './waf-context.js';

/** The engine that a webhook puts into a pod that is called: it may answer, where its container is not in the manifest. */
export function injectedAgent(
  { mesh, products }: WafContext,
  product: WafProduct,
  arrivals: readonly Arrival[],
): MissingEvidence | undefined {
  const isInjected = arrivals.some(({ workload }) =>
    injectedProducts(mesh, products, workload).some((injected) => injected.product === product),
  );
  if (!isInjected) return undefined;
  return { key: 'webhook', text: `what the webhook of ${product.name} puts into the pods` };
}

/** A call to the Service of the product's agents, on a port that the Service does not have. */
export function otherPortOfService(
  context: WafContext,
  { product, call, at }: { readonly product: WafProduct; readonly call: Call; readonly at: FieldRef },
): InspectionGap | undefined {
  const { mesh } = context;
  const host = parseAddress(call.address.split(', ', 1)[0] ?? '')?.host;
  const service = host === undefined ? undefined : serviceOf(mesh, host, at.resource.namespace ?? '');
  if (service === undefined) return undefined;
  const agents = mesh.workloadsOf(service).flatMap((workload) => agentsOf(context, workload));
  const agent = agents.find((one) => one.product === product);
  if (agent === undefined) return undefined;
  const numbers = service.ports.map(({ number }) => number).join(', ');
  const listens = `port ${numbers} of Service ${service.namespace}/${service.name}`;
  return gapOf('address-mismatch', product, {
    at: call.cluster?.at ?? at,
    related: [{ resource: service.resource, path: ['spec', 'ports'] }],
    note: `the filter calls ${call.address}, the agents are behind ${listens}`,
    data: { cluster: call.clusterName ?? call.address, address: call.address, listens },
  });
}
