import type { Resource } from '#documents/document.js';
import { stringAt, stringsAt } from '#documents/json.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { destination } from '#policy/destination.js';
import { perMesh } from '#policy/gateway/per-mesh.js';

const entries = perMesh((mesh: Mesh): ReadonlyMap<string, Resource> => {
  const found = new Map<string, Resource>();
  for (const entry of mesh.ofKind('networking.istio.io', 'ServiceEntry'))
    for (const host of stringsAt(entry.object, 'spec', 'hosts')) if (!found.has(host)) found.set(host, entry);
  return found;
});

/** The oldest ServiceEntry of a host, as it is written there. */
export function entryOfHost(mesh: Mesh, host: string): Resource | undefined {
  return entries(mesh).get(host);
}

/** What the host of a DestinationRule stands for. */
export type RuleHost =
  | { readonly state: 'found' }
  | { readonly state: 'absent' }
  | { readonly state: 'wildcard' }
  /** `reviews.prod`: a name with a dot is taken as it is, and not completed. */
  | { readonly state: 'shortened'; readonly service: Service }
  /** A Service that stands for another name has no cluster of its own. */
  | { readonly state: 'alias'; readonly service: Service };

function coveredByEntry(mesh: Mesh, host: string): boolean {
  const known = entries(mesh);
  if (known.has(host)) return true;
  const parts = host.split('.');
  return parts.some((_, index) => known.has(`*.${parts.slice(index + 1).join('.')}`));
}

/** An ExternalName Service whose target is not itself a service of the mesh. */
function leadsOutside(mesh: Mesh, { type, externalName }: Service): boolean {
  return type === 'ExternalName' && mesh.serviceByHost(externalName ?? '') === undefined;
}

/**
 * Looks the host of a DestinationRule up among Services and ServiceEntries (ResolveShortnameToFQDN in
 * pilot/pkg/model/config.go; that ExternalName Services have no cluster was seen in pilot's output).
 */
export function ruleHost(mesh: Mesh, rule: Resource): RuleHost {
  const { host } = destination(mesh, rule);
  if (host.startsWith('*')) return { state: 'wildcard' };
  const service = mesh.serviceByHost(host);
  if (service !== undefined)
    return leadsOutside(mesh, service) ? { state: 'alias', service } : { state: 'found' };
  if (coveredByEntry(mesh, host)) return { state: 'found' };
  const written = stringAt(rule.object, 'spec', 'host') ?? '';
  const completed = written.endsWith('.svc')
    ? `${written}.${mesh.settings.domainSuffix}`
    : `${written}.svc.${mesh.settings.domainSuffix}`;
  const meant = written.includes('.') ? mesh.serviceByHost(completed) : undefined;
  return meant === undefined ? { state: 'absent' } : { state: 'shortened', service: meant };
}
