import { firstMatch } from './authorization-program.js';
import type { AuthorizationProgram } from './authorization-program.js';
import type { EffectivePolicies } from './policies.js';
import { admission } from './request/admission.js';
import type { AccessRequest } from './request/access-request.js';
import { runCustom } from './request/custom-stage.js';
import { normalizePath, splitTarget } from './request/normalize-path.js';
import { everyPathSettings } from './request/path-settings.js';
import { receiverOf } from './request/receiver.js';
import type { Receiver } from './request/receiver.js';
import type { DecideOptions, RequestDecision } from './request/request-decision.js';
import { prepareHttp, requestFacts, withClaims } from './request/request-facts.js';
import type { Admitted, PreparedHttp } from './request/request-facts.js';
import { admitted as letIn, deny, doubt, fieldOf, pass, undecided } from './request/trace.js';
import type { Trace } from './request/trace.js';
import { verifyTokens } from './request/verify-tokens.js';
import type { Facts } from './rule/facts.js';

/** One request on its way through a sidecar. */
interface Passage {
  readonly trace: Trace;
  readonly receiver: Receiver;
  readonly request: AccessRequest;
  readonly options: DecideOptions;
}

/** Either the way ends here, or it goes on with what was found out. */
type Gate<T> = { readonly ended: RequestDecision } | { readonly open: T };

/** The connection reaches the proxy, and a filter chain takes it. */
function enter({ trace, receiver, request }: Passage): Gate<Admitted> {
  const { mode, protocol, bypass } = receiver.port(request.to.port);
  if (bypass !== undefined) {
    pass(trace, 'transport', `the port is not captured: ${bypass.note}`, bypass.at);
    return { ended: letIn(trace) };
  }
  const { trustDomain } = receiver.mesh.settings;
  const setup = {
    mode: mode.known ? mode.value : 'PERMISSIVE',
    protocol,
    trustDomain,
    trusted: receiver.trusted,
  } as const;
  const at = mode.known ? fieldOf(mode.decidedBy) : undefined;
  const entry = admission(request, setup);
  const note = mode.known ? `${mode.value}: ${entry.reason}` : 'the mTLS mode is not known';
  if (!mode.known) doubt(trace, { stage: 'transport', note, at }, mode.missing);
  else if (entry.admitted) pass(trace, 'transport', note, at);
  if (!entry.admitted) return { ended: deny(trace, { stage: 'transport', step: 'transport', note, at }) };
  return entry.chain === 'none' ? { ended: letIn(trace) } : { open: entry };
}

/** The path is brought into the form that policies see. */
function prepare({ trace, receiver, request }: Passage, entry: Admitted): Gate<PreparedHttp | undefined> {
  const { http } = request;
  if (entry.chain === 'tcp' || http === undefined) return { open: undefined };
  const prepared = prepareHttp(request, http, { admitted: entry, paths: receiver.paths });
  if (prepared === undefined) {
    const note = 'the proxy answers for the path itself (400, or a redirect)';
    return { ended: deny(trace, { stage: 'transport', step: 'transport', note, at: undefined }) };
  }
  const { path } = splitTarget(http.path);
  const forms = receiver.mesh.settings.known
    ? []
    : everyPathSettings.map((settings) => normalizePath(path, settings));
  if (new Set(forms).size > 1) {
    const missing = { key: 'mesh-config', text: 'path normalization of the mesh configuration' };
    doubt(trace, { stage: 'transport', note: 'how paths are normalized is not known', at: undefined }, [
      missing,
    ]);
  }
  return { open: prepared };
}

const otherRules = (reason: string): string => `RequestAuthentications outside the input (here: ${reason})`;

/** Tokens are verified; what policies may ask of them comes out. */
function verify(
  { trace, receiver, request, options }: Passage,
  http: PreparedHttp,
  facts: Facts,
): Gate<Facts> {
  const { jwtRules } = receiver;
  if (jwtRules.length === 0) return { open: facts };
  const { method, lines, query } = http;
  const asked = { method, lines, query, tokens: request.tokens, now: options.now };
  const { verdict, claims, rule, reason } = verifyTokens(jwtRules, asked);
  const at = rule?.at ?? jwtRules[0]?.at;
  const refused = verdict === 'refused';
  if (refused && receiver.mesh.scope === 'complete')
    return { ended: deny(trace, { stage: 'jwt', step: 'jwt', note: reason, at }) };
  if (refused)
    return { ended: undecided(trace, [{ key: 'request-authentications', text: otherRules(reason) }]) };
  if (verdict === 'passed') pass(trace, 'jwt', reason, at);
  else doubt(trace, { stage: 'jwt', note: reason, at }, [{ key: 'signing-key', text: reason }]);
  return { open: claims === undefined ? facts : withClaims(facts, http, claims) };
}

const matchEvidence = { key: 'request', text: 'a value of the request or of the pod that a rule asks for' };

function askDeny(
  { trace }: Passage,
  program: AuthorizationProgram,
  facts: Facts,
): RequestDecision | undefined {
  const { rule, truth } = firstMatch(program.deny, facts);
  if (rule === undefined) {
    if (program.deny.length > 0) pass(trace, 'deny', 'no DENY rule matches');
    return undefined;
  }
  const note = `DENY ${rule.policy} rule ${rule.index}`;
  if (truth === true) return deny(trace, { stage: 'authorization', step: 'deny', note, at: rule.at, rule });
  doubt(trace, { stage: 'deny', note: `${note} may match`, at: rule.at }, [matchEvidence]);
  return undefined;
}

/** In a partial scope policies elsewhere may turn away what these let in, and let in what these turn away. */
function doubtAbsence({ trace, receiver }: Passage): void {
  if (receiver.mesh.scope === 'complete') return;
  trace.missing.push({ key: 'authorization-policies', text: 'AuthorizationPolicies outside the input' });
}

function askAllow(passage: Passage, program: AuthorizationProgram, facts: Facts): RequestDecision {
  const { trace } = passage;
  doubtAbsence(passage);
  if (!program.hasAllow) {
    pass(trace, 'default', 'no ALLOW policy applies: allowed');
    return letIn(trace);
  }
  const { rule, truth } = firstMatch(program.allow, facts);
  const note = rule === undefined ? 'no ALLOW rule matches' : `ALLOW ${rule.policy} rule ${rule.index}`;
  if (rule !== undefined && truth === true) {
    pass(trace, 'allow', note, rule.at);
    return letIn(trace);
  }
  if (rule !== undefined)
    doubt(trace, { stage: 'allow', note: `${note} may match`, at: rule.at }, [matchEvidence]);
  const at = program.allowPolicy && { resource: program.allowPolicy, path: ['spec'] };
  if (
    rule === undefined &&
    passage.receiver.missing.length === 0 &&
    passage.receiver.mesh.scope === 'complete'
  )
    return deny(trace, { stage: 'authorization', step: 'default', note: `${note}: denied`, at });
  if (rule === undefined) trace.chain.push({ stage: 'default', outcome: 'unknown', note, at });
  return undecided(trace, []);
}

function throughSidecar(passage: Passage): RequestDecision {
  const { trace, receiver, request, options } = passage;
  const entry = enter(passage);
  if ('ended' in entry) return entry.ended;
  const prepared = prepare(passage, entry.open);
  if ('ended' in prepared) return prepared.ended;
  const http = prepared.open;
  const program = http === undefined ? receiver.tcp : receiver.http;
  trace.missing.push(...receiver.missing);
  const facts = requestFacts(request, { admitted: entry.open, http, receiver: receiver.facts });
  const custom = runCustom(trace, program, { request, facts, http, options });
  if (custom !== undefined) return custom;
  const verified = http === undefined ? { open: facts } : verify(passage, http, facts);
  if ('ended' in verified) return verified.ended;
  return askDeny(passage, program, verified.open) ?? askAllow(passage, program, verified.open);
}

/**
 * What becomes of one connection and the request in it at the sidecar of the workload it is sent to: transport, CUSTOM,
 * tokens, DENY, ALLOW, default, in the order of the proxy's filters (pilot/pkg/networking/core/listener_inbound.go).
 * Denied is certain even where an earlier stage is in doubt; everything else is unknown as soon as something that
 * decides is missing. Clients are taken as they are: what their own proxies do is not asked here.
 */
export function decideRequest(
  policies: EffectivePolicies,
  request: AccessRequest,
  options: DecideOptions = {},
): RequestDecision {
  const { namespace, workload } = request.to;
  const receiver = receiverOf(policies, `${namespace}/${workload}`);
  const trace: Trace = { chain: [], missing: [], unguarded: receiver?.unguarded ?? [] };
  if (receiver === undefined)
    return undecided(trace, [{ key: 'workload', text: `workload ${workload} of namespace ${namespace}` }]);
  const { enrolment } = receiver;
  if (!enrolment.known) return throughSidecar({ trace, receiver, request, options });
  const { dataPlane, reason } = enrolment.value;
  if (dataPlane === 'none') {
    pass(trace, 'transport', `no proxy stands before the workload: ${reason}`, fieldOf(enrolment.decidedBy));
    return letIn(trace);
  }
  if (dataPlane !== 'sidecar')
    return undecided(trace, [{ key: 'data-plane', text: `how data plane ${dataPlane} decides requests` }]);
  return throughSidecar({ trace, receiver, request, options });
}
