import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { containsAll, stringMap } from '#mesh/string-map.js';
import { exportSet } from './export-to.js';
import { completeHost, isSubset } from './host-name.js';
import type { KnownService } from './reachable-services.js';

function hostOf(mesh: Mesh, rule: Resource): string {
  const host = stringAt(rule.object, 'spec', 'host') ?? '';
  return completeHost(host, mesh.namespaceOf(rule), mesh.settings.domainSuffix);
}

function isVisible(mesh: Mesh, rule: Resource, to: string): boolean {
  const namespace = mesh.namespaceOf(rule);
  const setting = 'defaultDestinationRuleExportTo';
  const seenBy = exportSet(mesh, stringsAt(rule.object, 'spec', 'exportTo'), { namespace, setting });
  return seenBy.has('*') || seenBy.has(to);
}

function selects(rule: Resource, workload: Workload, namespace: string): boolean {
  const selector = objectAt(rule.object, 'spec', 'workloadSelector');
  if (selector === undefined) return true;
  return (
    workload.namespace === namespace &&
    containsAll(workload.labels, stringMap(objectAt(selector, 'matchLabels')))
  );
}

/** The rules for the most exact host that covers a service's, of one namespace. */
function mostExact(mesh: Mesh, rules: readonly Resource[], host: string): readonly Resource[] {
  const fitting = rules.filter((rule) => isSubset(host, hostOf(mesh, rule)));
  const exactness = (rule: Resource): number => {
    const written = hostOf(mesh, rule);
    return written.startsWith('*') ? written.length : Infinity;
  };
  const best = Math.max(...fitting.map(exactness));
  return fitting.filter((rule) => exactness(rule) === best);
}

/**
 * Subsets of a service that a gateway pod has clusters for: those of the DestinationRules in its own namespace, else in the
 * service's, else in the root namespace (destinationRule in pilot/pkg/model/push_context.go).
 */
export function declaredSubsets(mesh: Mesh, workload: Workload, known: KnownService): ReadonlySet<string> {
  const { rootNamespace } = mesh.settings;
  const namespaces = [workload.namespace, known.namespace, rootNamespace];
  for (const namespace of new Set(namespaces)) {
    const visible = mesh
      .inNamespace('networking.istio.io', 'DestinationRule', namespace)
      .filter(
        (rule) =>
          isVisible(mesh, rule, workload.namespace) && selects(rule, workload, mesh.namespaceOf(rule)),
      );
    const rules = mostExact(mesh, visible, known.host);
    if (rules.length === 0) continue;
    const subsets = rules.flatMap(({ object }) => listAt(object, 'spec', 'subsets'));
    return new Set(subsets.map((subset) => stringAt(subset, 'name') ?? ''));
  }
  return new Set();
}
