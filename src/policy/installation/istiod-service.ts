import type { Mesh, Service } from '#mesh/mesh.js';
import { controlPlanes } from './control-planes.js';

const isLabel = (value: string | undefined): boolean => value === 'istiod' || value === 'pilot';

/** True for a Service that leads to istiod: by the pods it selects, or by Istio's own labels in its selector. */
export function leadsToIstiod(mesh: Mesh, service: Service): boolean {
  const { selector } = service;
  const own = (key: string): string | undefined => (Object.hasOwn(selector, key) ? selector[key] : undefined);
  if (isLabel(own('istio')) || own('app') === 'istiod') return true;
  if (!controlPlanes(mesh).some(({ namespace }) => namespace === service.namespace)) return false;
  return mesh
    .workloadsOf(service)
    .some(({ containers }) => containers.some(({ name }) => name === 'discovery'));
}
