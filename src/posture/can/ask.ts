import { stringAt } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest, Client } from '#policy/request/access-request.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import { atOneProxy, proxyOf } from './access-decision.js';
import { askThroughGateway } from './ask-gateway.js';
import { addressOf, resolveCaller } from './caller.js';
import type { Caller, Connection, Connections } from './caller.js';
import { connectionsOf, refused } from './connect.js';
import { decideAccess } from './decide-access.js';
import { resolveGateway } from './gateway-entry.js';
import { joinOutcomes } from './join-outcomes.js';
import { localName } from './named.js';
import type { Misnamed } from './named.js';
import type { Outcome, Question } from './question.js';
import { resolveTarget } from './target.js';
import type { Target } from './target.js';

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
  const { http, tokens = [], sni, proxyProtocol } = question;
  return {
    id: undefined,
    from: way.client,
    ip: question.ip ?? addressOf(caller),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
    to: { namespace: target.workload.namespace, workload: localName(target.workload), port: target.port },
    sni: sni ?? way.sni ?? (caller.kind === 'account' ? sniOf(target, way.client) : undefined),
    http: http && { ...http, host: http.host ?? hostOf(target) },
    tokens,
  };
}

function waysOf(policies: EffectivePolicies, { question, caller }: Asked, target: Target): Connections {
  const { certificate = [], plaintext } = question;
  const only = (client: Client, note: string): Connections => ({ ways: [{ client, note }], missing: [] });
  if (plaintext === true) return only({ kind: 'plaintext' }, 'plaintext, as asked');
  if (certificate.length > 0) return only({ kind: 'foreign-tls', certificate }, 'TLS of its own');
  return connectionsOf(policies, caller, target);
}

function byWay(
  policies: EffectivePolicies,
  asked: Asked,
  { way, target }: { readonly way: Connection; readonly target: Target },
): Outcome {
  const { question, caller, options } = asked;
  const request = requestOf(question, target, { way, caller });
  const { via } = target;
  const decision =
    way.isRefused === true
      ? atOneProxy(refused(way.note), proxyOf.client(question.from))
      : decideAccess(policies, request, { via, through: way.through, options });
  return { request, via, gateway: undefined, connection: way.note, decision };
}

interface Asked {
  readonly question: Question;
  readonly caller: Caller;
  readonly options: DecideOptions;
}

function askDirectly(policies: EffectivePolicies, asked: Asked, target: Target): readonly Outcome[] {
  const { ways, missing } = waysOf(policies, asked, target);
  const one = joinOutcomes(
    ways.map((way) => byWay(policies, asked, { way, target })),
    missing,
  );
  return one === undefined ? [] : [one];
}

function askGateways(
  policies: EffectivePolicies,
  asked: Asked,
  { targets, via }: { readonly targets: readonly Target[]; readonly via: string },
): readonly Outcome[] | Misnamed {
  const entries = resolveGateway(policies, via);
  if ('problem' in entries) return entries;
  const outcomes: Outcome[] = [];
  for (const target of targets) {
    const fallback = hostOf(target);
    const outcome = askThroughGateway(policies, { ...asked, target }, { entries, fallback });
    if (outcome !== undefined && 'problem' in outcome) return outcome;
    if (outcome !== undefined) outcomes.push(outcome);
  }
  return outcomes;
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
  const asked = { question, caller, options };
  const { via } = question;
  if (via !== undefined) return askGateways(policies, asked, { targets, via });
  return targets.flatMap((target) => askDirectly(policies, asked, target));
}
