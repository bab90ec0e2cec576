import type { Mesh } from '#mesh/mesh.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { istiodFlag } from '#policy/istiod-flag.js';

/**
 * Whether proxies verify a server's certificate by the system's CAs where a DestinationRule names none: always from 1.24
 * on; before, by istiod's VERIFY_CERTIFICATE_AT_CLIENT, which is on by default from 1.21 on
 * (pilot/pkg/features, release notes of 1.21 and 1.24).
 */
export function verifiesByDefault(mesh: Mesh): boolean {
  const version = istioVersionOf(mesh, undefined);
  return isAtLeast(version, 24) || istiodFlag(mesh, 'VERIFY_CERTIFICATE_AT_CLIENT', isAtLeast(version, 21));
}
