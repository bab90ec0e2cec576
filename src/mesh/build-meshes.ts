import type { Kustomization, Problem, Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import type { Validation } from '#schemas/validation.js';
import { buildMesh } from './build-mesh.js';
import { clusterScopedIn } from './cluster-scoped.js';
import { scopeOf } from './dump-scope.js';
import { findEnvironments } from './environments.js';
import { explicitEnvironments, type NamedTrees } from './explicit-environments.js';
import { getOrMake } from './lazy.js';
import type { Mesh, Scope } from './mesh.js';
import { clusterMinor, readAtVersion } from './read-at-version.js';
import type { ParseYaml } from './settings/control-plane.js';
import { contestedProblems, settleNames } from './settle-names.js';
import { readSnapshots } from './snapshots.js';

/** How the resources are to be read. */
export interface BuildOptions {
  /** `auto`: complete when the input looks like the dump of a whole cluster. */
  readonly scope: Scope | 'auto';
  /** What the API server and the webhook say of an object; undefined for kinds that are not validated. */
  readonly validate?: (resource: Resource) => Validation | undefined;
  /** True: every object counts as stored, whatever validation says. */
  readonly stored?: boolean;
  /** Reads YAML inside ConfigMaps; without it only JSON is understood there. */
  readonly parseYaml?: ParseYaml;
  /** Istio's version (`1.27`) where the input shows none. */
  readonly istioVersion?: string;
  /** The day (`2026-08-27`) by which releases count as supported; default: that of the tables. */
  readonly today?: string;
  /** Which trees make up which environment, where somebody says so. */
  readonly environments?: NamedTrees;
  /** What tells overlays apart that differ in no object of their own. */
  readonly kustomizations?: readonly Kustomization[];
}

/** The meshes of the input, one an environment, and what could not be told. */
export interface BuiltMeshes {
  readonly meshes: readonly Mesh[];
  readonly problems: readonly Problem[];
}

/** JSON is the part of YAML that needs no parser of its own. */
function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** True when the API server or the webhook would turn the object away. Unknown fields alone are dropped, not refused. */
function isRefused(validation: Validation | undefined): boolean {
  if (validation === undefined) return false;
  return validation.schema.length > 0 || (validation.webhook?.errors.length ?? 0) > 0;
}

/** Parses each text once, however many environments share it. */
function parseOnce(parseYaml: ParseYaml): ParseYaml {
  const memo = new Map<string, { readonly value: JsonValue | undefined }>();
  return (text) => getOrMake(memo, text, () => ({ value: parseYaml(text) })).value;
}

/** Answers for every resource once, however many environments share it. */
function validator(validate: BuildOptions['validate']): Mesh['validationOf'] {
  const memo = new Map<Resource, { readonly validation: Validation | undefined }>();
  return (resource) => getOrMake(memo, resource, () => ({ validation: validate?.(resource) })).validation;
}

/** One problem for each message: environments that share files would repeat it. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) getOrMake(seen, `${problem.file}\0${problem.message}`, () => problem);
  return [...seen.values()];
}

/**
 * Builds the model of every environment that the resources hold; one with an empty name when they hold but one.
 * Problems: ambiguous objects (not fatal) and mesh configurations that Istio cannot read (fatal).
 */
export function buildMeshes(resources: readonly Resource[], options: BuildOptions): BuiltMeshes {
  const validationOf = validator(options.validate);
  const parseYaml = parseOnce(options.parseYaml ?? parseJson);
  const isClusterScopedKind = clusterScopedIn(resources);
  const isClusterScoped = ({ group, kind }: Resource): boolean => isClusterScopedKind(group, kind);
  const namespaceOf = (resource: Resource): string =>
    isClusterScoped(resource) ? '' : (resource.namespace ?? 'default');
  const kustomizations = options.kustomizations ?? [];
  const input = { resources, kustomizations, isClusterScoped };
  const { environments, problems } =
    options.environments === undefined
      ? findEnvironments(input)
      : explicitEnvironments(options.environments, input);
  const completing = resources.filter((resource) => !resource.reported);
  const built = environments.map(({ name, resources: own }) => {
    const given = [...own, ...completing];
    const { istioVersion: toldVersion } = options;
    const sources = { isClusterScoped: isClusterScopedKind, parseYaml, toldVersion };
    const read = readAtVersion(given, clusterMinor(given, sources), validationOf);
    const { others: all, scope, problems: lacks, ...lacking } = readSnapshots(read.resources, options.scope);
    const takesPart = (resource: Resource): boolean =>
      resource.stored || options.stored === true || !isRefused(read.validationOf(resource));
    const names = settleNames(all.filter(takesPart), namespaceOf);
    const mesh = buildMesh({
      environment: name,
      scope: options.scope === 'auto' ? (scope ?? scopeOf(all)) : options.scope,
      ...lacking,
      names,
      refused: all.filter((resource) => !takesPart(resource)),
      isClusterScoped: isClusterScopedKind,
      validationOf: read.validationOf,
      parseYaml,
      toldVersion,
      today: options.today,
    });
    return { mesh: mesh.mesh, problems: [...lacks, ...mesh.problems, ...contestedProblems(names.contested)] };
  });
  return {
    meshes: built.map(({ mesh }) => mesh),
    problems: withoutRepeats([...problems, ...built.flatMap((each) => each.problems)]),
  };
}
