import { stringAt } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { Client } from '#policy/request/access-request.js';
import type { ClientProxy } from '#policy/waypoint/waypoint-request.js';
import { allNames, readNamed, workloadsNamed } from './named.js';
import type { Misnamed } from './named.js';

/** Who sends a request. */
export type Caller =
  /** Someone outside the mesh, without identity. */
  | { readonly kind: 'outside' }
  /** Whoever runs as this service account, through a proxy of the mesh. */
  | { readonly kind: 'account'; readonly namespace: string; readonly serviceAccount: string }
  | { readonly kind: 'workload'; readonly workload: Workload };

const outsideWords: ReadonlySet<string> = new Set(['-', 'outside']);

/** Finds the caller: `-` or `outside`, `namespace/sa/account`, or a workload's `namespace/[Kind/]name`. */
export function resolveCaller({ mesh }: EffectivePolicies, text: string): Caller | Misnamed {
  if (outsideWords.has(text)) return { kind: 'outside' };
  const named = readNamed(text);
  const hint = 'Write namespace/workload, namespace/sa/account, or - for a caller outside the mesh.';
  if (named === undefined || named.port !== undefined)
    return { named: text, problem: `"${text}" names no caller`, hint, candidates: [] };
  const { namespace, kind, name } = named;
  if (kind === 'sa' || kind === 'ServiceAccount') return { kind: 'account', namespace, serviceAccount: name };
  const [workload, ...others] = workloadsNamed(mesh, named);
  const typed = `${namespace}/${name}`;
  if (workload === undefined) {
    const problem = `the input holds no workload ${typed}`;
    const account = `An account needs no workload: ${namespace}/sa/${name}.`;
    return { named: typed, problem, hint: account, candidates: allNames(mesh) };
  }
  if (others.some(({ serviceAccount }) => serviceAccount !== workload.serviceAccount)) {
    const kinds = [workload, ...others].map((each) => `${namespace}/${each.kind}/${name}`).join(', ');
    return {
      named: typed,
      problem: `${typed} means several workloads`,
      hint: `One of ${kinds}.`,
      candidates: [],
    };
  }
  return { kind: 'workload', workload };
}

/** The address of a workload's pods, when the input shows one and only one. */
export function addressOf(caller: Caller): string | undefined {
  if (caller.kind !== 'workload') return undefined;
  const { kind, resource, pods } = caller.workload;
  const objects = kind === 'Pod' ? [resource] : pods;
  const [only, ...others] = new Set(objects.map(({ object }) => stringAt(object, 'status', 'podIP')));
  return others.length === 0 ? only : undefined;
}

/** One way in which a caller may connect. */
export interface Connection {
  readonly client: Client;
  /** Why it connects like this, for people. */
  readonly note: string;
  /** Server name that its proxy sends. */
  readonly sni?: string;
  /** What sends its connections on; undefined: not known, or nothing of the mesh. */
  readonly through?: ClientProxy | undefined;
  /** True when the caller's own proxy lets nothing out. */
  readonly isRefused?: true;
}

/** The ways in which a caller may connect; more than one when the input does not tell. */
export interface Connections {
  readonly ways: readonly Connection[];
  readonly missing: readonly MissingEvidence[];
}

/** The caller with the certificate of the mesh. */
export function meshClient(namespace: string, serviceAccount: string): Client {
  return { kind: 'mesh', namespace, serviceAccount, trustDomain: undefined };
}
