import type { Mesh } from '#mesh/mesh.js';
import { actionOf } from './authorization-policies.js';
import { perMesh } from './gateway/per-mesh.js';

/** True when the input holds an AuthorizationPolicy with action CUSTOM. */
export const hasCustomPolicies = perMesh((mesh: Mesh): boolean =>
  mesh.ofKind('security.istio.io', 'AuthorizationPolicy').some((policy) => actionOf(policy) === 'CUSTOM'),
);
