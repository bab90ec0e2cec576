import type { FieldPath, Problem, Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { stringMap } from '#mesh/string-map.js';
import type { ConfigLayer, ControlPlaneFacts, EnvEntry, MeshConfigSource } from './control-plane.js';
import { revisionName, versionIn } from './control-plane.js';
import { injectorOfValues } from './injector-settings.js';
import { applyMeshConfig } from './merge-mesh-config.js';
import { mergeValues } from './merge-values.js';
import { compatibilityValues, profileValues } from './profiles.js';
import { readMeshConfigObject } from './read-mesh-config.js';
import { refusedMeshConfig } from './refused-mesh-config.js';

/** What an installer (operator resource, Helm release) asks the istiod chart for. */
export interface Installation {
  readonly resource: Resource;
  /** Chart values as written, and where they stand. */
  readonly values: JsonObject;
  readonly valuesPath: FieldPath;
  /** True when the values are text inside the field. */
  readonly opaque: boolean;
  readonly profile: string | undefined;
  readonly profilePath: FieldPath;
  readonly compatibility?: string | undefined;
  readonly revision: string | undefined;
  readonly namespace: string;
  readonly version: string | undefined;
  /** A MeshConfig beside the values, which wins over the one in them. */
  readonly meshConfigPath?: FieldPath;
  /** Environment of istiod beside the values, which wins over theirs. */
  readonly env?: readonly EnvEntry[];
}

function layersOf(installation: Installation): readonly ConfigLayer[] {
  const { resource, values, valuesPath, opaque, profile, profilePath, meshConfigPath } = installation;
  const layer = (path: FieldPath, config: JsonObject | undefined, hidden: boolean): readonly ConfigLayer[] =>
    config === undefined ? [] : [{ at: { resource, path }, opaque: hidden, config }];
  const beside = meshConfigPath ?? [];
  return [
    ...layer(profilePath, objectAt(profileValues(profile), 'meshConfig'), true),
    ...layer(opaque ? valuesPath : [...valuesPath, 'meshConfig'], objectAt(values, 'meshConfig'), opaque),
    ...layer(beside, beside.length === 0 ? undefined : objectAt(resource.object, ...beside), false),
  ];
}

/** The root namespace that the chart writes when the values name none: the namespace of the installation. */
function rootNamespace({ namespace }: Installation): JsonObject {
  return namespace === 'istio-system' ? {} : { rootNamespace: namespace };
}

function meshConfigOf(installation: Installation): { meshConfig: MeshConfigSource } | { refused: Problem } {
  const written = layersOf(installation);
  const merged = written.reduce<JsonObject>(
    (below, { config }) => mergeValues(below, config),
    rootNamespace(installation),
  );
  const read = readMeshConfigObject(merged);
  const { resource, valuesPath } = installation;
  if ('error' in read) return { refused: refusedMeshConfig(resource, 'its meshConfig', read.error) };
  const chart = { at: { resource, path: valuesPath }, opaque: true, config: rootNamespace(installation) };
  const layers = written.length > 0 ? written : [chart];
  return { meshConfig: { config: applyMeshConfig({}, read.config), layers } };
}

function envOf(installation: Installation, values: JsonObject): readonly EnvEntry[] {
  const { resource, valuesPath, profilePath, opaque } = installation;
  const written = objectAt(installation.values, 'pilot', 'env');
  const inValues = Object.entries(stringMap(objectAt(values, 'pilot', 'env'))).map(([name, value]) => {
    const isWritten = written !== undefined && Object.hasOwn(written, name);
    const path = opaque ? valuesPath : [...valuesPath, 'pilot', 'env', name];
    return { name, value, at: { resource, path: isWritten ? path : profilePath } };
  });
  return [...inValues, ...(installation.env ?? [])];
}

/** What the istiod chart makes of an installation: MeshConfig, istiod's environment, injector settings. */
export function installationFacts(installation: Installation): ControlPlaneFacts {
  const { resource, profile, compatibility, namespace } = installation;
  const below = mergeValues(profileValues(profile), compatibilityValues(compatibility));
  const values = mergeValues(below, installation.values);
  const tag = stringAt(values, 'pilot', 'tag') ?? stringAt(values, 'global', 'tag');
  return {
    origin: 'installer',
    revision: revisionName(installation.revision ?? stringAt(values, 'revision')),
    namespace,
    resource,
    ...meshConfigOf(installation),
    env: envOf(installation, values),
    domainSuffix: stringAt(values, 'global', 'proxy', 'clusterDomain'),
    version: versionIn(installation.version) ?? versionIn(tag),
    injector: { settings: injectorOfValues(values), at: { resource, path: installation.valuesPath } },
  };
}
