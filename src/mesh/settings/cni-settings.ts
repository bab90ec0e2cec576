import type { Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { CniSettings } from '#mesh/mesh.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import type { ParseYaml } from './control-plane.js';

function listed(
  values: JsonObject | undefined,
  ...path: readonly string[]
): readonly JsonValue[] | undefined {
  const list = listAt(values, ...path);
  return list.length > 0 ? list : undefined;
}

/** Chart values of istio-cni, as written beside others (`cni`) or alone. */
function ofValues(resource: Resource, values: JsonObject | undefined): CniSettings | undefined {
  const own = objectAt(values, 'cni') ?? values;
  const excluded = listed(own, 'excludeNamespaces') && stringsAt(own, 'excludeNamespaces');
  const enablementSelectors = listed(own, 'ambient', 'enablementSelectors');
  if (excluded === undefined && enablementSelectors === undefined) return undefined;
  return { resource, excludeNamespaces: excluded, enablementSelectors };
}

/** The ConfigMap that the chart writes (manifests/charts/istio-cni/templates/configmap-cni.yaml). */
function ofConfigMap(resource: Resource, parseYaml: ParseYaml): CniSettings | undefined {
  const excluded = stringAt(resource.object, 'data', 'EXCLUDE_NAMESPACES');
  const selectors = stringAt(resource.object, 'data', 'AMBIENT_ENABLEMENT_SELECTOR');
  if (excluded === undefined && selectors === undefined) return undefined;
  const parsed = selectors === undefined ? undefined : parseYaml(selectors);
  const names = excluded?.split(',').map((name) => name.trim());
  return {
    resource,
    excludeNamespaces: names?.filter((name) => name !== ''),
    enablementSelectors: Array.isArray(parsed) ? parsed : undefined,
  };
}

function ofChart(resource: Resource): CniSettings | undefined {
  const { object, kind } = resource;
  if (kind === 'HelmRelease')
    return stringAt(object, 'spec', 'chart', 'spec', 'chart') === 'cni'
      ? ofValues(resource, objectAt(object, 'spec', 'values'))
      : undefined;
  return stringAt(object, 'spec', 'source', 'chart') === 'cni'
    ? ofValues(resource, objectAt(object, 'spec', 'source', 'helm', 'valuesObject'))
    : undefined;
}

/**
 * Reads what decides which pods istio-cni redirects to ztunnel: its ConfigMap first, else the values of what installs
 * it (IstioCNI, IstioOperator, Helm releases). Undefined when nothing in the input says.
 */
export function readCniSettings(index: ResourceIndex, parseYaml: ParseYaml): CniSettings | undefined {
  const valuesOf = (resource: Resource): CniSettings | undefined => {
    const values = objectAt(resource.object, 'spec', 'values');
    return values !== undefined && Object.hasOwn(values, 'cni') ? ofValues(resource, values) : undefined;
  };
  const maps = index.ofKind('', 'ConfigMap').filter(({ name }) => /^istio-cni(-.*)?-config$/.test(name));
  const found = [
    ...maps.map((map) => ofConfigMap(map, parseYaml)),
    ...index.ofKind('sailoperator.io', 'IstioCNI').map(valuesOf),
    ...index.ofKind('install.istio.io', 'IstioOperator').map(valuesOf),
    ...index.ofKind('helm.toolkit.fluxcd.io', 'HelmRelease').map(ofChart),
    ...index.ofKind('argoproj.io', 'Application').map(ofChart),
  ];
  return found.find((settings) => settings !== undefined);
}
