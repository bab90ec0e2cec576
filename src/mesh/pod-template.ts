import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Container, ContainerPort, WorkloadKind } from './mesh.js';
import { mergeMaps, stringMap } from './string-map.js';
import type { StringMap } from './string-map.js';

/** What a workload's object says of its pods. */
export interface PodTemplate {
  readonly podPath: FieldPath;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly podSpec: JsonObject;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly containers: readonly Container[];
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

function containerPort(port: JsonValue, path: FieldPath): ContainerPort | undefined {
  if (!isObject(port) || typeof port['containerPort'] !== 'number') return undefined;
  const protocol = stringAt(port, 'protocol') ?? 'TCP';
  return protocol === 'TCP'
    ? { number: port['containerPort'], name: stringAt(port, 'name'), path }
    : undefined;
}

function container(spec: JsonObject, list: Container['list'], path: FieldPath): Container {
  const ports: ContainerPort[] = [];
  for (const [index, written] of listAt(spec, 'ports').entries()) {
    const port = containerPort(written, [...path, 'ports', index]);
    if (port !== undefined) ports.push(port);
  }
  return {
    name: stringAt(spec, 'name') ?? '',
    image: stringAt(spec, 'image') ?? '',
    list,
    spec,
    path,
    ports,
  };
}

/** All containers of a pod spec; `specPath` is where that spec stands in the resource. */
function containersOf(podSpec: JsonObject, specPath: FieldPath): readonly Container[] {
  const containers: Container[] = [];
  for (const list of containerLists) {
    for (const [index, spec] of listAt(podSpec, list).entries())
      if (isObject(spec)) containers.push(container(spec, list, [...specPath, list, index]));
  }
  return containers;
}

/** Where each kind keeps its pod template. */
export function podPathOf(kind: WorkloadKind): FieldPath {
  switch (kind) {
    case 'Pod':
      return [];
    case 'CronJob':
      return ['spec', 'jobTemplate', 'spec', 'template'];
    case 'WorkloadEntry':
      return ['spec'];
    default:
      return ['spec', 'template'];
  }
}

/** Reads the pod template that stands at `podPath` in a resource (`[]`: the resource is a Pod). */
export function readPodTemplate(resource: Resource, podPath: FieldPath): PodTemplate {
  const template = objectAt(resource.object, ...podPath);
  const podSpec = objectAt(template, 'spec') ?? {};
  return {
    podPath,
    labels: stringMap(objectAt(template, 'metadata', 'labels')),
    annotations: stringMap(objectAt(template, 'metadata', 'annotations')),
    podSpec,
    serviceAccount: accountOf(podSpec),
    hostNetwork: podSpec['hostNetwork'] === true,
    containers: containersOf(podSpec, [...podPath, 'spec']),
  };
}

function accountOf(podSpec: JsonObject): string {
  const written = stringAt(podSpec, 'serviceAccountName') ?? stringAt(podSpec, 'serviceAccount');
  return written === undefined || written === '' ? 'default' : written;
}

function virtualMachine(
  podPath: FieldPath,
  entry: JsonObject,
  labels: StringMap,
  annotations: StringMap,
): PodTemplate {
  const written = stringAt(entry, 'serviceAccount');
  return {
    podPath,
    labels,
    annotations,
    podSpec: {},
    serviceAccount: written === undefined || written === '' ? 'default' : written,
    hostNetwork: false,
    containers: [],
  };
}

/**
 * Reads a WorkloadEntry: its labels are those of the spec and of the object, the object's winning
 * (ConvertWorkloadEntry in pilot/pkg/serviceregistry/serviceentry/conversion.go).
 */
export function readWorkloadEntry(resource: Resource): PodTemplate {
  const { object } = resource;
  const labels = mergeMaps(
    stringMap(objectAt(object, 'spec', 'labels')),
    stringMap(objectAt(object, 'metadata', 'labels')),
  );
  return virtualMachine(
    ['spec'],
    objectAt(object, 'spec') ?? {},
    labels,
    stringMap(objectAt(object, 'metadata', 'annotations')),
  );
}

/**
 * Reads a WorkloadGroup: entries made from it carry the labels of its template and of `spec.metadata`, the latter
 * winning (pilot/pkg/autoregistration/controller.go).
 */
export function readWorkloadGroup(resource: Resource): PodTemplate {
  const spec = objectAt(resource.object, 'spec');
  const labels = mergeMaps(
    stringMap(objectAt(spec, 'template', 'labels')),
    stringMap(objectAt(spec, 'metadata', 'labels')),
  );
  return virtualMachine(
    ['spec', 'template'],
    objectAt(spec, 'template') ?? {},
    labels,
    stringMap(objectAt(spec, 'metadata', 'annotations')),
  );
}
