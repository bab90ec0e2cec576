import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import type { Mesh, PortProtocol, Workload } from '#mesh/mesh.js';
import { parseProtocol } from '#mesh/service-port-protocol.js';
import { containsAll, stringMap } from '#mesh/string-map.js';
import { istiodFlag } from './istiod-flag.js';

/** A port of a ServiceEntry that a workload serves. */
export interface EntryTarget {
  readonly entry: Resource;
  /** The first of its hosts by name. */
  readonly host: string;
  /** The workload's port. */
  readonly number: number;
  readonly protocol: PortProtocol;
  readonly at: FieldRef;
}

function selects(entry: Resource, workload: Workload): boolean {
  const labels = objectAt(entry.object, 'spec', 'workloadSelector', 'labels');
  return labels !== undefined && containsAll(workload.labels, stringMap(labels));
}

/** The workload's own port of that name, which goes before what the entry says. */
function namedPort(workload: Workload, name: string): number | undefined {
  if (name === '') return undefined;
  if (workload.kind === 'WorkloadEntry' || workload.kind === 'WorkloadGroup')
    return positive(valueAt(workload.resource.object, [...workload.podPath, 'ports', name]));
  return workload.containers.flatMap(({ ports }) => ports).find((port) => port.name === name)?.number;
}

function positive(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function targetsOf(entry: Resource, workload: Workload): readonly EntryTarget[] {
  const [host = ''] = [...stringsAt(entry.object, 'spec', 'hosts')].sort(compareText);
  return listAt(entry.object, 'spec', 'ports').flatMap((port, index) => {
    const own = namedPort(workload, stringAt(port, 'name') ?? '');
    const number = own ?? positive(valueAt(port, ['targetPort'])) ?? positive(valueAt(port, ['number']));
    const protocol = parseProtocol(stringAt(port, 'protocol') ?? '') ?? 'auto';
    const at = { resource: entry, path: ['spec', 'ports', index] };
    return number === undefined ? [] : [{ entry, host, number, protocol, at }];
  });
}

/**
 * Ports of the ServiceEntries of a workload's namespace whose workloadSelector holds its labels: istiod makes inbound
 * listeners for them as for those of Services; pods take part unless PILOT_ENABLE_SERVICEENTRY_SELECT_PODS is off
 * (convertWorkloadInstanceToServiceInstance in pilot/pkg/serviceregistry/serviceentry/conversion.go). Entries that
 * list the workload's address under `endpoints` are not looked at.
 */
export function entryTargets(mesh: Mesh, workload: Workload): readonly EntryTarget[] {
  const entries = mesh.inNamespace('networking.istio.io', 'ServiceEntry', workload.namespace);
  if (entries.length === 0) return [];
  const isPod = workload.kind !== 'WorkloadEntry' && workload.kind !== 'WorkloadGroup';
  if (isPod && !istiodFlag(mesh, 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', true)) return [];
  return entries.filter((entry) => selects(entry, workload)).flatMap((entry) => targetsOf(entry, workload));
}
