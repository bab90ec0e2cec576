import { listAt, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** A reference across namespaces. */
export interface CrossReference {
  readonly from: { readonly kind: string; readonly namespace: string };
  readonly to: {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
}

const gatewayApi = 'gateway.networking.k8s.io';
const core = (group: string | undefined): string => (group === undefined || group === 'core' ? '' : group);

function admits(grant: JsonValue, { from, to }: CrossReference): boolean {
  const fits = listAt(grant, 'spec', 'from').some(
    (entry) =>
      stringAt(entry, 'group') === gatewayApi &&
      stringAt(entry, 'kind') === from.kind &&
      stringAt(entry, 'namespace') === from.namespace,
  );
  return (
    fits &&
    listAt(grant, 'spec', 'to').some(
      (entry) =>
        core(stringAt(entry, 'group')) === to.group &&
        stringAt(entry, 'kind') === to.kind &&
        (stringAt(entry, 'name') ?? to.name) === to.name,
    )
  );
}

/** True when a ReferenceGrant of the target's namespace admits the reference (pilot/pkg/config/kube/gatewaycommon/references.go). */
export function isGranted(mesh: Mesh, reference: CrossReference): boolean {
  return mesh
    .inNamespace(gatewayApi, 'ReferenceGrant', reference.to.namespace)
    .some(({ object }) => admits(object, reference));
}
