import { contentOf, identityOf, isDeployed, isSupporting, repeated } from './identity.js';
import type { Placement } from './placements.js';
import type { Resource } from '#documents/document.js';

/** What a placement says of an object that others say differently: who it is about, and which way it goes. */
export interface Dispute {
  readonly identity: string;
  readonly variant: string;
}

/** The placements whose object exists in several forms. */
export type Disputes = ReadonlyMap<Placement, Dispute>;

/** Kustomizations that take in one and the same of these deploy it twice: they cannot both be applied as they stand. */
function countsAsCopy({ resource, kustomized }: Placement): boolean {
  return isDeployed(resource) || (kustomized && resource.group.endsWith('istio.io'));
}

function variantOf(placement: Placement): string {
  const content = contentOf(placement.resource);
  return countsAsCopy(placement) ? `${placement.directory}\0${content}` : content;
}

/**
 * Finds the objects of which the input holds more than one form: different contents under one name, or copies in
 * different directories of something that is deployed.
 */
export function findDisputes(
  placements: readonly Placement[],
  namespaceOf: (resource: Resource) => string,
): Disputes {
  const disputes = new Map<Placement, Dispute>();
  const identify = ({ resource }: Placement): string | undefined =>
    isSupporting(resource) ? undefined : identityOf(resource, namespaceOf(resource));
  for (const [identity, members] of repeated(placements, identify)) {
    const variants = members.map((member) => variantOf(member));
    if (new Set(variants).size < 2) continue;
    for (const [index, member] of members.entries()) {
      disputes.set(member, { identity, variant: variants[index] ?? '' });
    }
  }
  return disputes;
}
