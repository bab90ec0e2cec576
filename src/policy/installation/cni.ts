import type { Resource } from '#documents/document.js';
import { stringAt, valueAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { controlPlanes } from './control-planes.js';

/** Profiles and platforms that install the plugin by themselves (manifests/profiles). */
const withPlugin: ReadonlySet<string> = new Set(['ambient', 'openshift', 'openshift-ambient', 'gke']);

function asksForPlugin({ object }: Resource): boolean {
  return (
    valueAt(object, ['spec', 'components', 'cni', 'enabled']) === true ||
    withPlugin.has(stringAt(object, 'spec', 'profile') ?? '') ||
    withPlugin.has(stringAt(object, 'spec', 'values', 'global', 'platform') ?? '')
  );
}

/** Releases of the chart `cni`, whatever installs them. */
function hasRelease(mesh: Mesh): boolean {
  const charts = [
    ...mesh
      .ofKind('helm.toolkit.fluxcd.io', 'HelmRelease')
      .map(({ object }) => stringAt(object, 'spec', 'chart', 'spec', 'chart')),
    ...mesh
      .ofKind('argoproj.io', 'Application')
      .map(({ object }) => stringAt(object, 'spec', 'source', 'chart')),
  ];
  return charts.includes('cni') || mesh.ofKind('sailoperator.io', 'IstioCNI').length > 0;
}

/**
 * Whether redirection of sidecars is set up by Istio's CNI plugin: what the injector is told
 * (manifests/charts/istio-control/istio-discovery/files/injection-template.yaml); undefined where the input does not show it.
 */
export function usesCni(mesh: Mesh): boolean | undefined {
  const { injector } = mesh.settings;
  const values = valueAt(injector, ['values']);
  const written = valueAt(values, ['pilot', 'cni', 'enabled']) ?? valueAt(values, ['istio_cni', 'enabled']);
  if (written === true) return true;
  const runs = mesh.workloads.some(({ containers }) => containers.some(({ name }) => name === 'install-cni'));
  const installers = controlPlanes(mesh).map(({ resource }) => resource);
  if (mesh.cni !== undefined || runs || hasRelease(mesh) || installers.some(asksForPlugin)) return true;
  return injector === undefined ? undefined : false;
}
