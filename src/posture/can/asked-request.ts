import { isObject, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { readAccessRequest } from '#policy/request/access-request.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { workloadOf } from '#policy/request/receiver.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import type { ClientProxy } from '#policy/waypoint/waypoint-request.js';
import { nearest } from './ask-gateway.js';
import { decideAccess } from './decide-access.js';
import { resolveGateway } from './gateway-entry.js';
import { localName } from './named.js';
import type { Misnamed } from './named.js';
import type { Outcome } from './question.js';
import { resolveTarget } from './target.js';
import type { Target } from './target.js';
import { decideThroughGateway } from './through-gateway.js';

/** A request as JSON, and how it gets to its target. */
export interface AskedRequest {
  readonly request: AccessRequest;
  /** Service that is dialled, `namespace/name`; the request's own `to` names it then in place of a workload. */
  readonly service: string | undefined;
  /** Gateway that it comes in by, as resolveGateway reads it. */
  readonly via: string | undefined;
  readonly through: ClientProxy | undefined;
}

const proxies: readonly ClientProxy[] = ['ztunnel', 'sidecar', 'gateway'];

/**
 * Reads a request written as JSON, as readAccessRequest does, and further `to.service` (`namespace/name`, with the
 * Service's port), `via` (a gateway) and `through` (`ztunnel`, `sidecar` or `gateway`: what sends the client's connections
 * on). Returns what is wrong with it, as a sentence, when it can not be read.
 */
export function readAskedRequest(value: JsonValue): AskedRequest | string {
  const service = stringAt(value, 'to', 'service');
  const [namespace = '', name = ''] = service?.split('/') ?? [];
  const given =
    service === undefined || !isObject(value)
      ? value
      : { ...value, to: { ...objectAt(value, 'to'), namespace, workload: `Service/${name}` } };
  const request = readAccessRequest(given);
  if (typeof request === 'string') return request;
  const written = valueAt(value, ['through']);
  const through = proxies.find((proxy) => proxy === written);
  if (written !== undefined && through === undefined) return 'through is ztunnel, sidecar or gateway';
  const via = valueAt(value, ['via']);
  if (via !== undefined && typeof via !== 'string') return 'via names a gateway: namespace/name[:port]';
  return { request, service, via, through };
}

function targetsOf(
  policies: EffectivePolicies,
  { request, service }: AskedRequest,
): readonly Target[] | Misnamed {
  const { namespace, workload: name, port } = request.to;
  if (service !== undefined) return resolveTarget(policies, `${namespace}/${name}:${String(port)}`);
  const id = `${namespace}/${name}`;
  const workload = workloadOf(policies, id);
  if (workload !== undefined) return [{ workload, port, via: undefined }];
  return { named: id, problem: `the input holds no workload ${id}`, hint: undefined, candidates: [] };
}

function askOne(
  policies: EffectivePolicies,
  { asked, options }: { readonly asked: AskedRequest; readonly options: DecideOptions },
  target: Target,
): Outcome | Misnamed {
  const { workload, port, via } = target;
  const to = { namespace: workload.namespace, workload: localName(workload), port };
  const request = { ...asked.request, to };
  const { through } = asked;
  if (asked.via === undefined) {
    const decision = decideAccess(policies, request, { via, through, options });
    return { request, via, gateway: undefined, connection: undefined, decision };
  }
  const entries = resolveGateway(policies, asked.via);
  if ('problem' in entries) return entries;
  const outcomes = entries.map((entry): Outcome => {
    const { decision, onward } = decideThroughGateway(policies, { entry, request, target, options });
    const gateway = `${entry.gateway.id}:${String(entry.port)}`;
    return { request, via, gateway, connection: onward, decision };
  });
  const name = { named: asked.via, hint: undefined, candidates: [] };
  return nearest(outcomes) ?? { ...name, problem: `${asked.via} has no port` };
}

/** Decides a request at every workload that its target leads to; or says which of its names means nothing. */
export function decideAsked(
  policies: EffectivePolicies,
  asked: AskedRequest,
  options: DecideOptions = {},
): readonly Outcome[] | Misnamed {
  const targets = targetsOf(policies, asked);
  if ('problem' in targets) return targets;
  const outcomes: Outcome[] = [];
  for (const target of targets) {
    const outcome = askOne(policies, { asked, options }, target);
    if ('problem' in outcome) return outcome;
    outcomes.push(outcome);
  }
  return outcomes;
}
