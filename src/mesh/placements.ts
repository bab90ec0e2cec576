import type { Kustomization, Resource } from '#documents/document.js';
import { isDeletedBy } from './kustomize-patched.js';
import { changeBy, kustomizeTransform } from './kustomize-transform.js';
import type { Transform } from './kustomize-transform.js';
import { getOrMake } from './lazy.js';

/** A resource at the directory that deploys it: its file's own, or that of the kustomization that takes it in. */
export interface Placement {
  readonly resource: Resource;
  readonly directory: string;
  /** What is deployed as one: a file, or all that a kustomization takes in. */
  readonly unit: string;
  readonly kustomized: boolean;
  /** It lies beside a kustomization that lists files of its directory, and not this one: nothing says that it is deployed. */
  readonly beside: boolean;
  /** Place of the resource in the input. */
  readonly order: number;
}

/** The directory part of a shown path; `.` when there is none. */
export function directoryOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '.' : file.slice(0, Math.max(slash, 1));
}

/** What the placing of resources looks things up in. */
interface Sources {
  readonly byFile: ReadonlyMap<string, readonly Taken[]>;
  readonly byDirectory: ReadonlyMap<string, Kustomization>;
  readonly transform: Transform;
}

/** A resource that a kustomization takes in, and the file it stands in. */
interface Taken {
  readonly resource: Resource;
  readonly file: string;
  readonly order: number;
}

/** No real overlay takes in as much; hostile ones could multiply their bases without end. */
const mostTaken = 50_000;

/** More kustomizations and components, each counted where it is named, than any input has. */
const mostSteps = 20_000;

/** What a kustomization makes of the resources that it takes in. */
function changed(from: Kustomization, inner: readonly Taken[], transform: Transform): readonly Taken[] {
  const change = changeBy(
    from,
    inner.map(({ resource }) => resource),
  );
  const kept = inner.slice(0, mostTaken).filter(({ resource }) => !isDeletedBy(resource, from));
  const taken = new Map<Resource, Taken>();
  for (const each of kept) {
    const resource = transform(each.resource, change);
    taken.set(resource, { ...each, resource });
  }
  return [...taken.values()];
}

/**
 * Finds all that a kustomization takes in, through bases too; a component changes what came before it in the
 * kustomization that names it. One that takes in itself ends there; a base that is reached twice is taken in twice only
 * when it is changed on the way.
 */
function taker({ byFile, byDirectory, transform }: Sources): (from: Kustomization) => readonly Taken[] {
  const memo = new Map<Kustomization, readonly Taken[]>();
  const open = new Set<Kustomization>();
  let steps = 0;
  const extend = (before: readonly Taken[], from: Kustomization): readonly Taken[] => {
    steps += 1;
    if (open.has(from) || steps > mostSteps) return before;
    open.add(from);
    const own = from.resources.flatMap((path) => {
      const base = byDirectory.get(path);
      return base === undefined ? (byFile.get(path) ?? []) : collect(base);
    });
    const components = from.components.flatMap((path) => byDirectory.get(path) ?? []);
    const all = components.reduce(extend, [...before, ...own]);
    open.delete(from);
    return changed(from, all, transform);
  };
  const collect = (from: Kustomization): readonly Taken[] => {
    const known = memo.get(from);
    if (known !== undefined) return known;
    const all = extend([], from);
    memo.set(from, all);
    return all;
  };
  return collect;
}

/** Kustomizations that no other one takes in: what somebody applies. */
function roots(kustomizations: readonly Kustomization[]): readonly Kustomization[] {
  const referenced = new Set(
    kustomizations.flatMap(({ resources, components }) => [...resources, ...components]),
  );
  return kustomizations.filter(
    ({ kind, directory }) => kind === 'Kustomization' && !referenced.has(directory),
  );
}

/** True for a kustomization that takes in files of its own directory one by one. */
function listsFiles({ directory, resources }: Kustomization, files: ReadonlyMap<string, unknown>): boolean {
  return resources.some((path) => files.has(path) && directoryOf(path) === directory);
}

/**
 * Places every resource: in the directory of each kustomization that nobody takes in and that takes the resource in
 * (with the namespace and names which that sets), else in the directory of its file.
 */
export function placeResources(
  resources: readonly Resource[],
  kustomizations: readonly Kustomization[],
  isClusterScoped: (resource: Resource) => boolean,
): readonly Placement[] {
  const byFile = new Map<string, Taken[]>();
  for (const [order, resource] of resources.entries()) {
    const { file } = resource.origin;
    getOrMake(byFile, file, () => []).push({ resource, file, order });
  }
  const byDirectory = new Map(kustomizations.map((each) => [each.directory, each]));
  const take = taker({ byFile, byDirectory, transform: kustomizeTransform(isClusterScoped) });
  const placed: Placement[] = [];
  const files = new Set<string>();
  for (const root of roots(kustomizations)) {
    for (const { resource, file, order } of take(root)) {
      files.add(file);
      placed.push({
        resource,
        directory: root.directory,
        unit: root.file,
        kustomized: true,
        beside: false,
        order,
      });
    }
  }
  const listing = new Set(
    kustomizations.filter((each) => listsFiles(each, byFile)).map((each) => each.directory),
  );
  for (const [file, members] of byFile) {
    if (files.has(file)) continue;
    const directory = directoryOf(file);
    const beside = listing.has(directory);
    for (const { resource, order } of members) {
      placed.push({ resource, directory, unit: file, kustomized: false, beside, order });
    }
  }
  return placed;
}
