import type { Problem, Resource } from '#documents/document.js';
import { listAt, stringAt, stringsAt } from '#documents/json.js';
import type { Assumption, KindName, Scope } from './mesh.js';

/** What snapshots of live clusters among the resources say of the input. */
export interface ReadSnapshots {
  /** The resources that are no snapshots. */
  readonly others: readonly Resource[];
  /** Undefined: no snapshot says. */
  readonly scope: Scope | undefined;
  readonly assumptions: readonly Assumption[];
  /** Kinds that may be there and were not read. */
  readonly unlisted: readonly KindName[];
  /** True when all Secrets of a cluster were listed, be it without their entries. */
  readonly listsSecrets: boolean;
  readonly problems: readonly Problem[];
}

/**
 * Takes out what tells how a cluster was read. Where a kind that may be there was not listed, or only some namespaces were, the
 * scope is partial: nothing may rest on the absence of what nobody has looked at. A scope that somebody states wins.
 */
export function readSnapshots(
  resources: readonly Resource[],
  stated: Scope | 'auto' = 'auto',
): ReadSnapshots {
  const snapshots = resources.filter(isSnapshot);
  if (snapshots.length === 0)
    return {
      others: resources,
      scope: undefined,
      assumptions: [],
      unlisted: [],
      listsSecrets: false,
      problems: [],
    };
  const problems = snapshots.flatMap(problemsOf);
  const limits = snapshots.flatMap(({ object }) => stringsAt(object, 'spec', 'namespaces'));
  const unlisted = snapshots.flatMap(unlistedKinds);
  const isLimited = limits.length > 0 || (stated === 'partial' && unlisted.length > 0);
  return {
    others: resources.filter((resource) => !isSnapshot(resource)),
    scope: unlisted.length + limits.length === 0 ? 'complete' : 'partial',
    assumptions: [...unlistedNote(snapshots), ...limitNote(limits)],
    unlisted: stated === 'complete' ? [] : [...unlisted, ...(isLimited ? [elsewhere] : [])],
    listsSecrets: limits.length === 0 && snapshots.every(listsSecrets),
    problems,
  };
}

/** Stands for whatever lies where nobody has looked: in other namespaces, other files. */
const elsewhere: KindName = { group: '*', kind: '*' };

/** Secrets do not count: without them a mesh is as whole as one that nobody has asked for Secrets. */
function unlistedKinds({ object }: Resource): readonly KindName[] {
  return listAt(object, 'spec', 'unlisted')
    .map((entry) => ({ group: stringAt(entry, 'group') ?? '', kind: stringAt(entry, 'kind') ?? '*' }))
    .filter(({ group, kind }) => group !== '' || kind !== 'Secret');
}

function listsSecrets({ object }: Resource): boolean {
  const names = (list: string) => listAt(object, 'spec', list).map((entry) => stringAt(entry, 'resource'));
  return names('kinds').includes('secrets') && !names('unlisted').includes('secrets');
}

function isSnapshot({ group, kind }: Resource): boolean {
  return group === 'meshaudit.io' && kind === 'Snapshot';
}

/** One for each kind that was not listed; a kind that may not be listed leaves the audit trustworthy, one that failed does not. */
function problemsOf({ object, origin }: Resource): readonly Problem[] {
  return listAt(object, 'spec', 'unlisted').map((unlisted) => {
    const namespace = stringAt(unlisted, 'namespace');
    const place = namespace === undefined ? '' : ` in namespace ${namespace}`;
    const isForbidden = stringAt(unlisted, 'reason') === 'forbidden';
    const what = `${stringAt(unlisted, 'resource') ?? ''} ${isForbidden ? 'may' : 'can'} not be listed${place}`;
    return {
      code: 'not-listed',
      file: origin.file,
      line: origin.line,
      message: `${what}: ${stringAt(unlisted, 'message') ?? ''}`,
      hint: isForbidden
        ? 'Grant the verb list, or take what depends on these objects as unknown.'
        : 'Run it again when the API server is well.',
      fatal: !isForbidden,
    };
  });
}

function unlistedNote(snapshots: readonly Resource[]): readonly Assumption[] {
  const names = snapshots.flatMap(({ object }) =>
    listAt(object, 'spec', 'unlisted').flatMap((unlisted) => stringAt(unlisted, 'resource') ?? []),
  );
  if (names.length === 0) return [];
  const text = `not listed: ${[...new Set(names)].join(', ')}; what depends on them is unknown`;
  return [{ key: 'unlisted', text }];
}

function limitNote(namespaces: readonly string[]): readonly Assumption[] {
  if (namespaces.length === 0) return [];
  return [{ key: 'unlisted', text: `only read: namespaces ${[...new Set(namespaces)].join(', ')}` }];
}
