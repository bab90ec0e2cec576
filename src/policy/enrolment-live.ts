import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';
import { readPodTemplate } from '#mesh/pod-template.js';
import type { DataPlane, Enrolment } from './policies.js';
import { known } from './decision.js';
import type { Known, Step } from './decision.js';
import { writtenProxy } from './proxy-container.js';
import type { ProxyRole } from './proxy-container.js';

/** The data plane that a written-out proxy makes of its pod. */
export const dataPlaneOfRole: Readonly<Record<ProxyRole, DataPlane>> = {
  sidecar: 'sidecar',
  router: 'gateway',
  waypoint: 'waypoint',
  ztunnel: 'ztunnel',
  proxyless: 'proxyless',
};

const statusKey = 'sidecar.istio.io/status';
const redirectionKey = 'ambient.istio.io/redirection';

function parseStatus(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Revision that injected a pod, as its annotations `sidecar.istio.io/status` and `istio.io/rev` or its label say. */
export function injectedRevision(
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const status = parseStatus(annotations[statusKey] ?? '');
  const written = isObject(status) ? stringAt(status, 'revision') : undefined;
  return written === undefined || written === ''
    ? (annotations['istio.io/rev'] ?? labels['istio.io/rev'])
    : written;
}

/** True for a pod that was read from a cluster and serves traffic: neither finished nor going away. */
function isRunning(pod: Resource): boolean {
  const phase = stringAt(pod.object, 'status', 'phase');
  const goes = valueAt(pod.object, ['metadata', 'deletionTimestamp']) !== undefined;
  return (pod.stored || phase !== undefined) && phase !== 'Succeeded' && phase !== 'Failed' && !goes;
}

interface LivePod {
  readonly dataPlane: DataPlane;
  readonly revision: string | undefined;
  readonly at: FieldRef;
}

function readPod(pod: Resource, workload: Workload): LivePod {
  const isTemplate = pod === workload.resource && workload.podPath.length === 0;
  const { containers, annotations, labels } = isTemplate ? workload : readPodTemplate(pod, []);
  const proxy = writtenProxy(containers);
  if (proxy !== undefined) {
    const at = { resource: pod, path: proxy.container.path };
    return { dataPlane: dataPlaneOfRole[proxy.role], revision: injectedRevision(annotations, labels), at };
  }
  const redirected = annotations[redirectionKey] === 'enabled';
  const path = redirected ? ['metadata', 'annotations', redirectionKey] : ['spec', 'containers'];
  const dataPlane = redirected ? 'ambient' : 'none';
  return { dataPlane, revision: undefined, at: { resource: pod, path } };
}

function reasonOf(dataPlane: DataPlane, of: number, all: number): string {
  const which = of === all ? 'the running pods' : `${String(of)} of ${String(all)} running pods`;
  if (dataPlane === 'none') return `${which} have no proxy and are not redirected`;
  return dataPlane === 'ambient' ? `${which} are redirected to ztunnel` : `${which} carry a proxy`;
}

/**
 * What the running pods of a workload show, which no label can contradict; undefined when the input has none. If some
 * pods have no proxy, that is the answer: traffic to them is unprotected.
 */
export function liveEnrolment(workload: Workload): Known<Enrolment> | undefined {
  const own = workload.kind === 'Pod' && workload.pods.length === 0 ? [workload.resource] : workload.pods;
  const pods = own
    .filter((pod) => objectAt(pod.object, 'spec') !== undefined && isRunning(pod))
    .map((pod) => readPod(pod, workload));
  const weakest = pods.find(({ dataPlane }) => dataPlane === 'none') ?? pods[0];
  if (weakest === undefined) return undefined;
  const alike = pods.filter(({ dataPlane }) => dataPlane === weakest.dataPlane);
  const others: readonly Step[] = pods
    .filter(({ dataPlane }) => dataPlane !== weakest.dataPlane)
    .map(({ at, dataPlane }) => ({ at, note: `this pod is ${dataPlane}` }));
  const { dataPlane, revision, at } = weakest;
  return known({ dataPlane, revision, reason: reasonOf(dataPlane, alike.length, pods.length) }, at, others);
}
