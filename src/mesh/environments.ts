import type { Kustomization, Problem, Resource } from '#documents/document.js';
import { compareText } from './creation-order.js';
import { directoryTree } from './directory-tree.js';
import type { Directory } from './directory-tree.js';
import { findDisputes } from './disputes.js';
import { getOrMake } from './lazy.js';
import type { Alternative, Split } from './parts.js';
import { directoryOf, placeResources } from './placements.js';
import type { Placement } from './placements.js';
import { splitDirectory } from './split-directory.js';

/** Resources that are deployed together. */
export interface Environment {
  /** Path of what makes it different, relative to the lowest directory that all files share; `''` for the only one. */
  readonly name: string;
  /** In input order; more than one may bear a name. */
  readonly resources: readonly Resource[];
}

/** What environments are found in. */
export interface EnvironmentInput {
  readonly resources: readonly Resource[];
  readonly kustomizations: readonly Kustomization[];
  readonly isClusterScoped: (resource: Resource) => boolean;
}

/** The environments, and what could not be told apart. */
export interface Environments {
  readonly environments: readonly Environment[];
  readonly problems: readonly Problem[];
}

/** More ways of deploying than anybody has: beyond it a directory is taken as one whole. */
const mostEnvironments = 200;

/** Bound on the resources of all environments together, since what they share counts in each. */
const mostResources = 200_000;

function resourcesOf(placements: readonly Placement[]): readonly Resource[] {
  const ordered = [...placements].sort((a, b) => a.order - b.order).map(({ resource }) => resource);
  return [...new Set(ordered)];
}

function relative(path: string, top: string): string {
  if (path === top) return '.';
  return top === '' ? path : path.slice(top.length + 1);
}

function nameOf(alike: readonly Environment[]): string {
  const names = alike.slice(0, 3).map(({ name }) => name);
  return `${names.join(', ')}${alike.length > 3 ? ` and ${String(alike.length - 3)} more` : ''}`;
}

/** Drops environments that hold the very same resources as another one, and names both. */
function mergeAlike(environments: readonly Environment[]): readonly Environment[] {
  const numbers = new Map<Resource, number>();
  const alike = new Map<string, Environment[]>();
  for (const environment of environments) {
    const key = environment.resources.map((each) => getOrMake(numbers, each, () => numbers.size)).join(',');
    getOrMake(alike, key, () => []).push(environment);
  }
  return [...alike.values()].map((group) => ({
    name: nameOf(group),
    resources: group[0]?.resources ?? [],
  }));
}

function toEnvironments({ shared, alternatives }: Split, top: string): readonly Environment[] {
  const environment = ({ path, placements }: Alternative): Environment => {
    return { name: relative(path, top), resources: resourcesOf([...shared, ...placements]) };
  };
  const [only, ...others] = mergeAlike(alternatives.map(environment));
  if (only === undefined) return [{ name: '', resources: resourcesOf(shared) }];
  if (others.length === 0) return [{ name: '', resources: only.resources }];
  return [only, ...others].sort((a, b) => compareText(a.name, b.name));
}

function tooMany(directory: Directory, count: number): Problem {
  return {
    code: 'ambiguous-object',
    file: directory.path === '' ? '.' : directory.path,
    message: `The files under this directory can be deployed in ${String(count)} ways that exclude each other; they are judged as one whole instead.`,
    hint: 'Audit the directory of one environment at a time.',
    fatal: false,
  };
}

/**
 * What lies beside a kustomization that does not take it in is deployed by other means, later, or not at all: it is judged
 * by itself, directory by directory.
 */
function environmentsBeside(placements: readonly Placement[]): readonly Environment[] {
  const byDirectory = new Map<string, Placement[]>();
  for (const placement of placements) getOrMake(byDirectory, placement.directory, () => []).push(placement);
  const isMany = byDirectory.size > mostEnvironments;
  const groups = isMany ? new Map([['.', [...placements]]]) : byDirectory;
  return [...groups].map(([directory, members]) => ({
    name: `${directory} (not in its kustomization)`,
    resources: resourcesOf(members),
  }));
}

/** The environments with those that lie beside them: of several each has a name. */
function beside(environments: readonly Environment[], apart: readonly Environment[]): readonly Environment[] {
  const all = [...environments, ...apart].filter(({ resources }) => resources.length > 0);
  return all.length < 2
    ? environments
    : all.map((each) => ({ ...each, name: each.name === '' ? '.' : each.name }));
}

/** A dump, or a flat directory: there is nothing to choose between. */
function isOneDirectory(resources: readonly Resource[]): boolean {
  const files = new Set(resources.map(({ origin }) => origin.file));
  return new Set([...files].map(directoryOf)).size < 2;
}

/**
 * Tells the environments of the input apart: directories (and kustomize overlays) that hold different forms of one
 * object are alternatives, each of which is completed by everything that does not depend on the choice. Resources
 * that only complete the mesh join every environment, but for those that it has itself.
 */
export function findEnvironments(input: EnvironmentInput): Environments {
  const { kustomizations, isClusterScoped } = input;
  const reported = input.resources.filter((resource) => resource.reported);
  const namespaceOf = (resource: Resource): string =>
    isClusterScoped(resource) ? '' : (resource.namespace ?? 'default');
  if (kustomizations.length === 0 && isOneDirectory(reported)) {
    return { environments: [{ name: '', resources: reported }], problems: [] };
  }
  const all = placeResources(reported, kustomizations, isClusterScoped);
  const apart = environmentsBeside(all.filter(({ beside }) => beside));
  const placements = all.filter(({ beside }) => !beside);
  const tree = directoryTree(placements);
  const problems: Problem[] = [];
  const split = splitDirectory(tree, {
    disputes: findDisputes(placements, namespaceOf),
    most: mostEnvironments,
    onTooMany: (directory, count) => problems.push(tooMany(directory, count)),
  });
  const environments = toEnvironments(split, tree.path);
  const size = environments.reduce((sum, { resources }) => sum + resources.length, 0);
  if (environments.length === 1 || size <= mostResources)
    return { environments: beside(environments, apart), problems };
  const whole = [{ name: '', resources: resourcesOf(placements) }];
  return { environments: beside(whole, apart), problems: [...problems, tooMany(tree, environments.length)] };
}
