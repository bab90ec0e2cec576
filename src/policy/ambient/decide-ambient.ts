import { compareText } from '#mesh/creation-order.js';
import { firstMatch } from '#policy/authorization-program.js';
import type { Match } from '#policy/authorization-program.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { bypassOf, workloadOf } from '#policy/request/receiver.js';
import type { RequestDecision } from '#policy/request/request-decision.js';
import { admitted, deny, doubt, fieldOf, pass, undecided } from '#policy/request/trace.js';
import type { Trace } from '#policy/request/trace.js';
import type { Facts } from '#policy/rule/facts.js';
import { factsOf } from './ambient-connection.js';
import type { AmbientConnection } from './ambient-connection.js';
import type { AmbientProgram, CompiledZtunnelRule } from './ambient-program.js';
import type { SkippedPolicy } from './convert-peer-authentication.js';
import { guardedOf } from './guarded-workload.js';
import type { Guarded } from './guarded-workload.js';
import type { ZtunnelPolicy } from './ztunnel-policy.js';

/** What ztunnel makes of a connection. */
export interface AmbientDecision extends RequestDecision {
  /** The policy that decided, `namespace/name` as ztunnel knows it; undefined when none did. */
  readonly policy: string | undefined;
  /** Policies that the workload is told of and that nobody publishes: ztunnel passes over them. */
  readonly skippedPolicies: readonly string[];
  /** Policies in dry run that match. */
  readonly dryRun: readonly string[];
}

/** Circumstances besides the mesh. */
export interface AmbientOptions {
  /** Policies that istiod makes for the workload's waypoints (see waypointPolicy). */
  readonly additional?: readonly ZtunnelPolicy[];
  /**
   * True: the tunnel's handshake is decided too, where ztunnel takes clients of its own trust domain only, aliases or not
   * (server_config in ztunnel's src/tls/certificate.rs, TrustDomainVerifier in src/tls/workload.rs). Else policies alone.
   */
  readonly endsTunnel?: boolean;
}

/** What the PeerAuthentications say, whichever of them istiod chose. */
function askPeers({ peer }: AmbientProgram, facts: Facts): Match<CompiledZtunnelRule> {
  const [only] = peer;
  if (peer.length === 1 && only !== undefined) return firstMatch(only.rules, facts);
  const matches = peer.map(({ rules }) => firstMatch(rules, facts));
  const [first] = matches;
  if (first === undefined) return { rule: undefined, truth: undefined };
  if (matches.every(({ truth }) => truth === first.truth)) return first;
  return { rule: matches.find(({ rule }) => rule !== undefined)?.rule, truth: undefined };
}

function originOf({ policy, index }: CompiledZtunnelRule): string {
  switch (policy.origin) {
    case 'AuthorizationPolicy':
      return `${policy.action} ${policy.key} rule ${index}`;
    case 'PeerAuthentication':
      return `no identity, which ${policy.key} asks for (made from PeerAuthentication)`;
    case 'waypoint':
      return `${policy.action} ${policy.key} (made for the waypoint)`;
  }
}

/** How far a decision has come. */
interface Passage {
  readonly trace: Trace;
  readonly program: AmbientProgram;
  readonly facts: Facts;
  readonly isComplete: boolean;
}

/** A decision with the policy that took it. */
interface Outcome {
  readonly decision: RequestDecision;
  readonly policy: string | undefined;
}

const matchEvidence = { key: 'request', text: 'an address of the connection that a rule asks for' };

function refuse(trace: Trace, rule: CompiledZtunnelRule): Outcome {
  const { policy, index, at } = rule;
  const isPeer = policy.origin === 'PeerAuthentication';
  const decision = deny(trace, {
    stage: isPeer ? 'transport' : 'authorization',
    step: isPeer ? 'transport' : 'deny',
    note: originOf(rule),
    at,
    ...(at === undefined ? {} : { rule: { policy: policy.key, index, at } }),
  });
  return { decision, policy: policy.key };
}

/** Deny policies, those of PeerAuthentications among them; the first by name is told. */
function askDeny({ trace, program, facts }: Passage): Outcome | undefined {
  const peers = askPeers(program, facts);
  const written = firstMatch(program.deny, facts);
  const [first] = [peers, written]
    .flatMap(({ rule, truth }) => (truth === true && rule !== undefined ? [rule] : []))
    .sort((a, b) => compareText(a.policy.key, b.policy.key));
  if (first !== undefined) return refuse(trace, first);
  if (peers.truth === undefined)
    doubt(
      trace,
      { stage: 'transport', note: 'PeerAuthentication may ask for an identity', at: peers.rule?.at },
      program.peerMissing,
    );
  if (written.rule !== undefined)
    doubt(trace, { stage: 'deny', note: `${originOf(written.rule)} may match`, at: written.rule.at }, [
      matchEvidence,
    ]);
  else if (program.deny.length > 0) pass(trace, 'deny', 'no DENY rule matches');
  return undefined;
}

function askAllow({ trace, program, facts, isComplete }: Passage): Outcome {
  if (!isComplete)
    trace.missing.push({ key: 'authorization-policies', text: 'AuthorizationPolicies outside the input' });
  const [first] = program.allowPolicies;
  if (first === undefined) {
    pass(trace, 'default', 'no ALLOW policy applies: allowed');
    return { decision: admitted(trace), policy: undefined };
  }
  const { rule, truth } = firstMatch(program.allow, facts);
  if (rule !== undefined && truth === true) {
    pass(trace, 'allow', originOf(rule), rule.at);
    return { decision: admitted(trace), policy: rule.policy.key };
  }
  if (rule !== undefined) {
    doubt(trace, { stage: 'allow', note: `${originOf(rule)} may match`, at: rule.at }, [matchEvidence]);
    return { decision: undecided(trace, []), policy: undefined };
  }
  const denial = { step: 'default', note: 'no ALLOW rule matches: denied', at: first.at } as const;
  const isCertain = isComplete && program.missing.length === 0;
  if (isCertain) return { decision: deny(trace, { stage: 'authorization', ...denial }), policy: undefined };
  trace.chain.push({ stage: denial.step, outcome: 'unknown', note: denial.note, at: denial.at });
  return { decision: undecided(trace, []), policy: undefined };
}

/** Each policy's name once, in order. */
function namesOf(rules: readonly CompiledZtunnelRule[], facts: Facts): readonly string[] {
  return [...new Set(rules.filter(({ matches }) => matches(facts) === true).map(({ policy }) => policy.key))];
}

function skippedBy({ peer }: AmbientProgram): readonly SkippedPolicy[] {
  const [first] = peer;
  if (peer.length === 1 && first !== undefined) return first.skipped;
  return (first?.skipped ?? []).filter(({ key }) =>
    peer.every(({ skipped }) => skipped.some((other) => other.key === key)),
  );
}

type Told = Omit<AmbientDecision, keyof RequestDecision>;

const none: readonly string[] = [];
const unconcerned: Told = { policy: undefined, skippedPolicies: none, dryRun: none };

/** Written out: this runs for every connection. */
function toldOf(
  { verdict, stage, by, chain, missing }: RequestDecision,
  { policy, skippedPolicies, dryRun }: Told,
): AmbientDecision {
  return { verdict, stage, by, chain, missing, policy, skippedPolicies, dryRun };
}

/** The handshake that a client of another trust domain does not get through. */
function refusedClient(
  trace: Trace,
  { from }: AmbientConnection,
  trustDomain: string,
): RequestDecision | undefined {
  if (from.kind !== 'mesh' || (from.trustDomain ?? trustDomain) === trustDomain) return undefined;
  const note = `ztunnel takes clients of trust domain ${trustDomain} only, not of ${from.trustDomain ?? ''}`;
  return deny(trace, { stage: 'transport', step: 'transport', note, at: undefined });
}

function throughZtunnel(
  policies: EffectivePolicies,
  { connection, endsTunnel }: { readonly connection: AmbientConnection; readonly endsTunnel: boolean },
  { program, destinationIp, limits, unguarded }: Guarded,
): AmbientDecision {
  const trace: Trace = { chain: [], missing: [], unguarded };
  const { mesh } = policies;
  const bypass = bypassOf(limits, connection.to.port);
  if (bypass !== undefined) {
    pass(trace, 'transport', `the port is not captured: ${bypass.note}`, bypass.at);
    return toldOf(admitted(trace), unconcerned);
  }
  const { trustDomain } = mesh.settings;
  const refused = endsTunnel ? refusedClient(trace, connection, trustDomain) : undefined;
  if (refused !== undefined) return toldOf(refused, unconcerned);
  const facts = factsOf(connection, trustDomain, destinationIp);
  const skipped = skippedBy(program);
  for (const { key, at } of skipped)
    pass(trace, 'transport', `${key} is asked for and published by nobody: nothing is enforced`, at);
  trace.missing.push(...program.missing);
  const passage = { trace, program, facts, isComplete: mesh.scope === 'complete' };
  const { decision, policy } = askDeny(passage) ?? askAllow(passage);
  return toldOf(decision, {
    policy: decision.verdict === 'unknown' ? undefined : policy,
    skippedPolicies: skipped.length === 0 ? none : skipped.map(({ key }) => key),
    dryRun: program.dryRun.length === 0 ? none : namesOf(program.dryRun, facts),
  });
}

/**
 * What the ztunnel of a pod's node makes of a connection to it, from a client or from a waypoint: any DENY that
 * matches, those that stand for PeerAuthentications among them; else any ALLOW, where there is one (assert_rbac in
 * ztunnel's src/state.rs). Whether the connection would pass a waypoint is not asked.
 */
export function decideAmbient(
  policies: EffectivePolicies,
  connection: AmbientConnection,
  { additional = [], endsTunnel = false }: AmbientOptions = {},
): AmbientDecision {
  const { namespace, workload: name } = connection.to;
  const workload = workloadOf(policies, `${namespace}/${name}`);
  const trace: Trace = { chain: [], missing: [], unguarded: [] };
  if (workload === undefined) {
    const missing = { key: 'workload', text: `workload ${name} of namespace ${namespace}` };
    return toldOf(undecided(trace, [missing]), unconcerned);
  }
  const enrolment = policies.enrolment(workload);
  if (enrolment.known && enrolment.value.dataPlane === 'none') {
    const note = `no ztunnel stands before the workload: ${enrolment.value.reason}`;
    pass(trace, 'transport', note, fieldOf(enrolment.decidedBy));
    return toldOf(admitted(trace), unconcerned);
  }
  if (enrolment.known && enrolment.value.dataPlane !== 'ambient') {
    const text = `how data plane ${enrolment.value.dataPlane} decides connections`;
    return toldOf(undecided(trace, [{ key: 'data-plane', text }]), unconcerned);
  }
  return throughZtunnel(policies, { connection, endsTunnel }, guardedOf(policies, workload, additional));
}
