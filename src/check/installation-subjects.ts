import type { ControlPlane } from '#policy/installation/control-planes.js';
import { controlPlanes } from '#policy/installation/control-planes.js';
import type { IstioImage } from '#policy/installation/istio-images.js';
import { istioImages } from '#policy/installation/istio-images.js';
import type { CheckContext, Subject } from './subject.js';
import { resourceRef } from './subject.js';

/** Every control plane that the reported resources show: istiod's Deployments, else what installers are asked for. */
export function shownControlPlanes({ mesh }: CheckContext): readonly Subject<ControlPlane>[] {
  return controlPlanes(mesh)
    .filter(({ resource }) => resource.reported)
    .map((value) => ({ ref: resourceRef(mesh, value.resource), value }));
}

/** Every image of Istio that reported resources name. */
export function namedIstioImages({ mesh }: CheckContext): readonly Subject<IstioImage>[] {
  return istioImages(mesh)
    .filter(({ at }) => at.resource.reported)
    .map((value) => ({ ref: resourceRef(mesh, value.at.resource), value }));
}
