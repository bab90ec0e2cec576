import type { GatewayListener } from '#policy/gateway/filter-chain.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { AccessRequest, Client } from '#policy/request/access-request.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import { atOneProxy, proxyOf } from './access-decision.js';
import { addressOf } from './caller.js';
import type { Caller, Connection } from './caller.js';
import { connectionsOf, refused } from './connect.js';
import type { GatewayEntry } from './gateway-entry.js';
import { joinOutcomes } from './join-outcomes.js';
import { localName } from './named.js';
import type { Misnamed } from './named.js';
import type { Outcome, Question } from './question.js';
import type { Target } from './target.js';
import { decideThroughGateway } from './through-gateway.js';

/** Hosts by which a gateway's port leads to a target. */
function hostsOf(
  policies: EffectivePolicies,
  { gateway, port }: GatewayEntry,
  target: Target,
): readonly string[] {
  const exposure = policies.exposure(target.workload);
  const ways = exposure.known ? exposure.value : [];
  const own = ways.filter((way) => way.by === 'gateway' && way.gateway === gateway && way.port === port);
  return [...new Set(own.map(({ host }) => host))].sort();
}

/** The host that a client asks for: the one that leads there, where it is one and no pattern. */
function hostFor(
  policies: EffectivePolicies,
  entry: GatewayEntry,
  { target, fallback }: { readonly target: Target; readonly fallback: string },
): string | Misnamed {
  const hosts = hostsOf(policies, entry, target);
  const [only, ...others] = hosts;
  if (only === undefined || hosts.includes('*')) return fallback;
  if (others.length === 0 && !only.includes('*')) return only;
  const name = `${entry.gateway.namespace}/${entry.gateway.name}`;
  const problem = `${name} leads to ${target.workload.id} by the hosts ${hosts.slice(0, 10).join(', ')}`;
  return { named: name, problem, hint: 'Say which with --host.', candidates: [] };
}

/** Clients outside speak TLS where the port does. */
function outsider(listener: GatewayListener | undefined, { plaintext, certificate = [] }: Question): Client {
  const tls: Client = { kind: 'foreign-tls', ...(certificate.length === 0 ? {} : { certificate }) };
  if (plaintext === true) return { kind: 'plaintext' };
  if (certificate.length > 0) return tls;
  return listener?.chains.some(({ mode }) => mode !== 'PLAINTEXT') === true ? tls : { kind: 'plaintext' };
}

const described: Readonly<Record<Client['kind'], string>> = {
  plaintext: 'without TLS',
  'foreign-tls': 'by TLS',
  mesh: 'with a certificate of the mesh',
};

/** How the caller gets to the gateway's port. */
function waysTo(
  policies: EffectivePolicies,
  { question, caller }: { readonly question: Question; readonly caller: Caller },
  entry: GatewayEntry,
): ReturnType<typeof connectionsOf> {
  const isOwn = question.plaintext !== true && (question.certificate ?? []).length === 0;
  if (isOwn && caller.kind !== 'outside')
    return connectionsOf(policies, caller, { workload: entry.gateway, port: entry.port, via: entry.via });
  const client = outsider(entry.listener, question);
  return { ways: [{ client, note: described[client.kind] }], missing: [] };
}

interface Asked {
  readonly question: Question;
  readonly caller: Caller;
  readonly target: Target;
  readonly options: DecideOptions;
}

function requestBy({ question, caller, target }: Asked, way: Connection, host: string): AccessRequest {
  const { http, tokens = [], proxyProtocol } = question;
  const { workload, port } = target;
  const sni =
    question.sni ?? way.sni ?? (way.client.kind === 'plaintext' ? undefined : host.replace(/:\d+$/, ''));
  return {
    id: undefined,
    from: way.client,
    ip: question.ip ?? addressOf(caller),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
    to: { namespace: workload.namespace, workload: localName(workload), port },
    sni,
    http: http && { ...http, host },
    tokens,
  };
}

function byWay(
  policies: EffectivePolicies,
  asked: Asked,
  { entry, way, host }: { readonly entry: GatewayEntry; readonly way: Connection; readonly host: string },
): Outcome {
  const { target, options } = asked;
  const request = requestBy(asked, way, host);
  const gateway = `${entry.gateway.id}:${String(entry.port)}`;
  const place = `to gateway ${gateway} ${way.note}`;
  if (way.isRefused === true) {
    const decision = atOneProxy(refused(way.note), proxyOf.client(''));
    return { request, via: target.via, gateway, connection: place, decision };
  }
  const { decision, onward } = decideThroughGateway(policies, { entry, request, target, options });
  const connection = onward === undefined ? place : `${place}, then ${onward}`;
  return { request, via: target.via, gateway, connection, decision };
}

/** How far a client gets. */
function rank({ decision: { verdict, stage } }: Outcome): number {
  if (verdict !== 'denied') return verdict === 'allowed' ? 0 : 1;
  return stage === 'authorization' || stage === 'jwt' ? 2 : stage === 'route' ? 3 : 4;
}

/** Of several entries the one that lets a client in, else the one where it gets farthest; the first of its like. */
export function nearest(outcomes: readonly Outcome[]): Outcome | undefined {
  return [...outcomes].sort((a, b) => rank(a) - rank(b))[0];
}

/** A request through each of the entries; of entries that end otherwise the one that lets a client in is told. */
export function askThroughGateway(
  policies: EffectivePolicies,
  asked: Asked,
  { entries, fallback }: { readonly entries: readonly GatewayEntry[]; readonly fallback: string },
): Outcome | Misnamed | undefined {
  const { question, target } = asked;
  const found: Outcome[] = [];
  let misnamed: Misnamed | undefined;
  for (const entry of entries) {
    const host = question.http?.host ?? question.sni ?? hostFor(policies, entry, { target, fallback });
    if (typeof host !== 'string') {
      misnamed ??= host;
      continue;
    }
    const { ways, missing } = waysTo(policies, asked, entry);
    const outcomes = ways.map((way) => byWay(policies, asked, { entry, way, host }));
    const one = joinOutcomes(outcomes, missing);
    if (one !== undefined) found.push(one);
  }
  const best = nearest(found);
  return best?.decision.verdict === 'allowed' ? best : (misnamed ?? best);
}
