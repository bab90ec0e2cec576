import type { Problem, Resource } from '#documents/document.js';
import type { Validation } from '#schemas/validation.js';
import type { IsClusterScoped } from './cluster-scoped.js';
import { indexLabels } from './label-index.js';
import type { Assumption, KindName, Mesh, Scope } from './mesh.js';
import { readNamespaces } from './namespaces.js';
import { indexResources } from './resource-index.js';
import { indexServices } from './service-index.js';
import { readServices } from './services.js';
import { readCniSettings } from './settings/cni-settings.js';
import type { ParseYaml } from './settings/control-plane.js';
import { readSettings } from './settings/settings.js';
import type { SettledNames } from './settle-names.js';
import { isWholeWithout } from './unlisted.js';
import { readWorkloads } from './workloads.js';

/** Everything one mesh is made of. */
export interface MeshInput {
  readonly environment: string;
  readonly scope: Scope;
  /** What the input itself says that it lacks. */
  readonly assumptions: readonly Assumption[];
  /** Kinds that may be there and were not read. */
  readonly unlisted: readonly KindName[];
  /** True when all Secrets of a live cluster were listed. */
  readonly listsSecrets?: boolean;
  /** Resources that take part in decisions. */
  readonly names: SettledNames;
  readonly refused: readonly Resource[];
  readonly isClusterScoped: IsClusterScoped;
  readonly validationOf: (resource: Resource) => Validation | undefined;
  readonly parseYaml: ParseYaml;
  /** Istio's version where the input shows none. */
  readonly toldVersion: string | undefined;
  /** The day to judge by. */
  readonly today?: string | undefined;
}

/** A mesh and what stopped us reading parts of its settings. */
export interface BuiltMesh {
  readonly mesh: Mesh;
  readonly problems: readonly Problem[];
}

function missingTemplate(rollout: Resource): Assumption {
  const name = `${rollout.namespace ?? 'default'}/${rollout.name}`;
  return {
    key: 'workload-template',
    text: `Rollout ${name} is left out: the workload it refers to is not in the input`,
  };
}

/** Builds the model of one environment. Pure; the same resources in another order give the same decisions. */
export function buildMesh(input: MeshInput): BuiltMesh {
  const { environment, scope, refused, validationOf } = input;
  const { resources, contested, duplicates } = input.names;
  const index = indexResources(resources, input.isClusterScoped);
  const contestedResources = new Set(contested.flatMap(({ variants }) => variants));
  const isContested = (resource: Resource): boolean =>
    contestedResources.has(resource) || resource.patched !== undefined;
  const { settings, others, assumptions, problems } = readSettings({
    index,
    // What was listed of a cluster is all there is of it.
    scope: input.unlisted.length > 0 && isWholeWithout(input.unlisted) ? 'complete' : scope,
    parseYaml: input.parseYaml,
    isContested,
    toldVersion: input.toldVersion,
  });
  const { workloads, withoutTemplate } = readWorkloads(resources, settings.trustDomain);
  const labels = indexLabels(workloads);
  const { namespaceOf } = index;
  const services = readServices(index.ofKind('', 'Service'), {
    domainSuffix: settings.domainSuffix,
    namespaceOf,
  });
  const serviceIndex = indexServices({ services, workloads, labels, resources: index });
  const mesh: Mesh = {
    environment,
    scope,
    settings,
    revisions: others,
    cni: readCniSettings(index, input.parseYaml),
    today: input.today,
    unlisted: input.unlisted,
    listsSecrets: input.listsSecrets === true,
    assumptions: [...input.assumptions, ...assumptions, ...withoutTemplate.map(missingTemplate)],
    namespaces: readNamespaces({ resources, namespaceOf, also: [settings.rootNamespace] }),
    workloads,
    services,
    contested,
    resources,
    duplicates,
    refused,
    validationOf,
    ...index,
    ...serviceIndex,
    isContested,
    workloadsIn: labels.inNamespace,
    workloadsMatching: labels.matching,
    parseYaml: input.parseYaml,
  };
  return { mesh, problems };
}
