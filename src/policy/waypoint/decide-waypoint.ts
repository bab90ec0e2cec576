import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { workloadOf } from '#policy/request/receiver.js';
import { after, agreed, isOpen, passes } from './ambient-outcome.js';
import type { AmbientOutcome } from './ambient-outcome.js';
import { atPod, behindWaypoint } from './at-pod.js';
import { calledService } from './called-service.js';
import type { CalledService } from './called-service.js';
import { chooseWay } from './choose-way.js';
import { podsBehind } from './pods-behind.js';
import type { PodPort } from './pods-behind.js';
import { reroutes } from './reroutes.js';
import { throughWaypoint } from './through-waypoint.js';
import type { Dialled, WaypointCall } from './through-waypoint.js';
import { waypointAddress } from './waypoint-request.js';
import type { AmbientRequest, AmbientRequestOptions } from './waypoint-request.js';
import type { Waypoint } from './waypoint.js';

/** What becomes of a connection in an ambient mesh. */
export interface WaypointDecision extends AmbientOutcome {
  /** `direct`: from the client to the pod, and what stands before the pod decides. */
  readonly path: 'via-waypoint' | 'direct' | 'unknown';
  /** The waypoint that it passes, `namespace/name` of its Gateway. */
  readonly waypoint: string | undefined;
  /** What ztunnel at the pod makes of the waypoint's own connection, where the waypoint lets the request pass. */
  readonly behind: AmbientOutcome | undefined;
  /** Whether the request gets to a pod: both decisions in one. */
  readonly arrives: AmbientOutcome['verdict'];
}

/** The pods that a connection may end at. */
interface Ends {
  readonly pods: readonly PodPort[];
  readonly name: string;
  readonly missing: readonly MissingEvidence[];
}

function endsOf(mesh: Mesh, { dialled, request, options }: Question): Ends {
  const { port } = request.to;
  if ('workload' in dialled) return { pods: [dialled], name: dialled.workload.id, missing: [] };
  const { served, ports } = dialled;
  const name = `${served.kind} ${served.namespace}/${served.name}`;
  const called = ports.find(({ number }) => number === port);
  const all = called === undefined ? [] : podsBehind(mesh, dialled, called);
  const pods = all.filter(({ workload }) => options.pods?.(workload) ?? true);
  const isElsewhere = pods.length === 0 && mesh.scope === 'partial' && served.kind === 'Service';
  const missing = isElsewhere ? [{ key: 'workload', text: `the pods behind ${name}` }] : [];
  return { pods, name, missing };
}

const whichPod = (name: string): MissingEvidence => ({
  key: 'workload',
  text: `which pods behind ${name} get the connection: they do not agree`,
});

/** A Service port that does not exist leads nowhere. */
function leadsNowhere({ resource }: CalledService, port: number): AmbientOutcome {
  const at = { resource, path: ['spec', 'ports'] };
  const note = `there is no port ${port}`;
  const chain = [{ stage: 'waypoint', outcome: 'denied', note, at } as const];
  return { verdict: 'denied', stage: 'no-chain', by: undefined, chain, missing: [] };
}

/** Past every waypoint: what stands before the pods decides. */
function directly(policies: EffectivePolicies, question: Question): AmbientOutcome {
  const { dialled, request, options } = question;
  const { port } = request.to;
  if ('ports' in dialled && !dialled.ports.some(({ number }) => number === port))
    return leadsNowhere(dialled, port);
  const { pods, name, missing } = endsOf(policies.mesh, question);
  if (missing.length > 0) return isOpen(missing);
  const outcomes = pods.map((pod) => atPod(policies, request, { pod, options }));
  const note = `no pod of the mesh stands behind ${name}`;
  return agreed(outcomes, whichPod(name)) ?? passes({ stage: 'transport', note, at: undefined });
}

/** The waypoint's own connection to the pods, as each of its accounts. */
function behind(
  policies: EffectivePolicies,
  waypoint: Waypoint,
  question: Question,
): AmbientOutcome | undefined {
  const { dialled, request, options } = question;
  const { mesh } = policies;
  const { pods, name, missing } = endsOf(mesh, question);
  const ip = waypointAddress(waypoint, options);
  const { namespace } = waypoint;
  const outcomes = waypoint.serviceAccounts.flatMap((serviceAccount) => {
    const from = { kind: 'mesh', namespace, serviceAccount, trustDomain: undefined } as const;
    return pods.map((pod) => behindWaypoint(policies, { ...request, from, ip }, pod));
  });
  const guarded = outcomes.filter((outcome) => outcome !== undefined);
  const doubts = 'served' in dialled ? reroutes(mesh, waypoint, dialled) : [];
  if (guarded.length > 0 && doubts.length > 0) return isOpen(doubts);
  if (missing.length > 0) return isOpen(missing);
  if (guarded.length === 0) return undefined;
  const open = passes({ stage: 'transport', note: 'no ztunnel stands before the pod', at: undefined });
  return agreed(guarded.length === outcomes.length ? guarded : [...guarded, open], whichPod(name));
}

/** A connection whose target is found. */
interface Question {
  readonly dialled: Dialled;
  readonly request: AmbientRequest;
  readonly options: AmbientRequestOptions;
}

function whole(path: WaypointDecision['path'], outcome: AmbientOutcome): WaypointDecision {
  return { ...outcome, path, waypoint: undefined, behind: undefined, arrives: outcome.verdict };
}

function arrival(atWaypoint: AmbientOutcome, atPods: AmbientOutcome | undefined): AmbientOutcome['verdict'] {
  const verdicts = [atWaypoint.verdict, atPods?.verdict ?? 'allowed'];
  if (verdicts.includes('denied')) return 'denied';
  return verdicts.includes('unknown') ? 'unknown' : 'allowed';
}

function viaWaypoint(
  policies: EffectivePolicies,
  waypoint: Waypoint,
  question: Question,
  client: WaypointCall['client'],
): WaypointDecision {
  const { mesh } = policies;
  const notServed = {
    key: 'waypoint',
    text: `what Gateway ${waypoint.key} makes of the tunnel: its class is not known to be one of waypoints`,
  };
  const decided = waypoint.isServed
    ? throughWaypoint({ ...question, mesh, waypoint, client })
    : isOpen([notServed]);
  const atPods = decided.verdict === 'denied' ? undefined : behind(policies, waypoint, question);
  return {
    ...decided,
    path: 'via-waypoint',
    waypoint: waypoint.key,
    behind: atPods,
    arrives: arrival(decided, atPods),
  };
}

function decideDialled(policies: EffectivePolicies, question: Question): WaypointDecision {
  const way = chooseWay(policies, question);
  switch (way.path) {
    case 'direct':
      return whole('direct', after([way.step], directly(policies, question)));
    case 'unknown':
      return whole('unknown', isOpen(way.missing, [way.step]));
    case 'via-waypoint': {
      const decision = viaWaypoint(policies, way.waypoint, question, way.client);
      return { ...decision, ...after([way.step], decision) };
    }
  }
}

/** A Service without an address of its own: clients dial its pods. */
function decidePods(
  policies: EffectivePolicies,
  called: CalledService,
  question: Question,
): WaypointDecision {
  const { request } = question;
  const { pods, name, missing } = endsOf(policies.mesh, question);
  const decisions = pods.map((pod) => {
    const to = { workload: pod.workload.id, port: pod.port };
    return decideDialled(policies, { ...question, dialled: pod, request: { ...request, to } });
  });
  const [first] = decisions;
  if (first === undefined)
    return whole('direct', missing.length > 0 ? isOpen(missing) : leadsNowhere(called, request.to.port));
  const same = decisions.every(
    ({ path, waypoint, verdict, arrives }) =>
      path === first.path &&
      waypoint === first.waypoint &&
      verdict === first.verdict &&
      arrives === first.arrives,
  );
  if (same) return first;
  const open = decisions.flatMap((decision) => decision.missing);
  return whole('unknown', isOpen(uniqueEvidence([whichPod(name), ...open])));
}

const unresolved = {
  alias: 'where the name that it stands for leads',
  resolved: 'what its host resolves to',
} as const;

/**
 * What becomes of a connection in an ambient mesh, and of the request in it: whether it passes a waypoint, which one, what
 * that decides, and what the ztunnel of the pod makes of the connection that gets there.
 */
export function decideWaypoint(
  policies: EffectivePolicies,
  request: AmbientRequest,
  options: AmbientRequestOptions = {},
): WaypointDecision {
  const { to } = request;
  if ('workload' in to) {
    const workload = workloadOf(policies, to.workload);
    if (workload === undefined)
      return whole('unknown', isOpen([{ key: 'workload', text: `workload ${to.workload}` }]));
    return decideDialled(policies, { dialled: { workload, port: to.port }, request, options });
  }
  const called = calledService(policies.mesh, to.service);
  if (called === undefined)
    return whole('unknown', isOpen([{ key: 'service', text: `Service or ServiceEntry ${to.service}` }]));
  const question = { dialled: called, request, options };
  switch (called.addressing) {
    case 'virtual':
      return decideDialled(policies, question);
    case 'pods':
      return decidePods(policies, called, question);
    default: {
      const text = `${to.service}: ${unresolved[called.addressing]}`;
      return whole('unknown', isOpen([{ key: 'address', text }]));
    }
  }
}
