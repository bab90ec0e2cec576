import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { MissingEvidence } from '#policy/decision.js';
import { matchesLabelSelector } from '#policy/label-selector.js';
import { namespaceLabels } from '#policy/namespace-labels.js';

/** The namespaces that may use a waypoint, as the listener says that tunnels end at. */
export interface AllowedRoutes {
  /** `Same` unless the listener says `All` or `Selector`. */
  readonly from: string;
  readonly selector: JsonObject | undefined;
  readonly at: FieldRef;
}

const bindingAnnotation = 'ambient.istio.io/waypoint-inbound-binding';

interface Listener {
  readonly object: JsonObject;
  readonly path: FieldPath;
}

type Wanted = (listener: JsonObject) => boolean;

/** The listener that `protocol[/port]` names: by port where there is one (makeInboundBinding, findBoundListener). */
function boundListener(written: string | undefined): Wanted | undefined {
  const [protocol, port, ...rest] = (written ?? '').split('/');
  if (rest.length > 0 || (protocol !== 'PROXY' && protocol !== 'NONE')) return undefined;
  const number = port !== undefined && /^\d+$/.test(port) ? Number(port) : 0;
  if (number !== 0) return (listener) => valueAt(listener, ['port']) === number;
  return protocol === 'PROXY' ? (listener) => stringAt(listener, 'protocol') === 'istio.io/PROXY' : undefined;
}

const isTunnel: Wanted = (listener) =>
  stringAt(listener, 'protocol') === 'HBONE' && valueAt(listener, ['port']) === 15_008;

function bindingOf(resource: Resource | undefined): string | undefined {
  const annotations = stringMap(objectAt(resource?.object, 'metadata', 'annotations'));
  return Object.hasOwn(annotations, bindingAnnotation) ? annotations[bindingAnnotation] : undefined;
}

/** Namespaces that a Gateway takes as users (makeAllowedRoutes in pilot/pkg/serviceregistry/ambient/waypoints.go). */
export function allowedRoutesOf(gateway: Resource, gatewayClass: Resource | undefined): AllowedRoutes {
  const listeners = listAt(gateway.object, 'spec', 'listeners').flatMap(
    (object, index): readonly Listener[] =>
      isObject(object) ? [{ object, path: ['spec', 'listeners', index] }] : [],
  );
  const wanted = boundListener(bindingOf(gateway) ?? bindingOf(gatewayClass));
  const found =
    listeners.find(({ object }) => wanted?.(object) === true) ??
    listeners.find(({ object }) => isTunnel(object));
  if (found === undefined)
    return { from: 'Same', selector: undefined, at: { resource: gateway, path: ['spec', 'listeners'] } };
  const namespaces = objectAt(found.object, 'allowedRoutes', 'namespaces');
  const written = namespaces === undefined ? [] : ['allowedRoutes', 'namespaces'];
  return {
    from: stringAt(namespaces, 'from') ?? 'Same',
    selector: objectAt(namespaces, 'selector'),
    at: { resource: gateway, path: [...found.path, ...written] },
  };
}

/** Whether a namespace may use a waypoint, or what the input lacks to say so. */
export type Admittance = boolean | MissingEvidence;

/**
 * Whether the Gateway of a namespace takes users of another one. A selector asks the labels of the user's namespace, even
 * where it is the Gateway's own; without a selector it takes none (AllowsAttachmentFromNamespace in waypoints.go).
 */
export function admits(
  mesh: Mesh,
  { from, selector }: AllowedRoutes,
  { own, user }: { readonly own: string; readonly user: string },
): Admittance {
  if (from === 'All') return true;
  if (from !== 'Selector') return own === user;
  if (selector === undefined) return false;
  const labels = namespaceLabels(mesh, user);
  if (!labels.known) return labels.missing;
  const unreadable = { key: 'label-selector', text: 'what istiod makes of a selector that is not valid' };
  return matchesLabelSelector(selector, labels.labels) ?? unreadable;
}
