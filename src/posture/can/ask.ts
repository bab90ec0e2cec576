import { stringAt } from '#documents/json.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest, Client, HttpRequest, Token } from '#policy/request/access-request.js';
import type { DecideOptions, RequestDecision } from '#policy/request/request-decision.js';
import { addressOf, resolveCaller } from './caller.js';
import type { Caller, Connection, Connections } from './caller.js';
import { connectionsOf } from './connect.js';
import { decideAccess } from './decide-access.js';
import { localName } from './named.js';
import type { Misnamed } from './named.js';
import { resolveTarget } from './target.js';
import type { Target } from './target.js';

/** A request as a person asks about it: names instead of certificates and pod ports. */
export interface Question {
  /** `namespace/workload`, `namespace/sa/account`, or `-` for a caller outside the mesh. */
  readonly from: string;
  /** `namespace/service:port` or `namespace/[Kind/]workload[:port]`. */
  readonly to: string;
  /** Undefined: bytes that are not HTTP. Without a host: that of the Service. */
  readonly http?: Omit<HttpRequest, 'host'> & { readonly host?: string };
  readonly tokens?: readonly Token[];
  /** Source address as the target sees it; default: that of the caller's pod, where the input shows it. */
  readonly ip?: string;
  readonly sni?: string;
  /** True: without TLS, whatever the caller's proxy would do. */
  readonly plaintext?: boolean;
}

/** What becomes of a request at one workload. */
export interface Outcome {
  readonly request: AccessRequest;
  /** The Service that was dialled. */
  readonly via: Target['via'];
  /** How the caller connects. */
  readonly connection: string;
  readonly decision: RequestDecision;
}

/** The host that clients write: the Service's short name, with the port where it is not 80. */
function hostOf({ workload, via }: Target): string {
  if (via !== undefined) {
    const { service, port } = via;
    return `${service.name}.${service.namespace}${port.number === 80 ? '' : `:${port.number}`}`;
  }
  return stringAt(workload.resource.object, 'status', 'podIP') ?? `${workload.name}.${workload.namespace}`;
}

/** The server name that proxies of the mesh send (BuildSubsetKey in pilot/pkg/model/push_context.go, DNS form). */
function sniOf({ via }: Target, client: Client): string | undefined {
  if (client.kind !== 'mesh' || via === undefined) return undefined;
  return `outbound_.${via.port.number}_._.${via.service.host}`;
}

function requestOf(
  question: Question,
  target: Target,
  { way, caller }: { readonly way: Connection; readonly caller: Caller },
): AccessRequest {
  const { http, tokens = [], sni } = question;
  return {
    id: undefined,
    from: way.client,
    ip: question.ip ?? addressOf(caller),
    to: { namespace: target.workload.namespace, workload: localName(target.workload), port: target.port },
    sni: sni ?? way.sni ?? (caller.kind === 'account' ? sniOf(target, way.client) : undefined),
    http: http && { ...http, host: http.host ?? hostOf(target) },
    tokens,
  };
}

/** Ways that lead to one verdict make it certain; else the input lacks what tells them apart. */
function join(outcomes: readonly Outcome[], missing: readonly MissingEvidence[]): readonly Outcome[] {
  const [first] = outcomes;
  if (first === undefined) return [];
  const agree = outcomes.every(({ decision }) => decision.verdict === first.decision.verdict);
  if (agree) return [first];
  const { decision } = first;
  return [
    {
      ...first,
      connection: outcomes
        .map(({ connection, decision: each }) => `${connection}: ${each.verdict}`)
        .join('; '),
      decision: {
        ...decision,
        verdict: 'unknown',
        stage: undefined,
        by: undefined,
        missing: uniqueEvidence([...missing, ...decision.missing]),
      },
    },
  ];
}

function waysOf(
  policies: EffectivePolicies,
  question: Question,
  caller: Caller,
  target: Target,
): Connections {
  if (question.plaintext !== true) return connectionsOf(policies, caller, target);
  const way: Connection = { client: { kind: 'plaintext' }, note: 'plaintext, as asked' };
  return { ways: [way], missing: [] };
}

/** The request does not leave the caller's pod. */
function refused(note: string): RequestDecision {
  const chain = [{ stage: 'transport', outcome: 'denied', note, at: undefined }] as const;
  return { verdict: 'denied', stage: 'transport', by: undefined, chain, missing: [] };
}

/** Decides a question at every workload that its target leads to; or says which of its names means nothing. */
export function ask(
  policies: EffectivePolicies,
  question: Question,
  options: DecideOptions = {},
): readonly Outcome[] | Misnamed {
  const caller = resolveCaller(policies, question.from);
  if ('problem' in caller) return caller;
  const targets = resolveTarget(policies, question.to);
  if ('problem' in targets) return targets;
  return targets.flatMap((target) => {
    const { ways, missing } = waysOf(policies, question, caller, target);
    const outcomes = ways.map((way): Outcome => {
      const request = requestOf(question, target, { way, caller });
      const decision =
        way.isRefused === true
          ? refused(way.note)
          : decideAccess(policies, request, { via: target.via, options });
      return { request, via: target.via, connection: way.note, decision };
    });
    return join(outcomes, missing);
  });
}
