import type { Workload } from '#mesh/mesh.js';
import { agentsOf } from './agent.js';
import { isEngineOnly } from './in-pod.js';
import { perContext } from './per-context.js';
import { injectedProducts } from './recognise.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';

const injecting = perContext(({ products }) => products.filter(({ injected = [] }) => injected.length > 0));

/** Engines of a pod of which the manifests do not show what they inspect: of a console, or put in by a webhook. */
export function unseenEngines(context: WafContext, workload: Workload): readonly Engine[] {
  const { mesh } = context;
  const agents = agentsOf(context, workload);
  const shown = new Set(agents.map(({ product }) => product));
  const fromConsole = isEngineOnly(context, workload)
    ? []
    : agents.filter(({ product }) => product.agent?.unproven === true);
  return [
    ...fromConsole.map(({ product, at }): Engine => {
      const text = `what ${product.name} is told to inspect, in its console`;
      return { product: product.id, by: [at], gaps: [], missing: [{ key: 'console', text }] };
    }),
    ...injectedProducts(mesh, injecting(context), workload)
      .filter(({ product }) => !shown.has(product))
      .map(({ product, at }): Engine => {
        const text = `what the webhook of ${product.name} puts into the pods`;
        return { product: product.id, by: [at], gaps: [], missing: [{ key: 'webhook', text }] };
      }),
  ];
}
