import type { Mesh, Workload } from '#mesh/mesh.js';
import { stringAt } from '#documents/json.js';
import { known, unknown } from './decision.js';
import type { Decision } from './decision.js';
import { istiodFlag } from './istiod-flag.js';
import { namespaceLabels } from './namespace-labels.js';

/** Whether ztunnel takes a pod's traffic, and why. */
export interface Redirection {
  readonly redirected: boolean;
  readonly reason: string;
}

const modeKey = 'istio.io/dataplane-mode';

/** Left out by istio-cni unless told otherwise (excludeNamespaces in manifests/charts/istio-cni/values.yaml). */
const excludedNamespaces: ReadonlySet<string> = new Set(['kube-system']);

const no = (reason: string): Redirection => ({ redirected: false, reason });

const usesAmbientMemo = new WeakMap<Mesh, boolean>();

/** True when anything in the input is made for ambient mode: its labels, its install, a ztunnel. */
export function usesAmbient(mesh: Mesh): boolean {
  const kept = usesAmbientMemo.get(mesh);
  if (kept !== undefined) return kept;
  const found =
    istiodFlag(mesh, 'PILOT_ENABLE_AMBIENT', false) ||
    [...mesh.namespaces.values()].some(({ labels }) => labels[modeKey] === 'ambient') ||
    mesh.workloads.some(({ labels }) => labels[modeKey] === 'ambient' || labels['app'] === 'ztunnel') ||
    mesh.ofKind('sailoperator.io', 'ZTunnel').length > 0 ||
    mesh
      .ofKind('gateway.networking.k8s.io', 'Gateway')
      .some(({ object }) => stringAt(object, 'spec', 'gatewayClassName') === 'istio-waypoint');
  usesAmbientMemo.set(mesh, found);
  return found;
}

/**
 * Whether istio-cni redirects the pods of a workload to ztunnel under its default selectors: the pod's label
 * `istio.io/dataplane-mode`, else the namespace's, never on the host network nor beside a sidecar
 * (cni/pkg/util/enablement_selector.go, manifests/charts/istio-cni/values.yaml).
 */
export function redirectionOf(mesh: Mesh, workload: Workload): Decision<Redirection> {
  const { labels, podPath, resource } = workload;
  if (workload.hostNetwork)
    return known(no('hostNetwork'), { resource, path: [...podPath, 'spec', 'hostNetwork'] });
  if (excludedNamespaces.has(workload.namespace))
    return known(no(`istio-cni leaves namespace ${workload.namespace} out`), 'default');
  const own = Object.hasOwn(labels, modeKey) ? labels[modeKey] : undefined;
  const at = { resource, path: [...podPath, 'metadata', 'labels', modeKey] };
  if (own === 'ambient') return known({ redirected: true, reason: `pod label ${modeKey}=ambient` }, at);
  if (own === 'none') return known(no(`pod label ${modeKey}=none`), at);
  const namespace = namespaceLabels(mesh, workload.namespace);
  if (!namespace.known) return unknown([namespace.missing]);
  const redirected = namespace.labels[modeKey] === 'ambient';
  const field = namespace.fieldOf(modeKey) ?? 'default';
  return redirected
    ? known({ redirected, reason: `namespace label ${modeKey}=ambient` }, field)
    : known(no('not labelled for ambient'), field);
}
