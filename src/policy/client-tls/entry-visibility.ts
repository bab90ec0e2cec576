import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { matchesLabelSelector } from '#policy/label-selector.js';
import { namespaceLabels } from '#policy/namespace-labels.js';

const none: ReadonlySet<string> = new Set(['~']);

/** Rules of a policy are ANDed; a rule of a kind that is not known never matches. */
function matches(policy: JsonValue, labels: StringMap): boolean {
  return listAt(policy, 'matchingRules').every((rule) => {
    const selector = objectAt(rule, 'namespaceSelector');
    return selector !== undefined && matchesLabelSelector(selector, labels) === true;
  });
}

/** The first policy that matches the namespace's labels decides, else the default (VisibilityFor in pilot/pkg/model/serviceentry_visibility.go). */
function visibilityIn(setting: JsonObject, labels: StringMap): string {
  const policy = listAt(setting, 'policies').find((each) => isObject(each) && matches(each, labels));
  return stringAt(policy ?? setting, policy === undefined ? 'defaultVisibility' : 'visibility') ?? '';
}

/**
 * Where a ServiceEntry is shown once MeshConfig.serviceEntryVisibility has narrowed it for sidecars and gateways; it
 * never widens (serviceExportTo in pilot/pkg/model/push_context.go). `.` is the entry's own namespace here.
 */
export function cappedExport(
  mesh: Mesh,
  exportTo: ReadonlySet<string>,
  namespace: string,
): ReadonlySet<string> {
  const setting = objectAt(mesh.settings.config, 'serviceEntryVisibility');
  if (setting?.['applyToSidecars'] !== true || (exportTo.size === 1 && exportTo.has('~'))) return exportTo;
  const labels = namespaceLabels(mesh, namespace);
  const visibility = labels.known ? visibilityIn(setting, labels.labels) : '';
  if (visibility === 'NONE') return none;
  if (visibility !== 'NAMESPACE') return exportTo;
  return exportTo.has('*') || exportTo.has(namespace) ? new Set([namespace]) : none;
}
