import type { Problem, Resource } from '#documents/document.js';
import { contentOf, identityOf, isSupporting, repeated } from './identity.js';
import { getOrMake } from './lazy.js';
import type { Contested } from './mesh.js';
import { directoryOf } from './placements.js';

/** The resources of an environment with one of every name, or all forms of a name that is contested. */
export interface SettledNames {
  readonly resources: readonly Resource[];
  readonly contested: readonly Contested[];
  /** Resources that say again what another one of the same name says. */
  readonly duplicates: readonly Resource[];
}

/** Groups resources by what they say; the first of each group stands for it. */
function variantsOf(members: readonly Resource[]): readonly Resource[] {
  const byContent = new Map<string, Resource>();
  for (const member of members) getOrMake(byContent, contentOf(member), () => member);
  return [...byContent.values()];
}

/** An object of the reported files replaces its namesake among those that only complete the mesh. */
function preferReported(members: readonly Resource[]): readonly Resource[] {
  const reported = members.filter((member) => member.reported);
  return reported.length > 0 ? reported : members;
}

/** Keeps one resource of each name where they say the same, and all forms where they do not. */
export function settleNames(
  resources: readonly Resource[],
  namespaceOf: (resource: Resource) => string,
): SettledNames {
  const identify = (resource: Resource): string | undefined => identityOf(resource, namespaceOf(resource));
  const dropped = new Set<Resource>();
  const contested: Contested[] = [];
  for (const [key, members] of repeated(resources, identify)) {
    const variants = variantsOf(preferReported(members));
    const kept = new Set(variants);
    for (const member of members) if (!kept.has(member)) dropped.add(member);
    if (variants.length > 1) contested.push({ key, variants });
  }
  return {
    resources: dropped.size === 0 ? resources : resources.filter((resource) => !dropped.has(resource)),
    contested,
    duplicates: [...dropped],
  };
}

function place({ origin }: Resource): string {
  return `${origin.file}:${String(origin.line)}`;
}

function describe({ variants }: Contested): string {
  const [first] = variants;
  if (first === undefined) return '';
  const name = first.namespace === undefined ? first.name : `${first.namespace}/${first.name}`;
  return `${first.kind} ${name} (${variants.slice(0, 3).map(place).join(', ')}${variants.length > 3 ? ', …' : ''})`;
}

/**
 * One problem for each directory in which objects are contested, however many they are: their variants stand side by
 * side, so nothing tells which of them is applied.
 */
export function contestedProblems(contested: readonly Contested[]): readonly Problem[] {
  const byDirectory = new Map<string, Contested[]>();
  for (const each of contested) {
    const [first] = each.variants;
    if (first !== undefined && !isSupporting(first))
      getOrMake(byDirectory, directoryOf(first.origin.file), () => []).push(each);
  }
  return [...byDirectory.values()].flatMap((group) => {
    const [first] = group;
    const origin = first?.variants[0]?.origin;
    if (first === undefined || origin === undefined) return [];
    const others = group.length === 1 ? '' : ` and ${String(group.length - 1)} more in this directory`;
    return [
      {
        code: 'ambiguous-object' as const,
        file: origin.file,
        line: origin.line,
        message: `Objects of one name differ, and nothing tells which is applied: ${describe(first)}${others}; what depends on them is unknown.`,
        hint: 'Keep alternatives in directories of their own, or audit them one at a time.',
        fatal: false,
      },
    ];
  });
}
