import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import type { DataPlane, Enrolment } from './policies.js';
import { known } from './decision.js';
import type { Known, Step } from './decision.js';
import { proxyOfPod } from './proxy-container.js';
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

let latest: { readonly text: string; readonly revision: string | undefined } | undefined;

/** The revision in the text that injection leaves; pods that follow each other mostly have the same. */
function statusRevision(text: string): string | undefined {
  if (latest?.text !== text) {
    const status = parseStatus(text);
    latest = { text, revision: isObject(status) ? stringAt(status, 'revision') : undefined };
  }
  return latest.revision;
}

/** Revision that injected a pod, as its annotations `sidecar.istio.io/status` and `istio.io/rev` or its label say. */
export function injectedRevision(
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const text = annotations[statusKey];
  const written = text === undefined ? undefined : statusRevision(text);
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
  readonly pod: Resource;
  readonly dataPlane: DataPlane;
  readonly isProxied: boolean;
  readonly at: FieldRef;
}

const mapOf = (pod: Resource, name: 'labels' | 'annotations'): StringMap =>
  stringMap(objectAt(pod.object, 'metadata', name));

/** There are several pods to a workload: of each no more is read than what it runs as. */
function readPod(pod: Resource): LivePod {
  const proxy = proxyOfPod(objectAt(pod.object, 'spec') ?? {});
  if (proxy !== undefined) {
    const at = { resource: pod, path: proxy.path };
    return { pod, dataPlane: dataPlaneOfRole[proxy.role], isProxied: true, at };
  }
  const redirected = mapOf(pod, 'annotations')[redirectionKey] === 'enabled';
  const path = redirected ? ['metadata', 'annotations', redirectionKey] : ['spec', 'containers'];
  const dataPlane = redirected ? 'ambient' : 'none';
  return { pod, dataPlane, isProxied: false, at: { resource: pod, path } };
}

const revisionOf = ({ pod, isProxied }: LivePod): string | undefined =>
  isProxied ? injectedRevision(mapOf(pod, 'annotations'), mapOf(pod, 'labels')) : undefined;

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
  const pods = own.filter((pod) => objectAt(pod.object, 'spec') !== undefined && isRunning(pod)).map(readPod);
  const weakest = pods.find(({ dataPlane }) => dataPlane === 'none') ?? pods[0];
  if (weakest === undefined) return undefined;
  const alike = pods.filter(({ dataPlane }) => dataPlane === weakest.dataPlane);
  const others: readonly Step[] = pods
    .filter(({ dataPlane }) => dataPlane !== weakest.dataPlane)
    .map(({ at, dataPlane }) => ({ at, note: `this pod is ${dataPlane}` }));
  const { dataPlane, at } = weakest;
  return known(
    { dataPlane, revision: revisionOf(weakest), reason: reasonOf(dataPlane, alike.length, pods.length) },
    at,
    others,
  );
}
