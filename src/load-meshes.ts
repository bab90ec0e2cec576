import type { Readable } from 'node:stream';
import type { AuditedEnvironment } from '#check/index.js';
import type { Loaded, Problem, Resource } from '#documents/document.js';
import { defaultLimits } from '#documents/limits.js';
import type { LoadProgress } from '#documents/load.js';
import { loadDocuments } from '#documents/load.js';
import { readAnyYaml } from '#documents/read-any-yaml.js';
import type { TextSource } from '#documents/read-source.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import { clusterScopedIn } from '#mesh/cluster-scoped.js';
import type { NamedTrees } from '#mesh/explicit-environments.js';
import type { Mesh, Scope } from '#mesh/mesh.js';
import { versionAssumption } from '#policy/istio-version.js';
import type { OwnProduct } from '#policy/waf/merge-products.js';
import { ownKinds } from '#policy/waf/own-kinds.js';
import { isReadKind } from '#schemas/kinds.js';
import { loadSchemas } from '#schemas/schema-set.js';
import { validateResource } from '#schemas/validate.js';

/** What to read, and how. */
export interface InputOptions {
  /** Files, directories, globs; `-` for `stdin`. */
  readonly paths?: readonly string[];
  /** Texts in memory; with them alone no file is touched. */
  readonly sources?: readonly TextSource[];
  /** Paths of resources that complete the mesh but are not reported on. */
  readonly also?: readonly string[];
  /** Which trees (paths as they are shown) make up which environment; default: what the folders tell. */
  readonly environments?: NamedTrees;
  /** What `also` sources make the mesh believe without evidence, a sentence each, for reports. */
  readonly assumed?: readonly string[];
  /** Absolute path that paths are relative to; default: the working directory. */
  readonly cwd?: string;
  readonly stdin?: Readable;
  /** Default `auto`: complete when the input looks like the dump of a whole cluster. */
  readonly scope?: Scope | 'auto';
  /** True: every object counts as let in by the API server, whatever validation says. */
  readonly stored?: boolean;
  /** Istio's version (`1.27`) where the input shows none; default: the newest line whose semantics are implemented. */
  readonly istioVersion?: string;
  /** Web application firewalls of one's own, or marks to add to those that are known. */
  readonly wafProducts?: readonly OwnProduct[];
  /** The day (`2026-08-27`) by which releases of Istio count as supported; default: that of the tables carried along. */
  readonly today?: string;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What was read, and the mesh of each environment in it. */
export interface LoadedMeshes {
  readonly loaded: Loaded;
  readonly meshes: readonly Mesh[];
  /** Of reading and of building, in no order. */
  readonly problems: readonly Problem[];
}

/**
 * Loads manifests, validates them and builds the mesh of each environment. Never writes and never throws for bad input,
 * which becomes `problems`.
 *
 * @throws TypeError when neither paths nor sources are given.
 */
export async function loadMeshes(options: InputOptions): Promise<LoadedMeshes> {
  if (options.paths === undefined && options.sources === undefined) {
    throw new TypeError('paths or sources are needed');
  }
  const isOwn = ownKinds(options.wafProducts);
  const loaded = await loadDocuments({
    paths: options.paths ?? [],
    also: options.also ?? [],
    sources: options.sources ?? [],
    cwd: options.cwd ?? process.cwd(),
    read: (group, kind) => isReadKind(group, kind) || isOwn(group, kind),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const { kustomizations } = loaded;
  const resources = inNamespaces(loaded.resources, options.sources ?? []);
  const definitions = resources.filter(isDefinition).map(({ object }) => object);
  const schemas = await loadSchemas(resources, definitions);
  const { meshes, problems } = buildMeshes(resources, {
    scope: scopeFor(options, loaded),
    stored: options.stored === true,
    validate: (resource) => validateResource(resource, schemas),
    kustomizations,
    ...(options.environments === undefined ? {} : { environments: options.environments }),
    ...(options.istioVersion === undefined ? {} : { istioVersion: options.istioVersion }),
    ...(options.today === undefined ? {} : { today: options.today }),
    parseYaml: (text) => {
      const result = readAnyYaml(text, defaultLimits);
      return 'value' in result ? result.value : undefined;
    },
  });
  return { loaded, meshes, problems: [...loaded.problems, ...problems] };
}

/** Objects that name no namespace live in the one that their text is meant for. */
function inNamespaces(resources: readonly Resource[], sources: readonly TextSource[]): readonly Resource[] {
  const meant = new Map(sources.flatMap(({ path, namespace }) => (namespace ? [[path, namespace]] : [])));
  if (meant.size === 0) return resources;
  const isClusterScoped = clusterScopedIn(resources);
  return resources.map((resource) => {
    const namespace = resource.namespace ?? meant.get(resource.origin.file);
    const named = namespace === undefined || isClusterScoped(resource.group, resource.kind);
    return named ? resource : { ...resource, namespace };
  });
}

/** A dump that holds only a part by design proves no absence, however much it looks like a whole cluster. */
function scopeFor({ scope = 'auto' }: InputOptions, { layouts }: Loaded): Scope | 'auto' {
  return scope === 'auto' && layouts.some(({ holds }) => holds === 'part') ? 'partial' : scope;
}

function isDefinition({ group, kind }: Resource): boolean {
  return group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition';
}

/** A mesh in figures, with what was assumed for want of evidence. */
export function describeEnvironment(mesh: Mesh, { layouts }: Pick<Loaded, 'layouts'>): AuditedEnvironment {
  const policyGroups = ['security.istio.io', 'telemetry.istio.io'];
  const versions = [...new Set(Object.values(mesh.settings.versions))].sort();
  return {
    name: mesh.environment,
    scope: mesh.scope,
    namespaces: mesh.namespaces.size,
    workloads: mesh.workloads.length,
    services: mesh.services.length,
    policies: mesh.resources.filter(({ group }) => policyGroups.includes(group)).length,
    istioVersion: versions.length === 0 ? undefined : versions.join(', '),
    assumptions: [
      ...layouts.map(({ says }) => ({ key: 'dump-layout', text: says })),
      ...mesh.assumptions,
      ...versionAssumption(mesh),
    ],
  };
}

/** Order of problems: by file, line, column, code and text, by code unit. */
export function byPlace(a: Problem, b: Problem): number {
  return (
    compare(a.file, b.file) ||
    compare(a.line ?? 0, b.line ?? 0) ||
    compare(a.column ?? 0, b.column ?? 0) ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
