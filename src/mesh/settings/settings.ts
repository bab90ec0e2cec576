import type { FieldPath, FieldRef, Problem, Resource } from '#documents/document.js';
import { stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { Assumption, MeshSettings, Scope } from '#mesh/mesh.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import { chooseSettings, settingsOfRevision } from './choose-settings.js';
import type { ChosenSettings } from './choose-settings.js';
import type { ConfigLayer, MeshConfigSource, ParseYaml } from './control-plane.js';
import { readControlPlanes } from './control-planes.js';
import { readRevisionTags, readVersions } from './revisions.js';

/** What settings are read from. */
export interface SettingsInput {
  readonly index: ResourceIndex;
  readonly scope: Scope;
  readonly parseYaml: ParseYaml;
  readonly isContested: (resource: Resource) => boolean;
  readonly toldVersion: string | undefined;
}

/** The settings of the default revision and of the others, what had to be assumed for them, and mesh configurations that Istio cannot read. */
export interface ReadSettings {
  readonly settings: MeshSettings;
  /** Settings of the other revisions that the input shows, by revision. */
  readonly others: ReadonlyMap<string, MeshSettings>;
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}

const defaults = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  domainSuffix: 'cluster.local',
};

/** How many leading steps of the path exist in a layer. */
function depthIn({ config }: ConfigLayer, path: FieldPath): number {
  let depth = path.length;
  while (depth > 0 && valueAt(config, path.slice(0, depth)) === undefined) depth -= 1;
  return depth;
}

/** The field of the last layer that says most of a path. */
function fieldOf(source: MeshConfigSource | undefined, path: FieldPath): FieldRef | undefined {
  if (source === undefined || valueAt(source.config, path) === undefined) return undefined;
  let best: { readonly layer: ConfigLayer; readonly depth: number } | undefined;
  for (const layer of source.layers) {
    const depth = depthIn(layer, path);
    if (best === undefined || depth >= best.depth) best = { layer, depth };
  }
  if (best === undefined) return undefined;
  const { at, opaque } = best.layer;
  return opaque ? at : { resource: at.resource, path: [...at.path, ...path.slice(0, best.depth)] };
}

/** What stands for settings that the input does not give, in one line. */
function assumptionsOf({ known, chosen }: { known: boolean; chosen: ChosenSettings }): readonly Assumption[] {
  if (known) return chosen.notes.map((text) => ({ key: 'revision', text }));
  const why = chosen.doubts.length === 0 ? 'no mesh config in the input' : chosen.doubts.join('; ');
  const trust = trustDomainOf(chosen);
  const cluster = chosen.domainSuffix ?? defaults.domainSuffix;
  const domains =
    trust === cluster
      ? `trust domain and cluster domain ${trust}`
      : `trust domain ${trust}, cluster domain ${cluster}`;
  const text = `${why}; assumed: root namespace ${rootNamespaceOf(chosen)}, ${domains}`;
  return [{ key: 'mesh-config', text }];
}

function rootNamespaceOf({ meshConfig }: ChosenSettings): string {
  return nonEmpty(stringAt(meshConfig?.config, 'rootNamespace')) ?? defaults.rootNamespace;
}

function trustDomainOf({ meshConfig }: ChosenSettings): string {
  return nonEmpty(stringAt(meshConfig?.config, 'trustDomain')) ?? defaults.trustDomain;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

type Constant = Pick<MeshSettings, 'versions' | 'toldVersion' | 'revisionTags'>;

function settingsFrom(chosen: ChosenSettings, known: boolean, constant: Constant): MeshSettings {
  const { meshConfig } = chosen;
  return {
    ...constant,
    sources: (meshConfig?.layers ?? []).map(({ at }) => at),
    known,
    rootNamespace: rootNamespaceOf(chosen),
    trustDomain: trustDomainOf(chosen),
    trustDomainAliases: stringsAt(meshConfig?.config, 'trustDomainAliases'),
    domainSuffix: chosen.domainSuffix ?? defaults.domainSuffix,
    config: meshConfig?.config ?? {},
    env: Object.fromEntries(chosen.env.map(({ name, value }) => [name, value])),
    envSource: Object.fromEntries(chosen.env.map(({ name, at }) => [name, at])),
    defaultRevision: chosen.revision,
    injector: chosen.injector?.settings,
    injectorSource: chosen.injector?.at,
    fieldOf: (path) => fieldOf(meshConfig, path),
  };
}

/**
 * Reads the mesh-wide settings from every place that the input has them in: ConfigMaps and Deployment of istiod
 * first, else the resources that ask for an installation. Several control planes: see `defaultRevision`.
 */
export function readSettings(input: SettingsInput): ReadSettings {
  const { index, scope, isContested } = input;
  const { facts, problems } = readControlPlanes(index, input.parseYaml);
  const revisionTags = readRevisionTags(index, facts);
  const constant = { versions: readVersions(facts), toldVersion: input.toldVersion, revisionTags };
  const refused = problems.some(({ fatal }) => fatal);
  const isKnown = ({ doubts, meshConfig }: ChosenSettings): boolean =>
    doubts.length === 0 && !refused && (scope === 'complete' || meshConfig !== undefined);
  const chosen = chooseSettings(facts, revisionTags, isContested);
  const revisions = new Set(facts.map(({ revision }) => revision));
  revisions.delete(chosen.revision);
  const others = [...revisions].map((revision) =>
    settingsOfRevision(facts, revision, { rivals: [], isContested }),
  );
  return {
    settings: settingsFrom(chosen, isKnown(chosen), constant),
    others: new Map(others.map((other) => [other.revision, settingsFrom(other, isKnown(other), constant)])),
    assumptions: assumptionsOf({ known: isKnown(chosen), chosen }),
    problems,
  };
}
