import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, stringAt, stringsAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { systemNamespaces } from './injection-webhooks.js';
import { isEmptySelector, matchesLabelSelector } from './label-selector.js';

/** What istiod's injector makes of a pod that a webhook has shown it. */
export interface InjectorAnswer {
  readonly injects: boolean;
  readonly reason: string;
  /** Field of the workload that decided; undefined: the injector's own settings. */
  readonly path: FieldPath | undefined;
}

const injectKey = 'sidecar.istio.io/inject';

/** True when one of the injector's selectors matches; empty and unreadable ones never do. */
function matchesOne(mesh: Mesh, list: string, labels: StringMap): boolean {
  return listAt(mesh.settings.injector, list).some(
    (selector) =>
      isObject(selector) && !isEmptySelector(selector) && matchesLabelSelector(selector, labels) === true,
  );
}

function explicit(workload: Workload): InjectorAnswer | undefined {
  // Present in any form, even empty, the label hides the annotation.
  const byLabel = Object.hasOwn(workload.labels, injectKey);
  const value = byLabel ? workload.labels[injectKey] : workload.annotations[injectKey];
  if (value !== 'true' && value !== 'false') return undefined;
  const where = byLabel ? 'labels' : 'annotations';
  return {
    injects: value === 'true',
    reason: `pod ${byLabel ? 'label' : 'annotation'} ${injectKey}=${value}`,
    path: [...workload.podPath, 'metadata', where, injectKey],
  };
}

/** Reasons to leave a pod alone that hold whatever webhooks and labels say. */
export function neverInjected(workload: Workload): InjectorAnswer | undefined {
  if (workload.hostNetwork)
    return { injects: false, reason: 'hostNetwork', path: [...workload.podPath, 'spec', 'hostNetwork'] };
  if (systemNamespaces.has(workload.namespace))
    return { injects: false, reason: `system namespace ${workload.namespace}`, path: undefined };
  return undefined;
}

/**
 * Whether istiod injects a pod that reached it: never on the host network or in system namespaces; then the pod's
 * label, its annotation, neverInjectSelector, alwaysInjectSelector and the policy, in this order
 * (injectRequired in pkg/kube/inject/inject.go).
 */
export function injectorAnswer(mesh: Mesh, workload: Workload): InjectorAnswer {
  const decided = neverInjected(workload) ?? explicit(workload);
  const policy = stringAt(mesh.settings.injector, 'policy') ?? 'enabled';
  // A policy that the injector does not know switches everything off, explicit wishes included.
  if (policy !== 'enabled' && policy !== 'disabled')
    return { injects: false, reason: `injector policy ${policy}`, path: undefined };
  if (decided !== undefined) return decided;
  if (matchesOne(mesh, 'neverInjectSelector', workload.labels))
    return { injects: false, reason: 'neverInjectSelector of the injector', path: undefined };
  if (matchesOne(mesh, 'alwaysInjectSelector', workload.labels))
    return { injects: true, reason: 'alwaysInjectSelector of the injector', path: undefined };
  return { injects: policy === 'enabled', reason: `injector policy ${policy}`, path: undefined };
}

function resolveAliases(mesh: Mesh, name: string): readonly string[] {
  const aliased = stringsAt(mesh.settings.injector, 'aliases', name);
  return aliased.length === 0 ? [name] : aliased;
}

/**
 * Names of the templates that are injected: those of the annotation inject.istio.io/templates, else the injector's
 * default, aliases resolved (selectTemplates in pkg/kube/inject/inject.go).
 */
export function injectedTemplates(mesh: Mesh, workload: Workload): readonly string[] {
  const annotation = workload.annotations['inject.istio.io/templates'];
  const defaults = stringsAt(mesh.settings.injector, 'defaultTemplates');
  const names =
    annotation === undefined
      ? defaults.length === 0
        ? ['sidecar']
        : defaults
      : annotation.split(',').map((name) => name.trim());
  return names.flatMap((name) => resolveAliases(mesh, name));
}
