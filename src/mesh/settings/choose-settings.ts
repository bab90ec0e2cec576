import type { Resource } from '#documents/document.js';
import { compareText } from '#mesh/creation-order.js';
import type { ControlPlaneFacts, EnvEntry, InjectorSource, MeshConfigSource } from './control-plane.js';
import { byTrust, defaultRevision } from './revisions.js';

/** The settings of the revision that stands for the mesh. */
export interface ChosenSettings {
  readonly revision: string;
  readonly meshConfig: MeshConfigSource | undefined;
  readonly env: readonly EnvEntry[];
  readonly domainSuffix: string | undefined;
  readonly injector: InjectorSource | undefined;
  /** Why nobody can say that these are the settings in force. */
  readonly doubts: readonly string[];
  /** Choices that were made among things that agree or that have a documented order. */
  readonly notes: readonly string[];
}

function nameOf({ kind, namespace, name }: Resource): string {
  if (name === '') return `${kind} without a name`;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function namesOf(a: Resource, b: Resource): string {
  const [one, other] = [nameOf(a), nameOf(b)];
  return one === other ? `several of ${one}` : `${one} and ${other}`;
}

/** No cluster takes an object without a name: istioctl does, and merges such files over a profile and over each other. */
function isOverlay({ kind, name }: Resource): boolean {
  return kind === 'IstioOperator' && name === '';
}

/** The namespace among several in which the settings are looked for: istiod's own, else istio-system, else the first by name. */
function namespaceOf(facts: readonly ControlPlaneFacts[]): string | undefined {
  const istiod = facts.find(({ origin, env }) => origin === 'rendered' && env !== undefined);
  const names = [...new Set(facts.map(({ namespace }) => namespace))].sort(compareText);
  return istiod?.namespace ?? (names.includes('istio-system') ? 'istio-system' : names[0]);
}

/** Facts of equal rank that give a mesh configuration. */
function candidates(facts: readonly ControlPlaneFacts[]): readonly ControlPlaneFacts[] {
  const configured = facts.filter(({ meshConfig }) => meshConfig !== undefined);
  const rendered = configured.filter(({ origin }) => origin === 'rendered');
  return rendered.length > 0 ? rendered : configured;
}

function sameConfig(a: ControlPlaneFacts, b: ControlPlaneFacts): boolean {
  return JSON.stringify(a.meshConfig?.config) === JSON.stringify(b.meshConfig?.config);
}

/** Why the chosen mesh configuration may not be the one in force. */
function doubtsOf(
  choice: readonly ControlPlaneFacts[],
  isContested: (resource: Resource) => boolean,
): readonly string[] {
  const [chosen, ...others] = choice;
  if (chosen === undefined) return [];
  const different = others.filter((other) => !sameConfig(chosen, other));
  return [
    ...(isContested(chosen.resource) ? [`${nameOf(chosen.resource)} is contested`] : []),
    ...(isOverlay(chosen.resource) && different.length === 0
      ? [`${nameOf(chosen.resource)} may be one of several that istioctl merges`]
      : []),
    ...different
      .slice(0, 1)
      .map(({ resource }) => `${namesOf(chosen.resource, resource)} give different settings`),
  ];
}

function first<T>(
  facts: readonly ControlPlaneFacts[],
  read: (fact: ControlPlaneFacts) => T | undefined,
): T | undefined {
  for (const fact of byTrust(facts)) {
    const found = read(fact);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Chooses what counts as the settings of one revision: in one namespace, what istiod's own ConfigMaps and Deployment
 * say before what an installer is asked for. `rivals`: facts that would count as well if the revision were another.
 */
export function settingsOfRevision(
  facts: readonly ControlPlaneFacts[],
  revision: string,
  given: {
    readonly rivals: readonly ControlPlaneFacts[];
    readonly isContested: (resource: Resource) => boolean;
  },
): ChosenSettings {
  const ofRevision = facts.filter((fact) => fact.revision === revision);
  const namespace = namespaceOf(ofRevision);
  const own = ofRevision.filter((fact) => fact.namespace === namespace);
  const choice = candidates(own);
  const rivals = given.rivals.filter((rival) => !choice.includes(rival));
  return {
    revision,
    meshConfig: choice[0]?.meshConfig,
    env: first(own, ({ env }) => env) ?? [],
    domainSuffix: first(own, ({ domainSuffix }) => domainSuffix),
    injector: first(own, ({ injector }) => injector),
    doubts: doubtsOf([...choice, ...rivals], given.isContested),
    notes: [],
  };
}

/** Chooses what counts as the mesh's settings: those of the default revision. Doubts are recorded, never resolved by input order alone. */
export function chooseSettings(
  facts: readonly ControlPlaneFacts[],
  tags: Readonly<Record<string, string>>,
  isContested: (resource: Resource) => boolean,
): ChosenSettings {
  const { name: revision, chosenAmong } = defaultRevision(facts, tags);
  const rivals = chosenAmong.length === 0 ? [] : candidates(facts);
  const chosen = settingsOfRevision(facts, revision, { rivals, isContested });
  const text = `settings of revision ${revision} stand for the mesh: no default among ${chosenAmong.join(', ')}`;
  return { ...chosen, notes: chosenAmong.length === 0 ? [] : [text] };
}
