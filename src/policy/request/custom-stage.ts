import { firstMatch } from '#policy/authorization-program.js';
import type { AuthorizationProgram, CompiledRule, CustomStage } from '#policy/authorization-program.js';
import type { ExternalAuthorizer } from '#policy/external-authorizer.js';
import { matchesStar } from '#policy/rule/match-pattern.js';
import type { Facts } from '#policy/rule/facts.js';
import type { AccessRequest } from './access-request.js';
import type { DecideOptions, RequestDecision } from './request-decision.js';
import type { PreparedHttp } from './request-facts.js';
import type { HeaderLines } from './request-headers.js';
import { deny, doubt, pass } from './trace.js';
import type { Trace } from './trace.js';

/** A request at the door of the CUSTOM filters, which run before tokens are looked at. */
export interface CustomQuestion {
  readonly request: AccessRequest;
  readonly facts: Facts;
  /** The client's identity as the authorizer is told of it. */
  readonly shown: string | undefined;
  readonly http: PreparedHttp | undefined;
  readonly options: DecideOptions;
  /** True for a request without a route, about which Envoy asks no authorizer (ext_authz.cc, getPerRouteFlags). */
  readonly unrouted?: boolean;
}

/** Headers that Envoy shows an HTTP authorizer whatever the configuration. */
const alwaysShown: readonly string[] = ['authorization', 'content-length'];

function shownHeaders(
  authorizer: ExternalAuthorizer,
  lines: HeaderLines,
): ReadonlyMap<string, readonly string[]> {
  const wanted = authorizer.shownHeaders;
  const isShown = (name: string): boolean =>
    wanted === undefined ||
    alwaysShown.includes(name) ||
    wanted.some((value) => matchesStar(value.toLowerCase(), name));
  const shown = new Map<string, readonly string[]>([...lines].filter(([name]) => isShown(name)));
  for (const [name, value] of Object.entries(authorizer.addedHeaders))
    if (typeof value === 'string') shown.set(name.toLowerCase(), [value]);
  return shown;
}

function ask(authorizer: ExternalAuthorizer, question: CustomQuestion): boolean | undefined {
  const { request, shown, http, options } = question;
  const headers = http && shownHeaders(authorizer, http.lines);
  return options.authorizer?.({ authorizer, request, identity: shown, headers });
}

function unclear(trace: Trace, { provider }: CustomStage, rule: CompiledRule): void {
  const missing = { key: 'external-authorizer', text: `what external authorizer ${provider} answers` };
  doubt(trace, { stage: 'custom', note: `whether ${provider} lets it in is not known`, at: rule.at }, [
    missing,
  ]);
}

function denial(trace: Trace, rule: CompiledRule, note: string, named: boolean): RequestDecision {
  return deny(trace, {
    stage: 'authorization',
    step: 'custom',
    note,
    at: rule.at,
    ...(named ? { rule } : {}),
  });
}

function consult(
  trace: Trace,
  stage: CustomStage,
  rule: CompiledRule,
  question: CustomQuestion,
): RequestDecision | undefined {
  const { resolved, provider } = stage;
  if (resolved.state !== 'usable') {
    const missing = resolved.state === 'unknown' ? [resolved.missing] : [];
    doubt(trace, { stage: 'custom', note: `provider ${provider} is not in the input`, at: rule.at }, missing);
    return undefined;
  }
  const answer = ask(resolved.authorizer, question);
  if (answer === undefined) unclear(trace, stage, rule);
  else if (answer) pass(trace, 'custom', `external authorizer ${provider} says yes`, rule.at);
  else return denial(trace, rule, `external authorizer ${provider} says no`, false);
  return undefined;
}

function runStage(trace: Trace, stage: CustomStage, question: CustomQuestion): RequestDecision | undefined {
  const { provider, denies } = stage;
  const dryRun = firstMatch(stage.dryRunRules, question.facts);
  if (dryRun.rule !== undefined && dryRun.truth === true)
    return denial(trace, dryRun.rule, 'a CUSTOM rule in dry run denies without asking', true);
  const { rule, truth } = firstMatch(stage.rules, question.facts);
  const possible = rule ?? dryRun.rule;
  if (possible === undefined) return undefined;
  if (question.unrouted === true && denies === undefined && dryRun.rule === undefined) {
    pass(trace, 'custom', `external authorizer ${provider} is not asked: no route yet`, possible.at);
    return undefined;
  }
  if (truth !== true) {
    unclear(trace, stage, possible);
    return undefined;
  }
  if (denies !== undefined)
    return denial(trace, possible, `provider ${provider} is not usable: ${denies}`, true);
  return consult(trace, stage, possible, question);
}

/** Runs the CUSTOM filters, provider by provider; returns the denial if one of them turns the request away. */
export function runCustom(
  trace: Trace,
  program: AuthorizationProgram,
  question: CustomQuestion,
): RequestDecision | undefined {
  for (const stage of program.custom) {
    const denied = runStage(trace, stage, question);
    if (denied !== undefined) return denied;
  }
  return undefined;
}
