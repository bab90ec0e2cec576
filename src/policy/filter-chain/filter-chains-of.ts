import type { Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { policiesOn, targetOf } from '#policy/authorization.js';
import { actionOf } from '#policy/authorization-policies.js';
import { jwtRulesOf } from '#policy/jwt-rule.js';
import { peerAuthenticationsOf } from '#policy/peer-authentications.js';
import type { EffectivePolicies, Enrolment } from '#policy/policies.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { requestAuthenticationPoliciesOf } from '#policy/request-authentication.js';
import { standIns } from '#policy/stand-ins.js';
import { customFilters } from './base/custom-filters.js';
import { destinationsOf } from './base/destinations.js';
import type { InboundView } from './base/inbound-chain-configs.js';
import { hasStatistics } from './base/statistics.js';
import { attachedExtensions } from './base/traffic-extensions.js';
import { describeProxy } from './describe/describe-proxy.js';
import type { ProxyFilterChains } from './filter-chain.js';
import { proxyPatches } from './patch/proxy-patches.js';
import { proxyConfig } from './proxy-config.js';
import type { ProxyConfig } from './proxy-config.js';
import type { ProxySources } from './patched-outbound.js';

/** The decisions that filter chains are built on. */
export type ChainPolicies = Pick<
  EffectivePolicies,
  'enrolment' | 'inboundPorts' | 'peerMtls' | 'gatewayListeners'
>;

/** Filters that other policies than CUSTOM make: one for each action that a policy has, dry run or not. */
function rbacFilters(policies: readonly Resource[]): number {
  return new Set(policies.map(actionOf).filter((action) => action !== undefined && action !== 'CUSTOM')).size;
}

function customOf(policies: readonly Resource[]): readonly Resource[] {
  return policies.filter((policy) => actionOf(policy) === 'CUSTOM');
}

/** Ports to which the workload's own PeerAuthentication gives settings. */
function portsWithMode(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): readonly number[] {
  const [policy] = peerAuthenticationsOf(mesh, workload, enrolment).workload.winners;
  const ports = Object.keys(objectAt(policy?.object, 'spec', 'portLevelMtls') ?? {});
  return ports.filter((port) => /^[1-9]\d{0,4}$/.test(port)).map(Number);
}

/** What a proxy's chains are built from, and what the input lacks for that. */
interface Question {
  readonly sources: ProxySources;
  readonly missing: readonly MissingEvidence[];
}

/** What policies and plugins put into a proxy's chains. */
interface Attached extends Pick<
  InboundView,
  'customPolicies' | 'custom' | 'readsTokens' | 'rbacFilters' | 'hasStats' | 'extensions' | 'portsWithMode'
> {
  readonly missing: readonly MissingEvidence[];
}

type ChainPlane = 'sidecar' | 'gateway';

function attachedTo(
  mesh: Mesh,
  workload: Workload,
  { enrolment, dataPlane }: { readonly enrolment: Decision<Enrolment>; readonly dataPlane: ChainPlane },
): Attached {
  const authorization = policiesOn(mesh, workload, { dataPlane, enrolment });
  const tokens = requestAuthenticationPoliciesOf(mesh, targetOf(workload, dataPlane), enrolment);
  const attached = attachedExtensions(mesh, workload, enrolment);
  const customPolicies = customOf(authorization.policies);
  const custom = customFilters(mesh, customPolicies);
  return {
    customPolicies,
    custom,
    readsTokens: jwtRulesOf(tokens.policies).length > 0,
    rbacFilters: rbacFilters(authorization.policies),
    hasStats: hasStatistics(mesh, workload, enrolment),
    extensions: attached.extensions,
    portsWithMode: dataPlane === 'sidecar' ? portsWithMode(mesh, workload, enrolment) : [],
    missing: uniqueEvidence([
      ...authorization.missing,
      ...tokens.missing,
      ...attached.missing,
      ...custom.missing,
    ]),
  };
}

const sharing = perMesh(() => ({
  standIn: standIns('configuration'),
  made: new WeakMap<Workload, Attached>(),
}));

/** As `attachedTo`; sidecars that no selector tells apart are asked about once. */
function sharedAttached(
  mesh: Mesh,
  workload: Workload,
  plane: { readonly enrolment: Decision<Enrolment>; readonly dataPlane: ChainPlane },
): Attached {
  if (plane.dataPlane !== 'sidecar') return attachedTo(mesh, workload, plane);
  const { standIn, made } = sharing(mesh);
  const first = standIn(mesh, workload, plane.enrolment);
  return getOrMake(made, first, () => attachedTo(mesh, workload, plane));
}

/** The parts of the question that are asked of other decisions; undefined: the workload runs no such proxy. */
function questionOf(mesh: Mesh, workload: Workload, policies: ChainPolicies): Decision<Question | undefined> {
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known) return enrolment;
  const { dataPlane } = enrolment.value;
  if (dataPlane !== 'sidecar' && dataPlane !== 'gateway')
    return known(undefined, enrolment.decidedBy, enrolment.considered);
  const gateway = dataPlane === 'gateway' ? policies.gatewayListeners(workload) : undefined;
  if (gateway?.known === false) return gateway;
  const { missing: ofAttached, ...attached } = sharedAttached(mesh, workload, { enrolment, dataPlane });
  const view: InboundView = {
    mesh,
    workload,
    enrolment,
    kind: dataPlane,
    ...attached,
    ports: policies.inboundPorts(workload),
    modeOf: (port) => policies.peerMtls(workload, port),
  };
  const destinations = destinationsOf(mesh, workload, policies.enrolment);
  const sources: ProxySources = { view, gateway: gateway?.value, destinations };
  const ofPatches = proxyPatches({ mesh, workload, enrolment }).missing;
  const missing = ofPatches.length === 0 ? ofAttached : uniqueEvidence([...ofAttached, ...ofPatches]);
  return known({ sources, missing }, enrolment.decidedBy);
}

const described = new WeakMap<ProxyConfig, ProxyFilterChains>();

/**
 * The filters, clusters and patches of a workload's proxy, sidecar or gateway; undefined: it runs no such proxy. Unknown
 * when the input does not show which proxy that is, holds differing forms of an object that reaches it, or does not show
 * whether its control plane reads one. In a partial scope it is what the objects of the input make of it.
 */
export function filterChainsOf(
  mesh: Mesh,
  workload: Workload,
  policies: ChainPolicies,
): Decision<ProxyFilterChains | undefined> {
  const question = questionOf(mesh, workload, policies);
  if (!question.known) return question;
  if (question.value === undefined) return known(undefined, question.decidedBy, question.considered);
  const { sources, missing } = question.value;
  if (missing.length > 0) return unknown(missing);
  const config = proxyConfig(sources);
  const chains = getOrMake(described, config, () => describeProxy(config));
  const first = chains.patches[0]?.at ?? question.decidedBy;
  return known(chains, first);
}

/** The configuration of a proxy with and without an object; undefined where it can not be known or there is no proxy. */
export function configurationsOf(
  mesh: Mesh,
  workload: Workload,
  policies: ChainPolicies,
): ((without?: Resource) => ProxyConfig) | undefined {
  const question = questionOf(mesh, workload, policies);
  if (!question.known || question.value === undefined) return undefined;
  const { sources } = question.value;
  return (without) => {
    const customPolicies = sources.view.customPolicies.filter((each) => each !== without);
    if (customPolicies.length === sources.view.customPolicies.length) return proxyConfig(sources, without);
    const custom = customFilters(mesh, customPolicies);
    return proxyConfig({ ...sources, view: { ...sources.view, customPolicies, custom } });
  };
}
