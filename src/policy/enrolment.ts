import type { FieldRef } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { contestedEvidence } from './contested.js';
import { known, unknown } from './decision.js';
import type { Decision, Known } from './decision.js';
import { redirectionOf, usesAmbient } from './enrolment-ambient.js';
import { injectionOf } from './enrolment-injection.js';
import type { Injection } from './enrolment-injection.js';
import { dataPlaneOfRole, injectedRevision, liveEnrolment } from './enrolment-live.js';
import { injectedTemplates } from './injector.js';
import type { DataPlane, Enrolment } from './policies.js';
import { isProxyContainer, writtenProxy } from './proxy-container.js';
import { meshOfRevision } from './revision-mesh.js';

/** What each shipped template makes of a pod (manifests/charts/istio-control/istio-discovery/files). */
const templatePlanes: ReadonlyMap<string, DataPlane> = new Map([
  ['sidecar', 'sidecar'],
  ['gateway', 'gateway'],
  ['kube-gateway', 'gateway'],
  ['grpc-agent', 'proxyless'],
  ['grpc-simple', 'proxyless'],
  ['waypoint', 'waypoint'],
]);

function podField(workload: Workload, ...path: readonly string[]): FieldRef {
  return { resource: workload.resource, path: [...workload.podPath, 'metadata', ...path] };
}

/** A virtual machine: it runs a proxy if someone installed one, which a WorkloadGroup exists for. */
function machineEnrolment(workload: Workload): Decision<Enrolment> {
  const at = { resource: workload.resource, path: [] };
  const groupKey = 'istio.io/autoRegistrationGroup';
  const enrolled = (reason: string, by: FieldRef): Known<Enrolment> =>
    known({ dataPlane: 'sidecar', revision: undefined, reason }, by);
  if (workload.kind === 'WorkloadGroup') return enrolled('machines of a WorkloadGroup run the proxy', at);
  if (Object.hasOwn(workload.annotations, groupKey))
    return enrolled('registered by its own proxy', { ...at, path: ['metadata', 'annotations', groupKey] });
  return unknown([
    { key: 'proxy-on-machine', text: `whether the machine of ${workload.id} runs Istio's proxy` },
  ]);
}

function writtenEnrolment(workload: Workload): Known<Enrolment> | undefined {
  const proxy = writtenProxy(workload.containers);
  if (proxy === undefined) return undefined;
  const dataPlane = dataPlaneOfRole[proxy.role];
  const revision = injectedRevision(workload.annotations, workload.labels);
  const at = { resource: workload.resource, path: proxy.container.path };
  return known({ dataPlane, revision, reason: `container ${proxy.container.name} runs the proxy` }, at);
}

/** A pod that cannot run unless injected: its proxy container has the placeholder image. */
function placeholderGateway(mesh: Mesh, workload: Workload): Known<Enrolment> | undefined {
  const container = workload.containers.find((it) => isProxyContainer(it) && it.image === 'auto');
  if (container === undefined || !injectedTemplates(mesh, workload).includes('gateway')) return undefined;
  const at = podField(workload, 'annotations', 'inject.istio.io/templates');
  const revision = workload.labels['istio.io/rev'];
  return known({ dataPlane: 'gateway', revision, reason: 'injection template gateway' }, at);
}

function injectedEnrolment(mesh: Mesh, workload: Workload, injection: Known<Injection>): Decision<Enrolment> {
  const { revision, reason } = injection.value;
  const own = revision === undefined ? mesh : meshOfRevision(mesh, revision);
  const templates = injectedTemplates(own, workload);
  const planes = templates.map((name) => templatePlanes.get(name)).filter((plane) => plane !== undefined);
  const dataPlane = planes.includes('sidecar') ? 'sidecar' : planes[0];
  if (dataPlane === undefined) {
    const text = `what the injection template ${templates.join(', ')} adds to the pod`;
    return unknown([{ key: 'injection-template', text }], injection.considered);
  }
  const proxyless =
    workload.annotations['inject.istio.io/templates'] !== undefined && dataPlane !== 'sidecar';
  const why = proxyless ? `${reason}, template ${templates.join(', ')}` : reason;
  return known({ dataPlane, revision, reason: why }, injection.decidedBy, injection.considered);
}

function withoutSidecar(mesh: Mesh, workload: Workload, injection: Known<Injection>): Decision<Enrolment> {
  const outside: Known<Enrolment> = known(
    { dataPlane: 'none', revision: undefined, reason: injection.value.reason },
    injection.decidedBy,
    injection.considered,
  );
  const redirection = redirectionOf(mesh, workload);
  if (redirection.known && redirection.value.redirected) {
    const { reason } = redirection.value;
    return known(
      { dataPlane: 'ambient', revision: undefined, reason },
      redirection.decidedBy,
      injection.considered,
    );
  }
  // Whoever opts out of sidecars where nothing speaks of ambient means to be outside.
  return redirection.known || !usesAmbient(mesh) ? outside : redirection;
}

/** The pod's own label for ambient mode, for want of the namespace's: a sidecar would have to be asked for there. */
function labelledForAmbient(mesh: Mesh, workload: Workload): Known<Enrolment> | undefined {
  const redirection = redirectionOf(mesh, workload);
  if (!redirection.known || !redirection.value.redirected) return undefined;
  const at = podField(workload, 'labels', 'istio.io/dataplane-mode');
  const note = `holds unless namespace ${workload.namespace} asks for sidecars`;
  const { reason } = redirection.value;
  return known({ dataPlane: 'ambient', revision: undefined, reason }, redirection.decidedBy, [{ at, note }]);
}

/**
 * How the traffic of a workload's pods is handled. In this order: running pods show it, a proxy written into the
 * template shows it, the injection webhooks and the injector decide, ambient redirection decides; else it is outside
 * the mesh. Where the input holds no webhook, the control planes that the labels ask for are taken to exist.
 */
export function enrolmentOf(mesh: Mesh, workload: Workload): Decision<Enrolment> {
  if (workload.kind === 'WorkloadEntry' || workload.kind === 'WorkloadGroup')
    return machineEnrolment(workload);
  const shown = liveEnrolment(workload) ?? writtenEnrolment(workload);
  if (shown !== undefined) return shown;
  if (workload.resource.patched !== undefined) return unknown([contestedEvidence(mesh, workload.resource)]);
  const injection = injectionOf(mesh, workload);
  if (!injection.known)
    return placeholderGateway(mesh, workload) ?? labelledForAmbient(mesh, workload) ?? injection;
  return injection.value.injected
    ? injectedEnrolment(mesh, workload, injection)
    : withoutSidecar(mesh, workload, injection);
}
