import { stringAt } from '#documents/json.js';
import { compareText } from '#mesh/creation-order.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import { revisionName } from './control-plane.js';
import type { ControlPlaneFacts } from './control-plane.js';

/** Revision tags of the input: tag → revision (MutatingWebhookConfigurations of tags, Sail's IstioRevisionTag). */
export function readRevisionTags(
  index: ResourceIndex,
  facts: readonly ControlPlaneFacts[],
): Readonly<Record<string, string>> {
  const tags: [string, string][] = [];
  for (const { object } of index.ofKind('admissionregistration.k8s.io', 'MutatingWebhookConfiguration')) {
    const tag = stringAt(object, 'metadata', 'labels', 'istio.io/tag');
    if (tag !== undefined)
      tags.push([tag, revisionName(stringAt(object, 'metadata', 'labels', 'istio.io/rev'))]);
  }
  for (const { name, object } of index.ofKind('sailoperator.io', 'IstioRevisionTag')) {
    const target = stringAt(object, 'spec', 'targetRef', 'name') ?? '';
    const kind = stringAt(object, 'spec', 'targetRef', 'kind');
    const made = facts.find(({ resource }) => resource.kind === kind && resource.name === target);
    tags.push([name, made?.revision ?? target]);
  }
  return Object.fromEntries(tags);
}

/** Istio's version for each revision that shows one; a running istiod's own word counts before an installer's. */
export function readVersions(facts: readonly ControlPlaneFacts[]): Readonly<Record<string, string>> {
  const versions = new Map<string, string>();
  for (const { revision, version } of byTrust(facts)) {
    if (version !== undefined && !versions.has(revision)) versions.set(revision, version);
  }
  return Object.fromEntries(versions);
}

/** Facts in the order in which they are to be believed. */
export function byTrust(facts: readonly ControlPlaneFacts[]): readonly ControlPlaneFacts[] {
  return [
    ...facts.filter(({ origin }) => origin === 'rendered'),
    ...facts.filter(({ origin }) => origin === 'installer'),
  ];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The revision whose settings stand for the mesh, and whether the input says so or we had to choose. */
export interface DefaultRevision {
  readonly name: string;
  readonly chosenAmong: readonly string[];
}

/**
 * The default revision: the one that the tag `default` names, else the unnamed one, else the only one; where none of
 * these exists, the one of the newest version (then the last by name), which is a choice of ours.
 */
export function defaultRevision(
  facts: readonly ControlPlaneFacts[],
  tags: Readonly<Record<string, string>>,
): DefaultRevision {
  const names = [...new Set(facts.map(({ revision }) => revision))];
  const tagged = Object.hasOwn(tags, 'default') ? tags['default'] : undefined;
  if (tagged !== undefined && names.includes(tagged)) return { name: tagged, chosenAmong: [] };
  const [only, ...others] = names;
  if (only === undefined || names.includes('default')) return { name: 'default', chosenAmong: [] };
  if (others.length === 0) return { name: only, chosenAmong: [] };
  const versions = readVersions(facts);
  const versionOf = (name: string): string => versions[name] ?? '0';
  const sorted = names.sort((a, b) => compareVersions(versionOf(a), versionOf(b)) || compareText(a, b));
  return { name: sorted.at(-1) ?? only, chosenAmong: sorted };
}
