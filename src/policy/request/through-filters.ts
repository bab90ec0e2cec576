import { firstMatch } from '#policy/authorization-program.js';
import type { AuthorizationProgram } from '#policy/authorization-program.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { JwtRule } from '#policy/jwt-rule.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Facts } from '#policy/rule/facts.js';
import type { AccessRequest } from './access-request.js';
import { runCustom } from './custom-stage.js';
import { normalizePath, splitTarget } from './normalize-path.js';
import type { PathSettings } from './normalize-path.js';
import { everyPathSettings } from './path-settings.js';
import type { DecideOptions, RequestDecision } from './request-decision.js';
import { prepareHttp, requestFacts, withClaims } from './request-facts.js';
import type { Admitted, PreparedHttp, ReceiverFacts } from './request-facts.js';
import { admitted as letIn, deny, doubt, pass, undecided } from './trace.js';
import type { Trace } from './trace.js';
import { verifyTokens } from './verify-tokens.js';

/** The filters of a proxy that decide, on its HTTP chain and on its TCP chain. */
export interface FilterSet {
  readonly mesh: Mesh;
  readonly http: AuthorizationProgram;
  readonly tcp: AuthorizationProgram;
  readonly jwtRules: readonly JwtRule[];
  readonly paths: PathSettings;
  readonly facts: ReceiverFacts;
  /** What the input would have to hold for the policies that apply to be certain. */
  readonly missing: readonly MissingEvidence[];
}

/** One request on its way through the filters of a proxy. */
export interface Passage {
  readonly trace: Trace;
  readonly receiver: FilterSet;
  readonly request: AccessRequest;
  readonly options: DecideOptions;
}

/** Either the way ends here, or it goes on with what was found out. */
export type Gate<T> = { readonly ended: RequestDecision } | { readonly open: T };

/** The path is brought into the form that policies see. */
function prepare({ trace, receiver, request }: Passage, entry: Admitted): Gate<PreparedHttp | undefined> {
  const { http } = request;
  if (entry.chain === 'tcp' || http === undefined) return { open: undefined };
  const prepared = prepareHttp(request, http, {
    admitted: entry,
    paths: receiver.paths,
    isTunnelled: receiver.facts.isTunnelled,
  });
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

/** Tokens are verified; what policies may ask of them comes out. Exported for proxies that route in between. */
export function verify(
  { trace, receiver, request, options }: Passage,
  http: PreparedHttp,
  facts: Facts,
): Gate<Facts> {
  const { jwtRules } = receiver;
  if (jwtRules.length === 0) return { open: facts };
  const { method, lines, query, takenParams } = http;
  const asked = { method, lines, query, tokens: request.tokens, now: options.now, takenParams };
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

/**
 * What the filters behind an accepted connection make of it and of the request in it: CUSTOM, tokens, DENY, ALLOW,
 * default, in their order (buildInboundNetworkFilters and buildInboundHTTPFilters in
 * pilot/pkg/networking/core/listener_inbound.go, buildWaypointHTTPFilters in listener_waypoint.go).
 */
export function throughFilters(passage: Passage, entry: Admitted): RequestDecision {
  const { trace, receiver, request, options } = passage;
  const prepared = prepare(passage, entry);
  if ('ended' in prepared) return prepared.ended;
  const http = prepared.open;
  const program = http === undefined ? receiver.tcp : receiver.http;
  trace.missing.push(...receiver.missing);
  const facts = requestFacts(request, { admitted: entry, http, receiver: receiver.facts });
  // The connection inside a tunnel has no certificate that the authorizer could be told of.
  const shown = receiver.facts.isTunnelled ? undefined : facts.identity;
  const custom = runCustom(trace, program, { request, facts, shown, http, options });
  if (custom !== undefined) return custom;
  const verified = http === undefined ? { open: facts } : verify(passage, http, facts);
  if ('ended' in verified) return verified.ended;
  return askPolicies(passage, program, verified.open);
}

/** DENY, then ALLOW, then the default. */
export function askPolicies(passage: Passage, program: AuthorizationProgram, facts: Facts): RequestDecision {
  return askDeny(passage, program, facts) ?? askAllow(passage, program, facts);
}
