import type { Problem } from '#documents/document.js';
import type { DecidedRequest, DecidedStep, DecideResult } from '#posture/can/decided.js';
import type * as report from './generated/json-decisions.js';

type Asked = NonNullable<DecidedRequest['request']>;

function toRequest({ id, from, ip, proxyProtocol, to, sni, http, tokens }: Asked): report.Request {
  return {
    ...(id === undefined ? {} : { id }),
    from: toClient(from),
    ...(ip === undefined ? {} : { ip }),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
    to: { namespace: to.namespace, workload: to.workload, port: to.port },
    ...(sni === undefined ? {} : { sni }),
    ...(http === undefined ? {} : { http }),
    tokens: tokens.map(toToken),
  };
}

function toClient(from: Asked['from']): report.Client {
  if (from.kind !== 'mesh') return from;
  const { kind, namespace, serviceAccount, trustDomain } = from;
  return { kind, namespace, serviceAccount, ...(trustDomain === undefined ? {} : { trustDomain }) };
}

function toToken({ issuer, claims, problem, keyId, place }: Asked['tokens'][number]): report.Token {
  return {
    issuer,
    claims,
    ...(problem === undefined ? {} : { problem }),
    ...(keyId === undefined ? {} : { keyId }),
    place,
  };
}

function toRule({ policy, rule, location }: NonNullable<DecidedRequest['by']>): report.Rule {
  return {
    policy,
    ...(rule === undefined ? {} : { rule }),
    ...(location === undefined ? {} : { location }),
  };
}

function toStep({ proxy, stage, outcome, note, resource, location }: DecidedStep): report.Step {
  return {
    proxy,
    stage,
    outcome,
    note,
    ...(resource === undefined ? {} : { resource }),
    ...(location === undefined ? {} : { location }),
  };
}

function toDecision(decided: DecidedRequest): report.Decision {
  const { index, id, environment, verdict, stage, by, request, chain, missing } = decided;
  const { service, gateway, connection, problem } = decided;
  return {
    index,
    ...(id === undefined ? {} : { id }),
    environment,
    verdict,
    ...(stage === undefined ? {} : { stage }),
    ...(by === undefined ? {} : { by: toRule(by) }),
    ...(service === undefined ? {} : { service }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(connection === undefined ? {} : { connection }),
    ...(problem === undefined ? {} : { problem }),
    ...(request === undefined ? {} : { request: toRequest(request) }),
    chain: chain.map(toStep),
    missing: missing.map(({ key, text }) => ({ key, text })),
  };
}

function toProblem({ code, file, line, column, message, hint, fatal }: Problem): report.Problem {
  return {
    code,
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    message,
    ...(hint === undefined ? {} : { hint }),
    fatal,
  };
}

/** Decisions as `schemas/decisions.json` describes them, as a value. */
export function toJsonDecisions(result: DecideResult): report.JsonDecisions {
  const { schemaVersion, tool, environments, problems, decisions } = result;
  return {
    schemaVersion,
    tool: { name: tool.name, version: tool.version },
    environments: environments.map(({ name, scope, assumptions }) => ({
      name,
      scope,
      assumptions: assumptions.map(({ key, text }) => ({ key, text })),
    })),
    problems: problems.map(toProblem),
    decisions: decisions.map(toDecision),
  };
}

/** All decisions in one JSON document, with what was assumed and what could not be read; see `schemas/decisions.json`. */
export function renderCanJson(result: DecideResult): string {
  return `${JSON.stringify(toJsonDecisions(result), undefined, 2)}\n`;
}

/** One decision a line, in the order asked: a `Decision` of `schemas/decisions.json`. */
export function renderCanLines({ decisions }: DecideResult): string {
  return decisions.map((decision) => `${JSON.stringify(toDecision(decision))}\n`).join('');
}
