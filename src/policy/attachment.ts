import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { istiodFlag } from './istiod-flag.js';
import type { PolicyScope } from './policies.js';
import { policySelectorOf, selectsAll } from './policy-selector.js';
import type { PolicySelector, TargetRef } from './policy-selector.js';

/** A service that a waypoint serves, as targetRefs name it. */
export interface ServedService {
  readonly kind: 'Service' | 'ServiceEntry';
  readonly name: string;
  readonly namespace: string;
}

/** What a policy may attach to: a workload, or a waypoint on behalf of a service. Any Workload is one. */
export interface PolicyTarget {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly waypoint?: boolean;
  /** True where ztunnel enforces: it knows no targetRefs, and its pods are no gateways to it. */
  readonly ztunnel?: boolean;
  /** Services whose policies are asked, for a waypoint. */
  readonly services?: readonly ServedService[];
}

/** Label of the pods that a Kubernetes Gateway is served by. */
export const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name';

/** The class that a targetRef of kind GatewayClass has to name, whatever class the waypoint has. */
const waypointClass = 'istio-waypoint';

interface Attachment {
  readonly policyNamespace: string;
  readonly rootNamespace: string;
  readonly target: PolicyTarget;
}

function isKind(ref: TargetRef, group: string, kind: string): boolean {
  const canonical = ref.group === '' ? 'core' : ref.group;
  return canonical === group && ref.kind === kind;
}

function refersToService(ref: TargetRef, { policyNamespace, target }: Attachment): boolean {
  const served = target.services ?? [];
  const named = (kind: ServedService['kind']): boolean =>
    served.some((one) => one.kind === kind && one.name === ref.name && one.namespace === policyNamespace);
  if (isKind(ref, 'core', 'Service')) return named('Service');
  return isKind(ref, 'networking.istio.io', 'ServiceEntry') && named('ServiceEntry');
}

function refersToGateway(ref: TargetRef, { policyNamespace, target }: Attachment): boolean {
  if (target.namespace !== policyNamespace) return false;
  if (ref.namespace !== '' && ref.namespace !== target.namespace) return false;
  return isKind(ref, 'gateway.networking.k8s.io', 'Gateway') && ref.name === target.labels[gatewayNameLabel];
}

function refMatches(ref: TargetRef, attachment: Attachment): boolean {
  if (attachment.target.waypoint === true) {
    if (refersToService(ref, attachment)) return true;
    const fromRoot = attachment.policyNamespace === attachment.rootNamespace;
    const toClass = isKind(ref, 'gateway.networking.k8s.io', 'GatewayClass') && ref.name === waypointClass;
    if (fromRoot && toClass) return true;
  }
  return refersToGateway(ref, attachment);
}

function isSelected({ labels }: PolicySelector, target: PolicyTarget): boolean {
  return labels === undefined || containsAll(target.labels, labels);
}

/**
 * Selectors only; one without labels makes a policy for workloads that none of them names, whatever its namespace
 * (convertAuthorizationPolicy and buildWorkloadPolicies in pilot/pkg/serviceregistry/ambient).
 */
function attachesAtZtunnel(selector: PolicySelector, target: PolicyTarget): boolean {
  const selectsNothing = selector.labels !== undefined && selectsAll(selector);
  return selector.refs.length === 0 && !selectsNothing && isSelected(selector, target);
}

/**
 * The attachment rule that most kinds share (WorkloadPolicyMatcher.ShouldAttachPolicy in
 * pilot/pkg/model/policyattachment.go): selectors for sidecars and classic gateways, which ignore a policy with
 * targetRefs altogether; targetRefs for pods of the Gateway API; never a selector at a waypoint.
 */
function shouldAttach(mesh: Mesh, selector: PolicySelector, attachment: Attachment): boolean {
  const { target } = attachment;
  if (target.ztunnel === true) return attachesAtZtunnel(selector, target);
  const ofGatewayApi = Object.hasOwn(target.labels, gatewayNameLabel);
  if (!ofGatewayApi) return selector.refs.length === 0 && isSelected(selector, target);
  if (selector.refs.length > 0) return selector.refs.some((ref) => refMatches(ref, attachment));
  if (target.waypoint === true) return false;
  return istiodFlag(mesh, 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY', true) && isSelected(selector, target);
}

/** Namespaces whose policies are asked for a target: its own, the root namespace, and those of the services served. */
function isAsked({ policyNamespace, rootNamespace, target }: Attachment): boolean {
  return (
    policyNamespace === rootNamespace ||
    policyNamespace === target.namespace ||
    (target.services ?? []).some(({ namespace }) => namespace === policyNamespace)
  );
}

/** PeerAuthentication: pilot/pkg/security/authn/policy_applier.go, ComposePeerAuthentication. */
function peerAuthenticationAttaches(selector: PolicySelector, attachment: Attachment): boolean {
  if (attachment.policyNamespace === attachment.rootNamespace) return selectsAll(selector);
  return isSelected(selector, attachment.target);
}

/** Telemetry: pilot/pkg/model/telemetry.go, applicableTelemetries. */
function telemetryAttaches(mesh: Mesh, selector: PolicySelector, attachment: Attachment): boolean {
  if (selectsAll(selector)) return true;
  const local = attachment.policyNamespace === attachment.target.namespace;
  const served = (attachment.target.services ?? []).some(
    (one) => one.namespace === attachment.policyNamespace,
  );
  return (local || served) && shouldAttach(mesh, selector, attachment);
}

/** Sidecar: pilot/pkg/model/push_context.go, doGetSidecarScope; gateways never have one. */
function sidecarAttaches(selector: PolicySelector, { policyNamespace, target }: Attachment): boolean {
  if (target.waypoint === true || Object.hasOwn(target.labels, gatewayNameLabel)) return false;
  if (policyNamespace !== target.namespace) return selector.labels === undefined;
  return isSelected(selector, target);
}

/** ProxyConfig: pilot/pkg/model/proxy_config.go, mergedNamespaceConfig and mergedWorkloadConfig. */
function proxyConfigAttaches(selector: PolicySelector, { policyNamespace, target }: Attachment): boolean {
  if (selector.labels === undefined) return true;
  if (policyNamespace !== target.namespace || selectsAll(selector)) return false;
  return containsAll(target.labels, selector.labels);
}

/**
 * Whether a policy of a kind with a selector reaches a workload or waypoint by namespace and selector. What the
 * proxy then makes of it (the oldest one wins, an ambient workload has no proxy) is not asked here.
 */
export function attaches(mesh: Mesh, policy: Resource, target: PolicyTarget): boolean {
  const attachment = {
    policyNamespace: mesh.namespaceOf(policy),
    rootNamespace: mesh.settings.rootNamespace,
    target,
  };
  if (!isAsked(attachment)) return false;
  const selector = policySelectorOf(policy);
  switch (policy.kind) {
    case 'PeerAuthentication':
      return peerAuthenticationAttaches(selector, attachment);
    case 'Telemetry':
      return telemetryAttaches(mesh, selector, attachment);
    case 'Sidecar':
      return sidecarAttaches(selector, attachment);
    case 'ProxyConfig':
      return proxyConfigAttaches(selector, attachment);
    default:
      return shouldAttach(mesh, selector, attachment);
  }
}

/** Level of a policy: by its targetRefs, its selector, and whether it lives in the root namespace. */
export function policyScopeOf(mesh: Mesh, policy: Resource): PolicyScope {
  const selector = policySelectorOf(policy);
  if (selector.refs.length > 0) return 'target-refs';
  if (!selectsAll(selector)) return 'workload-specific';
  return mesh.namespaceOf(policy) === mesh.settings.rootNamespace ? 'mesh-wide' : 'namespace-wide';
}
