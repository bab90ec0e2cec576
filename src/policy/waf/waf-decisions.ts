import { lazy } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { workloadMemo } from '#policy/memo.js';
import type { IdleObject, WafDecisions } from './inspection.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { WafProduct } from './product.js';
import type { WafContext } from './waf-context.js';
import { routeInspections } from './routes.js';
import { elsewhere, workloadInspection } from './workload-inspection.js';
import { agentsOf } from './agent.js';
import { frontsOf } from './front/fronts.js';
import { writtenGaps } from './as-written.js';
import { ownEnvoyFilters, ownEnvoyGaps } from './envoy-configuration.js';
import { idleObjects } from './idle.js';
import { unseenEngines } from './unseen-engines.js';
import { wafObjects } from './objects.js';
import { wafPresence } from './presence.js';
import { wafProviders } from './providers.js';

/** What the decisions are made of; the policies are there once they are asked for. */
export interface WafSources {
  readonly products: readonly WafProduct[];
  readonly policies: () => EffectivePolicies;
}

/** Every question about web application firewalls, each answered once, and at no cost where no product is in the input. */
export function wafDecisions(mesh: Mesh, { products, policies }: WafSources): WafDecisions {
  const context = lazy((): WafContext => ({ mesh, products, policies: policies() }));
  const used = lazy(() => products.length > 0 && isUsed(context()));
  return {
    products,
    used,
    inspection: workloadMemo(mesh, (workload) =>
      used() ? workloadInspection(context(), workload) : elsewhere({ mesh }),
    ),
    routes: lazy(() => routeInspections(context())),
    presence: lazy(() => (used() ? wafPresence(context()) : [])),
    idle: lazy(() => (used() ? idleOf(context()) : [])),
  };
}

function idleOf(context: WafContext): readonly IdleObject[] {
  return [...idleObjects(context), ...writtenGaps(context), ...ownEnvoyGaps(context)];
}

/** True when a filter, plugin, container, provider or front of some product is in the input. */
function isUsed(context: WafContext): boolean {
  return (
    wafObjects(context).length > 0 ||
    context.mesh.workloads.some(
      (workload) => agentsOf(context, workload).length + unseenEngines(context, workload).length > 0,
    ) ||
    wafProviders(context).length > 0 ||
    frontsOf(context).all.length > 0 ||
    ownEnvoyFilters(context).length > 0
  );
}
