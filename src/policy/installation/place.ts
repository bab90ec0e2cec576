import type { FieldRef } from '#documents/document.js';
import type { ControlPlane } from './control-planes.js';

/**
 * Where something would be written that a control plane does not say: the environment of istiod, or the values of its
 * chart. `pilot` in istiod's own Deployment is the container.
 */
export function placeInControlPlane(
  { resource, container, values }: ControlPlane,
  section: 'env' | 'pilot',
): FieldRef {
  if (container !== undefined)
    return { resource, path: section === 'env' ? [...container.path, 'env'] : container.path };
  const pilot = [...(values?.path ?? ['spec', 'values']), 'pilot'];
  return { resource, path: section === 'env' ? [...pilot, 'env'] : pilot };
}
