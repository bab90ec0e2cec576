import type { Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import { agentsOf } from './agent.js';
import { gapOf } from './gap.js';
import { fitsSome } from './glob.js';
import { isEngineOnly } from './in-pod.js';
import type { InspectionGap } from './inspection.js';
import { perContext } from './per-context.js';
import type { WafProduct } from './product.js';
import { injectedProducts } from './recognise.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';

const injecting = perContext(({ products }) => products.filter(({ injected = [] }) => injected.length > 0));

/**
 * What engines on the nodes may inspect of any pod's requests, by what only their console tells; their pods are those of a
 * DaemonSet. Empty: there are none.
 */
export const nodeEvidence = perContext((context): readonly MissingEvidence[] =>
  context.mesh.workloads
    .filter(({ kind }) => kind === 'DaemonSet')
    .flatMap((workload) => agentsOf(context, workload))
    .filter(({ product }) => product.agent?.unproven === true)
    .map(({ product: { name } }) => ({
      key: 'console',
      text: `what ${name} on the nodes is told to inspect, in its console`,
    })),
);

/** What annotations of the pod tell of the mode of an engine that a webhook puts there. */
function modeGaps(
  product: WafProduct,
  { annotations, resource, podPath }: Workload,
): readonly InspectionGap[] {
  return (product.injected ?? []).flatMap(({ mode }): readonly InspectionGap[] => {
    const value =
      mode !== undefined && Object.hasOwn(annotations, mode.annotation)
        ? annotations[mode.annotation]
        : undefined;
    if (mode === undefined || value === undefined || !fitsSome(mode.detects, value)) return [];
    const at = { resource, path: [...podPath, 'metadata', 'annotations', mode.annotation] };
    const how = `${mode.annotation} is ${value}`;
    return [gapOf('detects-only', product, { at, note: how, data: { how, field: mode.annotation } })];
  });
}

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
        const gaps = modeGaps(product, workload);
        return { product: product.id, by: [at], gaps, missing: [{ key: 'webhook', text }] };
      }),
  ];
}
