import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh, Workload } from '#mesh/mesh.js';
import { controlPlanes } from './control-planes.js';
import type { ImageReference } from './image.js';
import { parseImage } from './image.js';

/** An image of Istio that the input names: of a container, of an annotation, or the hub and tag of an installation. */
export interface IstioImage extends ImageReference {
  /** As written; for an installation `hub:tag`. */
  readonly text: string;
  readonly at: FieldRef;
  readonly part: 'istiod' | 'proxy' | 'ztunnel' | 'cni' | 'installation';
  /** The workload that runs it; undefined for an installation. */
  readonly workload: Workload | undefined;
}

const parts: ReadonlyMap<string, IstioImage['part']> = new Map([
  ['discovery', 'istiod'],
  ['istio-proxy', 'proxy'],
  ['istio-init', 'proxy'],
  ['istio-validation', 'proxy'],
  ['install-cni', 'cni'],
]);

/** Containers of other products may bear these names; Istio's own images are told by theirs. */
const ownNames: ReadonlySet<string> = new Set(['pilot', 'proxyv2', 'ztunnel', 'install-cni', 'proxy_init']);

function ofContainer(workload: Workload, container: Container): IstioImage | undefined {
  const part = parts.get(container.name);
  if (part === undefined) return undefined;
  const image = parseImage(container.image);
  // `auto` and the empty image are left to injection.
  if (!ownNames.has(image.name)) return undefined;
  const at = { resource: workload.resource, path: [...container.path, 'image'] };
  return { ...image, text: container.image, at, part: image.name === 'ztunnel' ? 'ztunnel' : part, workload };
}

const proxyImage = 'sidecar.istio.io/proxyImage';

function ofAnnotation(workload: Workload): readonly IstioImage[] {
  const text = Object.hasOwn(workload.annotations, proxyImage) ? workload.annotations[proxyImage] : undefined;
  if (text === undefined || text === '') return [];
  const path: FieldPath = [...workload.podPath, 'metadata', 'annotations', proxyImage];
  return [{ ...parseImage(text), text, at: { resource: workload.resource, path }, part: 'proxy', workload }];
}

/** Hub and tag that stand beside each other in an installer's resource. */
const hubPlaces: readonly FieldPath[] = [['spec'], ['spec', 'values', 'global'], ['spec', 'values', 'pilot']];

function ofInstaller(resource: Resource): readonly IstioImage[] {
  return hubPlaces.flatMap((path) => {
    const holder = valueAt(resource.object, path);
    const hub = isObject(holder) ? stringAt(holder, 'hub') : undefined;
    if (hub === undefined || hub === '') return [];
    const tag = tagIn(holder);
    const text = tag === undefined ? hub : `${hub}:${tag}`;
    const image = { hub, name: '', tag, digest: undefined };
    return [
      { ...image, text, at: { resource, path: [...path, 'hub'] }, part: 'installation', workload: undefined },
    ];
  });
}

function tagIn(holder: JsonObject | undefined | ReturnType<typeof valueAt>): string | undefined {
  const tag = isObject(holder) ? holder['tag'] : undefined;
  return typeof tag === 'string' || typeof tag === 'number' ? String(tag) : undefined;
}

function ofWorkload(workload: Workload): readonly IstioImage[] {
  const images = workload.containers.flatMap((container) => ofContainer(workload, container) ?? []);
  const annotated = ofAnnotation(workload);
  return annotated.length === 0 ? images : [...images, ...annotated];
}

const known = new WeakMap<Mesh, readonly IstioImage[]>();

/** Every image of Istio that the input names, in the order of the workloads, installations last. */
export function istioImages(mesh: Mesh): readonly IstioImage[] {
  return getOrMake(known, mesh, () => [
    ...mesh.workloads.flatMap(ofWorkload),
    ...controlPlanes(mesh)
      .filter(({ rendered }) => !rendered)
      .flatMap(({ resource }) => ofInstaller(resource)),
  ]);
}
