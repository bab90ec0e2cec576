import type { FieldRef, Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import type { Destination, TlsBlock } from '#policy/destination.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { containsAll, stringMap } from '#mesh/string-map.js';

/** What a workload's proxy does with connections for which no DestinationRule says anything. */
export type ClientDefault =
  /** Mutual TLS to what takes it, plaintext to the rest. */
  | 'auto'
  /** Auto mTLS is off: plaintext. */
  | 'plaintext'
  /** ztunnel: HBONE to what takes it; DestinationRules do not reach it. */
  | 'hbone'
  /** No proxy: as the application sends it. */
  | 'none';

/** A `tls` block of a DestinationRule that the workload may use as a client. */
export interface ClientRule {
  readonly rule: Resource;
  readonly host: string;
  readonly mode: TlsBlock['mode'];
  readonly reach: string;
  readonly at: FieldRef;
}

/** How a workload connects to others. */
export interface ClientSide {
  readonly byDefault: ClientDefault;
  readonly rules: readonly ClientRule[];
}

const byNamespace = new WeakMap<Mesh, Map<string, readonly Resource[]>>();

/**
 * Rules are looked up in the client's namespace, then that of the service, then the root namespace
 * (destinationRule in pilot/pkg/model/push_context.go); those elsewhere are used by nobody.
 */
function isUsable(
  { mesh }: EffectivePolicies,
  namespace: string,
  rule: Resource,
  found: Destination,
): boolean {
  const home = mesh.namespaceOf(rule);
  if (home === namespace) return true;
  if (found.isPrivate || found.selectsWorkloads) return false;
  return home === mesh.settings.rootNamespace || found.services.some((service) => service.namespace === home);
}

function rulesFor(policies: EffectivePolicies, namespace: string): readonly Resource[] {
  const kept = getOrMake(byNamespace, policies.mesh, () => new Map<string, readonly Resource[]>());
  return getOrMake(kept, namespace, () =>
    policies.mesh.ofKind('networking.istio.io', 'DestinationRule').filter((rule) => {
      const found = policies.destination(rule);
      return found.tls.length > 0 && isUsable(policies, namespace, rule, found);
    }),
  );
}

function blocksFor(policies: EffectivePolicies, { namespace, labels }: Workload): readonly ClientRule[] {
  return rulesFor(policies, namespace).flatMap((rule) => {
    const { host, tls } = policies.destination(rule);
    const selector = objectAt(rule.object, 'spec', 'workloadSelector', 'matchLabels');
    if (!containsAll(labels, stringMap(selector))) return [];
    return tls.map(({ mode, reach, at }) => ({ rule, host, mode, reach, at }));
  });
}

/**
 * How a workload connects to others: what its proxy does by itself, and the DestinationRules with TLS settings that it
 * may use. Which rule counts for a destination is the decision of each destination.
 */
export function clientSideOf(policies: EffectivePolicies, workload: Workload): Decision<ClientSide> {
  const { settings } = policies.mesh;
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known) return unknown(enrolment.missing);
  const { dataPlane } = enrolment.value;
  if (dataPlane === 'none' || dataPlane === 'ztunnel')
    return known({ byDefault: 'none', rules: [] }, enrolment.decidedBy);
  if (dataPlane === 'ambient') return known({ byDefault: 'hbone', rules: [] }, enrolment.decidedBy);
  if (!settings.known)
    return unknown([{ key: 'mesh-config', text: 'enableAutoMtls of the mesh configuration' }]);
  const off = settings.config['enableAutoMtls'] === false;
  const at = off ? settings.fieldOf(['enableAutoMtls']) : undefined;
  return known(
    { byDefault: off ? 'plaintext' : 'auto', rules: blocksFor(policies, workload) },
    at ?? 'default',
  );
}
