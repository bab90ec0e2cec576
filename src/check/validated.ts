import type { Resource } from '#documents/document.js';
import type { Validation } from '#schemas/validation.js';
import type { CheckContext, Subject } from './subject.js';
import { resourceRef } from './subject.js';

/** An object with what the API server and Istio's webhook say of it. */
export interface ValidatedResource {
  readonly resource: Resource;
  readonly validation: Validation;
  /** False when the object would be refused and is not known to be stored: decisions leave it out. */
  readonly takesPart: boolean;
}

/** Kinds of Istio, of its installers, and the Gateway API that it serves; what other groups say is not for us to judge. */
const isIstios = ({ group }: Resource): boolean =>
  group.endsWith('.istio.io') || group === 'gateway.networking.k8s.io' || group === 'sailoperator.io';

/** Every reported object of Istio's kinds that is validated, the refused ones too. */
export function validated({ mesh }: CheckContext): readonly Subject<ValidatedResource>[] {
  const subject = (resource: Resource, takesPart: boolean): readonly Subject<ValidatedResource>[] => {
    const validation = resource.reported && isIstios(resource) ? mesh.validationOf(resource) : undefined;
    if (validation === undefined) return [];
    return [{ ref: resourceRef(mesh, resource), value: { resource, validation, takesPart } }];
  };
  return [
    ...mesh.resources.flatMap((resource) => subject(resource, true)),
    ...mesh.refused.flatMap((resource) => subject(resource, false)),
  ];
}
