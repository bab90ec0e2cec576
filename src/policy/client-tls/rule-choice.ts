import type { Resource } from '#documents/document.js';
import { createdAt } from '#mesh/creation-order.js';
import { containsAll } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { contestedEvidence } from '#policy/contested.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { Mesh } from '#mesh/mesh.js';
import type { DestinationRule } from './destination-rule.js';
import type { Reads } from './reads.js';

/**
 * Of the rules found for a service the one that a client uses: the first that selects it, in the client's own
 * namespace only; else the last without workloadSelector, so the youngest of several that do not merge
 * (SidecarScope.DestinationRule in pilot/pkg/model/sidecar.go).
 */
export function chooseRule(
  rules: readonly DestinationRule[],
  client: { readonly namespace: string; readonly labels: StringMap },
): DestinationRule | undefined {
  const selecting = rules.find(
    ({ selector, namespace }) =>
      selector !== undefined && namespace === client.namespace && containsAll(client.labels, selector),
  );
  return selecting ?? rules.findLast(({ selector }) => selector === undefined);
}

/** What the input would have to hold for the choice among these rules to be certain. */
export function ruleDoubts(
  { mesh, reads }: { readonly mesh: Mesh; readonly reads: Reads },
  rules: readonly DestinationRule[],
): readonly MissingEvidence[] {
  const objects = [...new Set(rules.flatMap(({ from }) => from))];
  const contested = objects.filter((rule) => mesh.isContested(rule));
  const unread = objects.filter((rule) => reads(rule) === 'unknown');
  const undated = (rule: Resource): boolean => createdAt(rule) === -Infinity;
  const ageless = mesh.scope === 'partial' && objects.length > 1 && objects.some(undated);
  const names = objects.map(({ namespace, name }) => `${namespace ?? 'default'}/${name}`).join(', ');
  return [
    ...contested.map((rule) => contestedEvidence(mesh, rule)),
    ...unread.map(({ name }) => ({
      key: 'revision',
      text: `which control plane revision reads DestinationRule ${name}`,
    })),
    ...(ageless
      ? [{ key: 'creation-time', text: `which DestinationRule of one host is the oldest: ${names}` }]
      : []),
  ];
}
