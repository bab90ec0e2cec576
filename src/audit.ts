import type { Readable } from 'node:stream';
import { catalogue } from '#checks';
import type { AuditedEnvironment, AuditResult, CatalogueCheck } from '#check/index.js';
import { runChecks } from '#check/index.js';
import type { Loaded, Problem, Resource } from '#documents/document.js';
import { defaultLimits } from '#documents/limits.js';
import type { LoadProgress, TextSource } from '#documents/load.js';
import { loadDocuments } from '#documents/load.js';
import { readAnyYaml } from '#documents/read-any-yaml.js';
import type { BuiltMeshes } from '#mesh/build-meshes.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { Mesh, Scope } from '#mesh/mesh.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { isReadKind } from '#schemas/kinds.js';
import { loadSchemas } from '#schemas/schema-set.js';
import { validateResource } from '#schemas/validate.js';
import { version } from './version.js';

/** What to audit, and how. */
export interface AuditOptions {
  /** Files, directories, globs; `-` for `stdin`. */
  readonly paths?: readonly string[];
  /** Texts in memory; with them alone no file is touched. */
  readonly sources?: readonly TextSource[];
  /** Paths of resources that complete the mesh but are not reported on. */
  readonly also?: readonly string[];
  /** Absolute path that paths are relative to; default: the working directory. */
  readonly cwd?: string;
  readonly stdin?: Readable;
  /** Default `auto`: complete when the input looks like the dump of a whole cluster. */
  readonly scope?: Scope | 'auto';
  /** True: every object counts as let in by the API server, whatever validation says. */
  readonly stored?: boolean;
  /** Default: the whole catalogue. */
  readonly checks?: readonly CatalogueCheck[];
  readonly onProgress?: (progress: LoadProgress) => void;
}

/**
 * Audits manifests: load, validate, build the mesh of each environment, judge. Never writes and never throws for bad
 * input, which becomes `inputs.problems`; the same input yields the same result.
 *
 * @throws TypeError when neither paths nor sources are given.
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  if (options.paths === undefined && options.sources === undefined) {
    throw new TypeError('audit() needs paths or sources');
  }
  const loaded = await loadDocuments({
    paths: options.paths ?? [],
    also: options.also ?? [],
    sources: options.sources ?? [],
    cwd: options.cwd ?? process.cwd(),
    read: isReadKind,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const built = await toMeshes(loaded, options);
  const contexts = built.meshes.map((mesh) => ({ mesh, policies: effectivePolicies(mesh) }));
  const { problems, ...judged } = runChecks(options.checks ?? catalogue, contexts, { locate: loaded.locate });
  return {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version },
    environments: built.meshes.map(describeEnvironment),
    inputs: {
      stats: loaded.stats,
      skipped: loaded.skipped,
      problems: [...loaded.problems, ...built.problems, ...problems].sort(byPlace),
    },
    ...judged,
  };
}

async function toMeshes({ resources, kustomizations }: Loaded, options: AuditOptions): Promise<BuiltMeshes> {
  const definitions = resources.filter(isDefinition).map(({ object }) => object);
  const schemas = await loadSchemas(resources, definitions);
  return buildMeshes(resources, {
    scope: options.scope ?? 'auto',
    stored: options.stored === true,
    validate: (resource) => validateResource(resource, schemas),
    kustomizations,
    parseYaml: (text) => {
      const result = readAnyYaml(text, defaultLimits);
      return 'value' in result ? result.value : undefined;
    },
  });
}

function isDefinition({ group, kind }: Resource): boolean {
  return group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition';
}

function describeEnvironment({
  environment,
  scope,
  namespaces,
  workloads,
  services,
  ...mesh
}: Mesh): AuditedEnvironment {
  const policyGroups = ['security.istio.io', 'telemetry.istio.io'];
  const versions = [...new Set(Object.values(mesh.settings.versions))].sort();
  return {
    name: environment,
    scope,
    namespaces: namespaces.size,
    workloads: workloads.length,
    services: services.length,
    policies: mesh.resources.filter(({ group }) => policyGroups.includes(group)).length,
    istioVersion: versions.length === 0 ? undefined : versions.join(', '),
    assumptions: mesh.assumptions,
  };
}

/** By file, line, column, code and text, by code unit. */
function byPlace(a: Problem, b: Problem): number {
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
