import type { Resource } from '#documents/document.js';
import type { Environment, EnvironmentInput, Environments } from './environments.js';
import { findEnvironments } from './environments.js';

/** The environments that somebody has named, each with the files and directories that make it up. */
export type NamedTrees = Readonly<Record<string, readonly string[]>>;

/**
 * The environments as they were named, in that order; a tree may be part of several. What belongs to none is told apart
 * as it would be without names, and called `other`.
 */
export function explicitEnvironments(trees: NamedTrees, input: EnvironmentInput): Environments {
  const { resources } = input;
  const named = Object.entries(trees).map(([name, paths]) => ({
    name,
    resources: resources.filter(({ origin }) => paths.some((path) => isWithin(origin.file, path))),
  }));
  const placed = new Set(named.flatMap((environment) => environment.resources));
  const rest = resources.filter((resource) => !placed.has(resource));
  const present = named.filter((environment) => environment.resources.length > 0);
  if (!rest.some(({ reported }) => reported)) return { environments: present, problems: [] };
  const found = findEnvironments({ ...input, resources: rest });
  return { environments: [...present, ...found.environments.map(asOther)], problems: found.problems };
}

function asOther({ name, resources }: Environment): Environment {
  return { name: name === '' ? 'other' : `other ${name}`, resources };
}

/** True for the path itself and for what lies below it; `.` is above all that is not outside. */
function isWithin(file: Resource['origin']['file'], path: string): boolean {
  const tree = path.replace(/^(\.\/)+|\/+$/g, '');
  if (tree === '' || tree === '.') return !file.startsWith('../') && !file.startsWith('/');
  return file === tree || file.startsWith(`${tree}/`);
}
