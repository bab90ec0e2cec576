import type { Workload } from '#mesh/mesh.js';
import { known } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import { filterChainsOf } from '#policy/filter-chain/filter-chains-of.js';
import type { Enrolment } from '#policy/policies.js';
import { agentsOf } from './agent.js';
import { wafObjects } from './objects.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

const assumed: Decision<Enrolment> = known(
  { dataPlane: 'sidecar', revision: undefined, reason: 'assumed' },
  'default',
);

/**
 * The sidecar that a workload's pods have if their namespace is labelled for it, where only that label is not in the input
 * (files of an application's repository seldom hold the Namespace). What is wrong with the wiring of a product's filter is
 * wrong whatever the label says. Undefined where nothing of a product is meant for the pods.
 */
export function assumedSidecar(context: WafContext, workload: Workload): InspectedProxy | undefined {
  const { mesh, policies } = context;
  const enrolment = policies.enrolment(workload);
  if (enrolment.known || enrolment.missing.some(({ key }) => key !== 'namespace-labels')) return undefined;
  if (agentsOf(context, workload).length === 0 && wafObjects(context).length === 0) return undefined;
  const chains = filterChainsOf(mesh, workload, {
    enrolment: (one) => (one === workload ? assumed : policies.enrolment(one)),
    inboundPorts: policies.inboundPorts,
    peerMtls: policies.peerMtls,
    gatewayListeners: policies.gatewayListeners,
  });
  return chains.known && chains.value !== undefined ? { workload, chains: chains.value } : undefined;
}
