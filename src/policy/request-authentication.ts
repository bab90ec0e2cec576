import type { Resource } from '#documents/document.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { PolicyTarget } from './attachment.js';
import { policyScopeOf } from './attachment.js';
import { attachedPolicies } from './attached-policies.js';
import type { AttachedPolicies } from './attached-policies.js';
import { policiesOn, targetOf } from './authorization.js';
import { actionOf, effectiveRulesOf, isDryRun } from './authorization-policies.js';
import { known, unknown } from './decision.js';
import type { Decision, MissingEvidence, Step } from './decision.js';
import { jwtRulesOf } from './jwt-rule.js';
import type { JwtRule } from './jwt-rule.js';
import type { DataPlane, Enrolment, InboundPort, JwtIssuer, RequestAuthentication } from './policies.js';
import { policySelectorOf } from './policy-selector.js';
import { keyOf } from './resource-set.js';
import { revisionVisibility } from './revision-visibility.js';
import { tokenRequirement } from './token-requirement.js';
import type { TokenRequirement } from './token-requirement.js';

const kind = { group: 'security.istio.io', kind: 'RequestAuthentication' };

/** Data planes at which RequestAuthentication means nothing: without an HTTP proxy no token is read. */
const unread: ReadonlySet<DataPlane> = new Set(['none', 'ztunnel', 'ambient', 'proxyless']);

/** The RequestAuthentications that attach to a target, its own namespace first (getConfigsForWorkload). */
export function requestAuthenticationPoliciesOf(
  mesh: Mesh,
  target: PolicyTarget,
  enrolment: Decision<Enrolment>,
): AttachedPolicies {
  const served = (target.services ?? []).map(({ namespace }) => namespace);
  return attachedPolicies(mesh, {
    kind,
    target,
    namespaces: [target.namespace, mesh.settings.rootNamespace, ...served],
    visibilityOf: (policy) => revisionVisibility(mesh, policy, enrolment),
  });
}

const requirements = new WeakMap<Mesh, Map<string, TokenRequirement>>();

/** What the policies require of requests to HTTP ports; workloads that the same policies select share one analysis. */
function requirementOf(
  mesh: Mesh,
  policies: readonly Resource[],
): (ports: readonly number[]) => TokenRequirement {
  const enforced = policies.filter((policy) => !isDryRun(policy));
  const of = (action: string): readonly Resource[] =>
    enforced.filter((policy) => actionOf(policy) === action);
  const [deny, allow] = [of('DENY'), of('ALLOW')];
  const key = `${keyOf(deny)};${keyOf(allow)}`;
  const made = getOrMake(requirements, mesh, () => new Map<string, TokenRequirement>());
  const rules = lazy(() => ({
    deny: deny.flatMap((policy) => effectiveRulesOf(mesh, policy, 'http')),
    allow: allow.flatMap((policy) => effectiveRulesOf(mesh, policy, 'http')),
    hasAllow: allow.length > 0,
  }));
  const { trustDomain } = mesh.settings;
  return (ports) =>
    getOrMake(made, `${key};${ports.join(',')}`, () => tokenRequirement(rules(), { ports, trustDomain }));
}

function issuerOf(mesh: Mesh, rule: JwtRule): JwtIssuer {
  const policy = { resource: rule.policy, scope: policyScopeOf(mesh, rule.policy), dryRun: false };
  return { issuer: rule.issuer, policy, rule: rule.at, audiences: rule.audiences };
}

/** Numbers of the ports at which the proxy reads HTTP, or may; any port will do when none is declared. */
export function httpPorts(ports: readonly InboundPort[]): readonly number[] {
  const numbers = ports.filter(({ protocol }) => protocol !== 'TCP').map(({ number }) => number);
  return numbers.length > 0 ? numbers : [65_535];
}

/** What the decision is about: the workload on a data plane. */
interface Question {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
  readonly dataPlane: DataPlane;
}

function absent({ mesh }: Question, missing: AttachedPolicies['missing']): Decision<RequestAuthentication> {
  if (missing.length > 0) return unknown(missing);
  if (mesh.scope === 'complete') return known({ issuers: [], token: 'absent', requiredBy: [] }, 'default');
  const text = 'RequestAuthentications outside the input';
  return unknown([{ key: 'request-authentications', text }]);
}

function unsettled(token: 'undecided' | 'optional', namespace: string): MissingEvidence {
  if (token === 'optional') {
    const text = 'AuthorizationPolicies outside the input, which may ask for a token';
    return { key: 'authorization-policies', text };
  }
  const text = `a request without token that the policies of namespace ${namespace} let in, or a proof that there is none`;
  return { key: 'token-requirement', text };
}

/** The decision for a workload with these HTTP ports. */
export type TokenDecision = (ports: readonly number[]) => Decision<RequestAuthentication>;

function decide(question: Question): TokenDecision {
  const { mesh, workload, enrolment, dataPlane } = question;
  const attached = requestAuthenticationPoliciesOf(mesh, targetOf(workload, dataPlane), enrolment);
  const rules = jwtRulesOf(attached.policies);
  const [first] = rules;
  const always = (decision: Decision<RequestAuthentication>): TokenDecision => {
    return () => decision;
  };
  if (attached.missing.length > 0 || first === undefined) return always(absent(question, attached.missing));
  const steps: Step[] = attached.policies.map((policy) => {
    return {
      at: { resource: policy, path: policySelectorOf(policy).path },
      note: policyScopeOf(mesh, policy),
    };
  });
  const authorization = policiesOn(mesh, workload, { dataPlane, enrolment });
  if (authorization.missing.length > 0) return always(unknown(authorization.missing, steps));
  const requirement = requirementOf(mesh, authorization.policies);
  const issuers = rules.map((rule) => issuerOf(mesh, rule));
  return (ports) => {
    const { token, requiredBy } = requirement(ports);
    return token === 'undecided' || (token === 'optional' && mesh.scope === 'partial')
      ? unknown([unsettled(token, workload.namespace)], steps)
      : known({ issuers, token, requiredBy }, requiredBy[0] ?? first.at, steps);
  };
}

/**
 * Which issuers' tokens a workload's proxy checks, and whether a request needs one at all: RequestAuthentication alone
 * lets requests without a token in, only AuthorizationPolicies turn them away. In a partial scope a requirement that
 * the input shows is known, its absence is not. Where enrolment is unknown the answer is that of a sidecar.
 */
export function requestAuthenticationOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): TokenDecision {
  const dataPlane = enrolment.known ? enrolment.value.dataPlane : 'sidecar';
  if (!enrolment.known || !unread.has(dataPlane)) return decide({ mesh, workload, enrolment, dataPlane });
  const at =
    enrolment.decidedBy === 'default' ? { resource: workload.resource, path: [] } : enrolment.decidedBy;
  const note = `no proxy of this workload reads tokens: ${enrolment.value.reason}`;
  const none = known<RequestAuthentication>(
    { issuers: [], token: 'absent', requiredBy: [] },
    enrolment.decidedBy,
    [{ at, note }],
  );
  return () => none;
}
