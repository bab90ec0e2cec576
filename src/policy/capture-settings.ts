import type { FieldRef } from '#documents/document.js';
import { stringAt, valueAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { annotationField } from './interception.js';

/** A setting of traffic capture and the field that makes it. */
export interface CaptureSetting {
  readonly text: string;
  readonly at: FieldRef;
}

const prefix = 'traffic.sidecar.istio.io/';

/** The chart value that stands in for each annotation (files/injection-template.yaml of the istiod chart). */
const chartValues: ReadonlyMap<string, string> = new Map([
  ['includeInboundPorts', 'includeInboundPorts'],
  ['excludeInboundPorts', 'excludeInboundPorts'],
  ['includeOutboundIPRanges', 'includeIPRanges'],
  ['excludeOutboundIPRanges', 'excludeIPRanges'],
  ['excludeOutboundPorts', 'excludeOutboundPorts'],
]);

const isPortList = (text: string): boolean =>
  text.trim() === '' || text.split(',').every((item) => /^\s*\d+\s*$/.test(item) && Number(item) <= 65_535);

const isRangeList = (text: string): boolean =>
  text === '' ||
  text.split(',').every((item) => /^[\d.]+\/\d+$/.test(item) || /^[\da-f:.]+\/\d+$/i.test(item));

/** What an annotation may hold: injection refuses a pod with another value (pkg/kube/inject/validate.go). */
const isValid: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['includeInboundPorts', (text: string) => text === '*' || isPortList(text)],
  ['excludeInboundPorts', isPortList],
  ['includeOutboundIPRanges', (text: string) => text === '*' || isRangeList(text)],
  ['excludeOutboundIPRanges', isRangeList],
  ['excludeOutboundPorts', isPortList],
]);

const valuesPath = ['data', 'values'] as const;

/** The injector's ConfigMap keeps the chart values beside its templates; elsewhere they are where the injector is. */
const chartValuesIn = (source: FieldRef): FieldRef =>
  valueAt(source.resource.object, valuesPath) === undefined
    ? source
    : { resource: source.resource, path: valuesPath };

/**
 * What a pod annotation `traffic.sidecar.istio.io/<name>` says, even empty; without it, what the chart value of the
 * injector says; undefined when neither is in the input, and for an annotation with which no pod comes into being.
 */
export function captureSetting(mesh: Mesh, workload: Workload, name: string): CaptureSetting | undefined {
  const key = prefix + name;
  const text = Object.hasOwn(workload.annotations, key) ? workload.annotations[key] : undefined;
  if (text !== undefined)
    return isValid.get(name)?.(text) === false ? undefined : { text, at: annotationField(workload, key) };
  const { injector, injectorSource } = mesh.settings;
  const value = chartValues.get(name);
  const ofChart = value === undefined ? undefined : stringAt(injector, 'values', 'global', 'proxy', value);
  return ofChart === undefined || injectorSource === undefined
    ? undefined
    : { text: ofChart, at: chartValuesIn(injectorSource) };
}

/** True when neither the pod's annotations nor the chart's values say anything of capture, as it mostly is. */
export function saysNothing({ settings }: Mesh, { annotations }: Workload): boolean {
  for (const key of Object.keys(annotations)) if (key.startsWith(prefix)) return false;
  return settings.injectorSource === undefined;
}

/** The members of a comma-separated list. */
export function listItems(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Ports of the proxy itself, which are never redirected to it (istio-iptables run.go, files/injection-template.yaml). */
const proxyPorts: ReadonlySet<number> = new Set([15008, 15020, 15021, 15090]);

/** The ports in a comma-separated list, those of the proxy left out. */
export function listPorts(text: string | undefined): readonly number[] {
  return listItems(text)
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && !proxyPorts.has(port));
}
