import type { Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import { readPodTemplate } from '#mesh/pod-template.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { podProxyConfig } from '#policy/interception.js';
import type { Enrolment } from '#policy/policies.js';
import { writtenProxy } from '#policy/proxy-container.js';

/** Something that connections to a service end at, before any of its ports is chosen. */
export interface Instance {
  readonly workload: Workload | undefined;
  /** Undefined for pods: their addresses are no matter of manifests. */
  readonly address: string | undefined;
  readonly namespace: string;
  readonly labels: StringMap;
  /** Value of security.istio.io/tlsMode; undefined when the input does not show it. */
  readonly tlsMode: string | undefined;
  /** Whether it accepts HBONE; undefined when the input does not show it. */
  readonly tunnel: boolean | undefined;
  /** SPIFFE identity; empty when it has none. */
  readonly account: string;
  readonly missing: readonly MissingEvidence[];
}

/** One port of an instance that a port of the service leads to. */
export interface ServiceEndpoint extends Instance {
  readonly port: number;
  /** Port of the service by name, as addresses that are pushed are matched. */
  readonly servicePort: string;
  /** Port of the service by number, as addresses written into a cluster are matched; undefined: by name. */
  readonly servicePortNumber: number | undefined;
}

const tlsModeLabel = 'security.istio.io/tlsMode';
const tunnelLabel = 'networking.istio.io/tunnel';
const redirectionKey = 'ambient.istio.io/redirection';

/** What instances are read with. */
export interface InstanceContext {
  readonly mesh: Mesh;
  readonly enrolment: (workload: Workload) => Decision<Enrolment>;
  /** Whether the control plane knows ambient mode. */
  readonly ambient: boolean;
}

function own(map: StringMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The label lists what is supported (SupportsTunnel in pilot/pkg/model/service.go). */
function labelledForTunnel(labels: StringMap): boolean {
  return (own(labels, tunnelLabel) ?? '').split(',').includes('http');
}

/** A setting of the proxy's environment: the pod's own ProxyConfig, else the mesh's. */
export function proxyMetadata(mesh: Mesh, workload: Workload, name: string): string | undefined {
  const ofPod = stringAt(podProxyConfig(mesh, workload), 'proxyMetadata', name);
  return ofPod ?? stringAt(mesh.settings.config, 'defaultConfig', 'proxyMetadata', name);
}

/** Labels that running pods show, of the one that serves mutual TLS least; undefined when the input has no pods. */
function runningLabels({ pods, kind }: Workload): StringMap | undefined {
  if (kind === 'Pod') return undefined;
  const labels = pods.map((pod: Resource) => readPodTemplate(pod, []).labels);
  return labels.find((each) => own(each, tlsModeLabel) !== 'istio') ?? labels[0];
}

interface PodLabels {
  readonly labels: StringMap;
  readonly missing: readonly MissingEvidence[];
}

/** Labels that the sidecar's template adds (files/injection-template.yaml in the istiod chart). */
function injectedLabels(context: InstanceContext, workload: Workload): StringMap {
  const { mesh } = context;
  const tunnel = proxyMetadata(mesh, workload, 'ISTIO_META_ENABLE_HBONE') === 'true';
  return { [tlsModeLabel]: 'istio', ...(tunnel && { [tunnelLabel]: 'http' }) };
}

/** The labels that a workload's pods have when they run. */
export function podLabels(context: InstanceContext, workload: Workload): PodLabels {
  const { labels } = workload;
  const running = runningLabels(workload);
  if (running !== undefined) return { labels: running, missing: [] };
  const enrolled = context.enrolment(workload);
  if (!enrolled.known) return { labels, missing: enrolled.missing };
  const injected = enrolled.value.dataPlane === 'sidecar' && writtenProxy(workload.containers) === undefined;
  return { labels: injected ? { ...injectedLabels(context, workload), ...labels } : labels, missing: [] };
}

/** True when ztunnel or a tunnel of its own takes traffic for the workload (setTunnelProtocol in pilot/pkg/serviceregistry/ambient/workloads.go). */
function acceptsTunnel(context: InstanceContext, workload: Workload, labels: StringMap): boolean | undefined {
  if (labelledForTunnel(labels)) return true;
  if (own(labels, 'gateway.istio.io/managed') === 'istio.io-mesh-controller') return true;
  if (!context.ambient) return false;
  const enrolled = context.enrolment(workload);
  return enrolled.known ? enrolled.value.dataPlane === 'ambient' : undefined;
}

/** A pod behind a workload (NewEndpointBuilder in pilot/pkg/serviceregistry/kube/controller/endpoint_builder.go). */
export function podInstance(context: InstanceContext, workload: Workload): Instance {
  const { labels, missing } = podLabels(context, workload);
  const known = missing.length === 0;
  const tlsMode = own(labels, tlsModeLabel);
  return {
    workload,
    address: undefined,
    namespace: workload.namespace,
    labels,
    tlsMode: tlsMode ?? (known ? 'disabled' : undefined),
    tunnel: acceptsTunnel(context, workload, labels),
    account: `spiffe://${workload.principal}`,
    missing: tlsMode === undefined ? missing : [],
  };
}

/** What a WorkloadEntry, or an endpoint written into a ServiceEntry, says of itself. */
export interface WrittenEndpoint {
  readonly workload: Workload | undefined;
  readonly resource: Resource;
  readonly path: readonly (string | number)[];
  readonly namespace: string;
  readonly labels: StringMap;
}

/**
 * An address outside Kubernetes: mutual TLS by its label, else when it names a service account
 * (getTLSModeFromWorkloadEntry in pilot/pkg/serviceregistry/serviceentry/conversion.go).
 */
export function writtenInstance(context: InstanceContext, written: WrittenEndpoint): Instance {
  const { resource, path, namespace, labels, workload } = written;
  const account = stringAt(resource.object, ...path, 'serviceAccount') ?? '';
  const annotations = stringMap(objectAt(resource.object, 'metadata', 'annotations'));
  const objectLabels = stringMap(objectAt(resource.object, 'metadata', 'labels'));
  const redirected = own(annotations, redirectionKey) === 'enabled' || labelledForTunnel(objectLabels);
  return {
    workload,
    address: stringAt(resource.object, ...path, 'address') ?? '',
    namespace,
    labels,
    tlsMode: own(labels, tlsModeLabel) ?? (account === '' ? 'disabled' : 'istio'),
    tunnel: labelledForTunnel(labels) || (context.ambient && redirected),
    account:
      account === '' ? '' : `spiffe://${context.mesh.settings.trustDomain}/ns/${namespace}/sa/${account}`,
    missing: [],
  };
}

/** True for an address that a cluster can only take by name: a host name or a socket. */
export function isNamed(address: string): boolean {
  return address !== '' && !/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/.test(address);
}
