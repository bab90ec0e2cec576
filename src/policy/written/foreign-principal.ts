import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import { trustedDomains } from '#policy/request/admission.js';

/** What the trust domain of a principal means in a mesh. */
export type PrincipalDomain =
  | { readonly state: 'own' }
  /** No peer that the proxy accepts has it. */
  | { readonly state: 'foreign'; readonly domain: string; readonly note: string }
  | { readonly state: 'unknown'; readonly missing: MissingEvidence };

const own: PrincipalDomain = { state: 'own' };

/** The trust domain that a principal begins with, where it names one without a star. */
function domainOf(value: string): string | undefined {
  const [domain = '', ...rest] = value.split('/');
  return rest.length === 0 || domain.includes('*') || value.includes('://') ? undefined : domain;
}

/**
 * Whether some peer can have the trust domain that a principal of a policy names. Only the full form
 * `cluster.local/ns/N/sa/S` stands for the mesh's own trust domain, and to ztunnel not even that one
 * (pilot/pkg/security/trustdomain/bundle.go; ztunnel's src/rbac.rs compares names as they are).
 */
export function principalDomain(mesh: Mesh, value: string, reader: 'envoy' | 'ztunnel'): PrincipalDomain {
  const domain = domainOf(value);
  if (domain === undefined) return own;
  const isFull = value.split('/').length === 5 && reader === 'envoy';
  if (domain === 'cluster.local' && (isFull || !mesh.settings.known)) return own;
  if (!mesh.settings.known)
    return { state: 'unknown', missing: { key: 'mesh-config', text: 'trust domain of the mesh' } };
  const trusted = trustedDomains(mesh);
  if (trusted === undefined || trusted.has(domain)) return own;
  const note = `trust domain of the mesh: ${mesh.settings.trustDomain}`;
  return { state: 'foreign', domain, note };
}

/** Trust domains of other meshes whose certificates proxies accept, as people read it; empty where there are none. */
export function foreignTrustDomains(mesh: Mesh): readonly string[] {
  const trusted = trustedDomains(mesh);
  if (trusted === undefined) return ['any trust domain'];
  const { trustDomain, trustDomainAliases } = mesh.settings;
  return [...trusted].filter((domain) => domain !== trustDomain && !trustDomainAliases.includes(domain));
}
