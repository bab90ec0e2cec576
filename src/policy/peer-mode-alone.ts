import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { createdAt } from '#mesh/creation-order.js';
import { known, unknown } from './decision.js';
import type { Decision } from './decision.js';
import { policyMode, portModes } from './peer-authentications.js';
import type { MtlsMode } from './policies.js';
import { policySelectorOf } from './policy-selector.js';

const sameLabels = (a: Resource, b: Resource): boolean => {
  const sorted = (policy: Resource): string =>
    JSON.stringify(Object.entries(policySelectorOf(policy).labels ?? {}).sort());
  return sorted(a) === sorted(b);
};

/** Policies of the same namespace and selector that may be the older ones, which count. */
function rivalsOf(mesh: Mesh, policy: Resource): readonly Resource[] {
  const all = mesh.inNamespace(policy.group, policy.kind, mesh.namespaceOf(policy));
  return all.filter(
    (other) =>
      other !== policy &&
      sameLabels(policy, other) &&
      (createdAt(policy) === -Infinity || createdAt(other) <= createdAt(policy)),
  );
}

/**
 * The mode that a PeerAuthentication sets by itself for a pod port (`'*'`: for those without a mode of their own) of
 * the workloads that it reaches, wherever they are. Undefined when it leaves the mode to a wider policy; unknown when
 * another policy of the same reach may be the older one and sets a different one.
 */
export function peerModeAlone(
  mesh: Mesh,
  policy: Resource,
  port: number | '*',
): Decision<MtlsMode | undefined> {
  const setBy = (one: Resource) => (port === '*' ? undefined : portModes(one).get(port)) ?? policyMode(one);
  const set = setBy(policy);
  const rival = rivalsOf(mesh, policy).find((other) => setBy(other)?.mode !== set?.mode);
  if (rival !== undefined)
    return unknown([
      { key: 'creation-time', text: `which is older: ${policy.kind} ${policy.name} or ${rival.name}` },
    ]);
  return known(set?.mode, set === undefined ? 'default' : { resource: policy, path: set.path });
}
