import type { FieldRef } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh, Namespace, Workload } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';

const injection = 'istio-injection';
const inject = 'sidecar.istio.io/inject';
const mode = 'istio.io/dataplane-mode';
const revision = 'istio.io/rev';

/** A label that asks for the mesh by a value that Istio does not know, which is as if it asked for nothing. */
export interface MisreadLabel {
  readonly key: string;
  readonly value: string;
  /** The value that is probably meant. */
  readonly meant: string;
  readonly at: FieldRef;
}

const of = (labels: StringMap, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/** Values that say yes, or spell the right one in another way. */
const says = (value: string, right: string): boolean =>
  value !== right && /^(?:true|yes|on|y|1|enable|enabled|ambient|inject|injected)$/i.test(value.trim());

function misread(
  labels: StringMap,
  key: string,
  right: string,
  at: (key: string) => FieldRef,
): readonly MisreadLabel[] {
  const value = of(labels, key);
  return value !== undefined && says(value, right) ? [{ key, value, meant: right, at: at(key) }] : [];
}

/**
 * Labels of a namespace by which nothing is enrolled although they say yes: injection knows `enabled` only, ambient
 * mode `ambient` only, in small letters (the charts' webhooks; cni/pkg/util/enablement_selector.go).
 */
export function misreadNamespaceLabels({ labels, resource }: Namespace): readonly MisreadLabel[] {
  if (resource === undefined) return [];
  const at = (key: string): FieldRef => ({ resource, path: ['metadata', 'labels', key] });
  return [...misread(labels, injection, 'enabled', at), ...misread(labels, mode, 'ambient', at)];
}

/** The same for the labels of a workload's pods; `sidecar.istio.io/inject` knows `true` and `false` only. */
export function misreadPodLabels({ labels, resource, podPath }: Workload): readonly MisreadLabel[] {
  const at = (key: string): FieldRef => ({ resource, path: [...podPath, 'metadata', 'labels', key] });
  return [...misread(labels, inject, 'true', at), ...misread(labels, mode, 'ambient', at)];
}

/** Two labels of a namespace of which one undoes the other. */
export interface LabelConflict {
  /** `ignored`: the revision is not looked at. `nobody`: nothing injects. `both`: sidecars, and no ambient mode. */
  readonly kind: 'ignored' | 'nobody' | 'both';
  readonly at: FieldRef;
  readonly first: string;
  readonly second: string;
}

/**
 * How labels of a namespace contradict each other: `istio-injection` hides `istio.io/rev`, whatever its value, and a pod
 * that gets a sidecar is left out of ambient mode (mutatingwebhook.yaml of the istiod chart).
 */
export function labelConflict(mesh: Mesh, { labels, resource }: Namespace): LabelConflict | undefined {
  const [byLabel, byRevision, dataPlane] = [injection, revision, mode].map((key) => of(labels, key));
  if (resource === undefined || mesh.isContested(resource)) return undefined;
  const at = (key: string): FieldRef => ({ resource, path: ['metadata', 'labels', key] });
  const pair = (key: string, value: string | undefined): string => `${key}=${value ?? ''}`;
  if (byLabel !== undefined && byRevision !== undefined)
    return {
      kind: byLabel === 'enabled' ? 'ignored' : 'nobody',
      at: at(injection),
      first: pair(injection, byLabel),
      second: pair(revision, byRevision),
    };
  const asks =
    byLabel === 'enabled' ? pair(injection, byLabel) : byLabel === undefined && byRevision !== undefined;
  if (dataPlane !== 'ambient' || asks === false) return undefined;
  const first = asks === true ? pair(revision, byRevision) : asks;
  return { kind: 'both', at: at(mode), first, second: pair(mode, dataPlane) };
}

/** Keys that count on pods, and that people write on the controller. */
const podKeys = [inject, mode];

const ofPods = (key: string): boolean =>
  podKeys.includes(key) ||
  (key.includes('.istio.io/') && /^(?:traffic\.sidecar|sidecar|proxy|inject|ambient)\.istio\.io\//.test(key));

/** A label or annotation of a controller that would count on its pods, where they do not have it. */
export interface MisplacedKey {
  readonly key: string;
  readonly value: string;
  readonly list: 'labels' | 'annotations';
  readonly at: FieldRef;
}

/** Istio looks at pods, so what the metadata of a Deployment say is never read (pkg/kube/inject/webhook.go). */
export function misplacedKeys({ resource, podPath, labels, annotations }: Workload): readonly MisplacedKey[] {
  if (podPath.length === 0) return [];
  return (['labels', 'annotations'] as const).flatMap((list) => {
    const written = objectAt(resource.object, 'metadata', list) ?? {};
    const keys = Object.keys(written).filter(
      (key) => ofPods(key) && !Object.hasOwn(labels, key) && !Object.hasOwn(annotations, key),
    );
    if (keys.length === 0) return [];
    const own = stringMap(written);
    return keys.flatMap((key) => {
      const value = Object.hasOwn(own, key) ? own[key] : undefined;
      return value === undefined
        ? []
        : [{ key, value, list, at: { resource, path: ['metadata', list, key] } }];
    });
  });
}

/** Revisions and tags that control planes of the input show; none where it shows no control plane. */
export function shownRevisions({ settings, revisions }: Mesh): readonly string[] {
  const names = [
    ...Object.keys(settings.versions),
    ...Object.keys(settings.revisionTags),
    ...revisions.keys(),
  ];
  return [...new Set(names)].sort();
}
