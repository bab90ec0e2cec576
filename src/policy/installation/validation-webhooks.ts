import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** A webhook by which istiod refuses objects it cannot use. */
export interface ValidationWebhook {
  readonly configuration: Resource;
  readonly name: string;
  readonly at: FieldRef;
  /**
   * True when failures are ignored for good: the charts install it so, and istiod sets it to `Fail` once it is ready
   * (manifests/charts/base/templates/defaultrevision-validatingwebhookconfiguration.yaml).
   */
  readonly ignores: boolean;
}

/** True for a webhook that is asked about Istio's own kinds. */
function isOfIstio(webhook: JsonValue): boolean {
  const groups = listAt(webhook, 'rules').flatMap((rule) => stringsAt(rule, 'apiGroups'));
  return groups.some((group) => group.endsWith('.istio.io'));
}

/** The validating webhooks of Istio in the input; whether one ignores failures is told of objects from a cluster only. */
export function validationWebhooks(mesh: Mesh): readonly ValidationWebhook[] {
  return mesh
    .ofKind('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration')
    .flatMap((configuration) =>
      listAt(configuration.object, 'webhooks').flatMap((webhook, index) => {
        if (!isOfIstio(webhook)) return [];
        const path = ['webhooks', index, 'failurePolicy'];
        const ignores = configuration.stored && stringAt(webhook, 'failurePolicy') === 'Ignore';
        const name = stringAt(webhook, 'name') ?? '';
        return [{ configuration, name, at: { resource: configuration, path }, ignores }];
      }),
    );
}
