import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision } from './decision.js';
import { isAtLeast, istioVersionOf } from './istio-version.js';
import { istiodFlag } from './istiod-flag.js';
import { isEmptySelector, matchesLabelSelector } from './label-selector.js';
import { namespaceLabels } from './namespace-labels.js';

/** Whether ztunnel takes a pod's traffic, and why. */
export interface Redirection {
  readonly redirected: boolean;
  readonly reason: string;
}

const modeKey = 'istio.io/dataplane-mode';

/** Left out by istio-cni unless told otherwise (excludeNamespaces in manifests/charts/istio-cni/values.yaml). */
const excludedByDefault: readonly string[] = ['kube-system'];

const no = (reason: string): Redirection => ({ redirected: false, reason });

const usesAmbientMemo = new WeakMap<Mesh, boolean>();

/** True when anything in the input is made for ambient mode: its labels, its install, a ztunnel. */
export function usesAmbient(mesh: Mesh): boolean {
  return getOrMake(usesAmbientMemo, mesh, () => showsAmbient(mesh));
}

function showsAmbient(mesh: Mesh): boolean {
  return (
    istiodFlag(mesh, 'PILOT_ENABLE_AMBIENT', false) ||
    [...mesh.namespaces.values()].some(({ labels }) => labels[modeKey] === 'ambient') ||
    mesh.workloads.some(({ labels }) => labels[modeKey] === 'ambient' || labels['app'] === 'ztunnel') ||
    mesh.ofKind('sailoperator.io', 'ZTunnel').length > 0 ||
    mesh
      .ofKind('gateway.networking.k8s.io', 'Gateway')
      .some(({ object }) => stringAt(object, 'spec', 'gatewayClassName') === 'istio-waypoint')
  );
}

/** By the chart's own selectors: the pod's label, else the namespace's. */
function byDefaultSelectors(
  mesh: Mesh,
  { labels, podPath, resource, namespace }: Workload,
): Decision<Redirection> {
  const own = Object.hasOwn(labels, modeKey) ? labels[modeKey] : undefined;
  const at = { resource, path: [...podPath, 'metadata', 'labels', modeKey] };
  if (own === 'ambient') return known({ redirected: true, reason: `pod label ${modeKey}=ambient` }, at);
  if (own === 'none') return known(no(`pod label ${modeKey}=none`), at);
  const around = namespaceLabels(mesh, namespace);
  if (!around.known) return unknown([around.missing]);
  const redirected = around.labels[modeKey] === 'ambient';
  const field = around.fieldOf(modeKey) ?? 'default';
  return redirected
    ? known({ redirected, reason: `namespace label ${modeKey}=ambient` }, field)
    : known(no('not labelled for ambient'), field);
}

/** One of istio-cni's enablement selectors; undefined: the namespace's labels decide and are not known. */
function selectorMatches(
  selector: JsonValue,
  pod: StringMap,
  namespace: StringMap | undefined,
): boolean | undefined {
  const part = (name: string): JsonObject => objectAt(selector, name) ?? {};
  if (matchesLabelSelector(part('podSelector'), pod) !== true) return false;
  if (isEmptySelector(part('namespaceSelector'))) return true;
  return namespace && matchesLabelSelector(part('namespaceSelector'), namespace) === true;
}

/** By selectors that the installation of istio-cni has in place of the chart's (cni/pkg/util/enablement_selector.go). */
function bySelectors(mesh: Mesh, workload: Workload, selectors: readonly JsonValue[]): Decision<Redirection> {
  const around = namespaceLabels(mesh, workload.namespace);
  const namespace = around.known ? around.labels : undefined;
  const answers = selectors.map((selector) => selectorMatches(selector, workload.labels, namespace));
  const at: Cause = mesh.cni === undefined ? 'default' : { resource: mesh.cni.resource, path: [] };
  if (answers.includes(true))
    return known({ redirected: true, reason: 'enablement selector of istio-cni' }, at);
  if (answers.includes(undefined) && !around.known) return unknown([around.missing]);
  return known(no('no enablement selector of istio-cni matches'), at);
}

/**
 * A namespace that istio-cni leaves out. Before 1.30 only its plugin did so, and the node agent could take the pods in
 * later (excludeNamespaces in cni/pkg/nodeagent/informers.go).
 */
function leftOut(mesh: Mesh, { namespace }: Workload): Decision<Redirection> | undefined {
  const excluded = mesh.cni?.excludeNamespaces ?? excludedByDefault;
  if (!excluded.includes(namespace)) return undefined;
  if (!isAtLeast(istioVersionOf(mesh, undefined), 30)) {
    const text = `whether istio-cni before 1.30 redirects pods of namespace ${namespace}, which it excludes`;
    return unknown([{ key: 'cni-exclusion', text }]);
  }
  const reason = `istio-cni leaves namespace ${namespace} out`;
  return known(no(reason), mesh.cni === undefined ? 'default' : { resource: mesh.cni.resource, path: [] });
}

/**
 * Whether istio-cni redirects the pods of a workload to ztunnel: by its enablement selectors, whose defaults read the
 * pod's label `istio.io/dataplane-mode`, else the namespace's; never on the host network, beside a sidecar or in a
 * namespace that it leaves out (cni/pkg/util/enablement_selector.go, manifests/charts/istio-cni/values.yaml).
 */
export function redirectionOf(mesh: Mesh, workload: Workload): Decision<Redirection> {
  const { podPath, resource } = workload;
  if (workload.hostNetwork)
    return known(no('hostNetwork'), { resource, path: [...podPath, 'spec', 'hostNetwork'] });
  const selectors = mesh.cni?.enablementSelectors;
  const selected =
    selectors === undefined ? byDefaultSelectors(mesh, workload) : bySelectors(mesh, workload, selectors);
  if (selected.known && !selected.value.redirected) return selected;
  return leftOut(mesh, workload) ?? selected;
}
