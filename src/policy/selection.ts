import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { attaches, gatewayNameLabel, policyScopeOf } from './attachment.js';
import type { PolicyTarget } from './attachment.js';
import { contestedEvidence } from './contested.js';
import { known, unknown } from './decision.js';
import type { Decision } from './decision.js';
import type { Selection } from './policies.js';
import { policySelectorOf, selectsAll } from './policy-selector.js';
import type { TargetRef } from './policy-selector.js';

export { attaches } from './attachment.js';

/** Kinds of which one object per level counts, and it the oldest. */
const oneCounts: ReadonlySet<string> = new Set(['PeerAuthentication', 'Telemetry', 'Sidecar', 'ProxyConfig']);

/** Kinds whose selector, written in the root namespace, reaches workloads of all namespaces. */
const reachesFromRoot: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'RequestAuthentication',
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
]);

/** Kinds that know targetRefs; the others ignore the field, which is then unknown to their schema. */
const knowsRefs: ReadonlySet<string> = new Set([...reachesFromRoot, 'Telemetry']);

const refTargets: ReadonlyMap<string, { readonly group: string; readonly kind: string }> = new Map([
  ['core/Service', { group: '', kind: 'Service' }],
  ['networking.istio.io/ServiceEntry', { group: 'networking.istio.io', kind: 'ServiceEntry' }],
  ['gateway.networking.k8s.io/Gateway', { group: 'gateway.networking.k8s.io', kind: 'Gateway' }],
  ['gateway.networking.k8s.io/GatewayClass', { group: 'gateway.networking.k8s.io', kind: 'GatewayClass' }],
]);

function refTarget({
  group,
  kind,
}: TargetRef): { readonly group: string; readonly kind: string } | undefined {
  return refTargets.get(`${group === '' ? 'core' : group}/${kind}`);
}

/** Why a reference can attach to nothing, whatever exists; undefined when it can. */
function inertRef(mesh: Mesh, policy: Resource, ref: TargetRef): string | undefined {
  const target = refTarget(ref);
  const namespace = mesh.namespaceOf(policy);
  if (target === undefined) return `targetRefs can not name a ${ref.kind}`;
  if (target.kind === 'Gateway' && ref.namespace !== '' && ref.namespace !== namespace)
    return 'a targetRef to a Gateway of another namespace never attaches';
  if (target.kind === 'GatewayClass' && namespace !== mesh.settings.rootNamespace)
    return 'a targetRef to a GatewayClass counts in the root namespace only';
  if (target.kind === 'GatewayClass' && ref.name !== 'istio-waypoint')
    return 'a targetRef to a GatewayClass attaches by the name istio-waypoint only';
  return undefined;
}

function inertRefs(mesh: Mesh, policy: Resource): string | undefined {
  if (!knowsRefs.has(policy.kind)) return undefined;
  const reasons = policySelectorOf(policy).refs.map((ref) => inertRef(mesh, policy, ref));
  return reasons.length > 0 && !reasons.includes(undefined) ? reasons[0] : undefined;
}

/** True when the policy is its namespace's one without a selector, as its kind understands that. */
function isNamespaceLevel(policy: Resource): boolean {
  const selector = policySelectorOf(policy);
  return policy.kind === 'Sidecar' || policy.kind === 'ProxyConfig'
    ? selector.labels === undefined
    : selectsAll(selector);
}

/** Of several objects of one level the oldest counts; the order of files says nothing about age. */
function olderOne(mesh: Mesh, policy: Resource): Resource | undefined {
  if (!oneCounts.has(policy.kind) || !isNamespaceLevel(policy)) return undefined;
  const rivals = mesh
    .inNamespace(policy.group, policy.kind, mesh.namespaceOf(policy))
    .filter(isNamespaceLevel);
  const [oldest] = rivals;
  if (oldest === undefined || oldest === policy || mesh.isContested(oldest)) return undefined;
  const dated = rivals.every(
    (rival) => stringAt(rival.object, 'metadata', 'creationTimestamp') !== undefined,
  );
  return dated || mesh.scope === 'complete' ? oldest : undefined;
}

function inertSelector(mesh: Mesh, policy: Resource): string | undefined {
  const selector = policySelectorOf(policy);
  const inRoot = mesh.namespaceOf(policy) === mesh.settings.rootNamespace;
  if (policy.kind === 'PeerAuthentication' && inRoot && !selectsAll(selector))
    return 'a PeerAuthentication with a selector in the root namespace is ignored';
  if (policy.kind === 'ProxyConfig' && selector.labels !== undefined && selectsAll(selector))
    return 'an empty selector of a ProxyConfig selects nothing';
  return undefined;
}

function inertReason(mesh: Mesh, policy: Resource): string | undefined {
  const reason = inertRefs(mesh, policy) ?? inertSelector(mesh, policy);
  if (reason !== undefined) return reason;
  const older = olderOne(mesh, policy);
  return older && `${older.kind} ${older.name} of the same level is older and wins`;
}

/** Namespaces whose workloads a policy may select. */
function reachOf(mesh: Mesh, policy: Resource): readonly string[] {
  const namespace = mesh.namespaceOf(policy);
  if (namespace !== mesh.settings.rootNamespace) return [namespace];
  const wide = reachesFromRoot.has(policy.kind) || selectsAll(policySelectorOf(policy));
  return wide ? [...mesh.namespaces.keys()] : [namespace];
}

function selectedWorkloads(mesh: Mesh, policy: Resource): readonly Workload[] {
  const { labels, refs } = policySelectorOf(policy);
  const pairs = refs.length > 0 ? {} : (labels ?? {});
  // Where only labels decide, they were matched; the pods of a Gateway have rules of their own.
  const byLabels = reachesFromRoot.has(policy.kind) && refs.length === 0;
  return reachOf(mesh, policy)
    .flatMap((namespace) => mesh.workloadsMatching(namespace, pairs))
    .filter(
      (workload) =>
        (byLabels && !Object.hasOwn(workload.labels, gatewayNameLabel)) ||
        attaches(mesh, policy, asTarget(workload)),
    );
}

/** Pods of a waypoint never take a policy by selector. */
function asTarget({ namespace, labels }: Workload): PolicyTarget {
  const managed = labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller';
  return { namespace, labels, waypoint: managed && Object.hasOwn(labels, gatewayNameLabel) };
}

function referredTargets(mesh: Mesh, policy: Resource): readonly Resource[] {
  if (!knowsRefs.has(policy.kind)) return [];
  return policySelectorOf(policy).refs.flatMap((ref) => {
    const target = refTarget(ref);
    if (target === undefined || inertRef(mesh, policy, ref) !== undefined) return [];
    return mesh.find(target.group, target.kind, mesh.namespaceOf(policy), ref.name) ?? [];
  });
}

/**
 * What a policy with a selector or targetRefs reaches in the input, and why it can reach nothing where its kind,
 * namespace and references leave it no chance. Unknown for a policy that exists in differing variants.
 */
export function selectionOf(mesh: Mesh, policy: Resource): Decision<Selection> {
  if (mesh.isContested(policy)) return unknown([contestedEvidence(mesh, policy)]);
  const inert = inertReason(mesh, policy);
  const workloads = inert === undefined ? selectedWorkloads(mesh, policy) : [];
  const targets = inert === undefined ? referredTargets(mesh, policy) : [];
  const path = policySelectorOf(policy).path;
  return known({ scope: policyScopeOf(mesh, policy), workloads, targets, inert }, { resource: policy, path });
}
