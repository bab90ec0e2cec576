import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { attaches } from './attachment.js';
import type { PolicyTarget } from './attachment.js';
import { contestedEvidence } from './contested.js';
import type { MissingEvidence } from './decision.js';
import { policySelectorOf } from './policy-selector.js';
import type { Visibility } from './revision-visibility.js';

/** A kind of policy, as the API server names it. */
export interface PolicyKind {
  readonly group: string;
  readonly kind: string;
}

/** The policies that reach a target, and what keeps us from being sure. */
export interface AttachedPolicies {
  /** In the order of the namespaces asked, oldest first within each. Doubtful ones are not among them. */
  readonly policies: readonly Resource[];
  /** Policies that may or may not apply: contested ones, and those of a revision that may be another's. */
  readonly doubtful: readonly Resource[];
  readonly missing: readonly MissingEvidence[];
}

/** Policies of one namespace: those without labels in their selector, the others by one pair of it. */
interface NamespacePolicies {
  readonly all: readonly Resource[];
  readonly open: readonly number[];
  readonly byPair: ReadonlyMap<string, readonly number[]>;
}

const empty: NamespacePolicies = { all: [], open: [], byPair: new Map() };
const indexes = new WeakMap<Mesh, Map<string, NamespacePolicies>>();

function indexNamespace(all: readonly Resource[]): NamespacePolicies {
  if (all.length === 0) return empty;
  const open: number[] = [];
  const byPair = new Map<string, number[]>();
  for (const [position, policy] of all.entries()) {
    const { labels, refs } = policySelectorOf(policy);
    const [pair] = refs.length > 0 ? [] : Object.entries(labels ?? {});
    if (pair === undefined) open.push(position);
    else getOrMake(byPair, `${pair[0]}\0${pair[1]}`, () => []).push(position);
  }
  return { all, open, byPair };
}

function policiesIn(mesh: Mesh, { group, kind }: PolicyKind, namespace: string): NamespacePolicies {
  const index = getOrMake(indexes, mesh, () => new Map<string, NamespacePolicies>());
  return getOrMake(index, `${group}\0${kind}\0${namespace}`, () =>
    indexNamespace(mesh.inNamespace(group, kind, namespace)),
  );
}

/** Policies whose selector the labels may satisfy, in creation order; no other policy of the namespace is looked at. */
function candidates({ all, open, byPair }: NamespacePolicies, target: PolicyTarget): readonly Resource[] {
  const positions = [...open];
  if (byPair.size > 0)
    for (const [key, value] of Object.entries(target.labels))
      positions.push(...(byPair.get(`${key}\0${value}`) ?? []));
  positions.sort((a, b) => a - b);
  return positions.map((position) => all[position]).filter((policy) => policy !== undefined);
}

/** Which namespaces are asked, in which order, and what the workload's control plane reads. */
export interface AttachmentQuestion {
  readonly kind: PolicyKind;
  readonly target: PolicyTarget;
  readonly namespaces: readonly string[];
  readonly visibilityOf: (policy: Resource) => Visibility;
}

/** The policies of a kind that reach a target, by an index: the cost depends on what applies, not on the mesh. */
export function attachedPolicies(mesh: Mesh, question: AttachmentQuestion): AttachedPolicies {
  const policies: Resource[] = [];
  const doubtful: Resource[] = [];
  const missing: MissingEvidence[] = [];
  for (const namespace of new Set(question.namespaces)) {
    for (const policy of candidates(policiesIn(mesh, question.kind, namespace), question.target)) {
      const visibility = question.visibilityOf(policy);
      if (visibility === 'hidden' || !attaches(mesh, policy, question.target)) continue;
      if (mesh.isContested(policy)) missing.push(contestedEvidence(mesh, policy));
      else if (visibility === 'unknown') missing.push(revisionEvidence(policy));
      else policies.push(policy);
      if (policies.at(-1) !== policy) doubtful.push(policy);
    }
  }
  return { policies, doubtful, missing: uniqueEvidence(missing) };
}

function revisionEvidence(policy: Resource): MissingEvidence {
  return { key: 'revision', text: `which control plane revision reads ${policy.kind} ${policy.name}` };
}

/** The same list without repetitions. */
export function uniqueEvidence(missing: readonly MissingEvidence[]): readonly MissingEvidence[] {
  return [...new Map(missing.map((one) => [`${one.key}\0${one.text}`, one])).values()];
}
