import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf, isDryRun } from '#policy/authorization-policies.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { policySelectorOf } from '#policy/policy-selector.js';

/** From 1.29 on istiod can be told to (EnableWdsDryRunAuthzPol in pilot/pkg/features/ambient.go). */
function sendsDryRun(mesh: Mesh): boolean {
  const told = istiodFlag(mesh, 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', false);
  return told && isAtLeast(istioVersionOf(mesh, undefined), 29);
}

/**
 * Whether istiod sends an AuthorizationPolicy to ztunnel at all: ALLOW and DENY without targetRefs; in dry run only
 * where it is told to (convertAuthorizationPolicy in pilot/pkg/serviceregistry/ambient/authorization.go).
 */
export function isSentToZtunnel(mesh: Mesh, policy: Resource): boolean {
  const action = actionOf(policy);
  if (action !== 'ALLOW' && action !== 'DENY') return false;
  if (policySelectorOf(policy).refs.length > 0) return false;
  return !isDryRun(policy) || sendsDryRun(mesh);
}
