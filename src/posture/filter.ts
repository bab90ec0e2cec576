import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Posture } from './posture.js';
import type { PostureProperty } from './properties.js';
import type { Unmatched } from './result.js';

/** One condition on a property: `mtls=STRICT,PERMISSIVE`, `mtls!=STRICT`. */
export interface PostureCondition {
  readonly property: PostureProperty;
  /** True: some word of the workload is none of those given; false: some is one of them. */
  readonly negated: boolean;
  readonly words: readonly string[];
}

/** Which workloads to show; every part that is given must hold. */
export interface PostureFilter {
  /** Names or patterns with stars, any of which will do; undefined: every namespace. */
  readonly namespaces?: readonly string[];
  /** `namespace/name` or `namespace/Kind/name`, any of which will do. */
  readonly workloads?: readonly string[];
  readonly where?: readonly PostureCondition[];
}

/** True when a name matches a pattern in which each star stands for any characters; takes linear time. */
export function matchesGlob(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}

/** True when `namespace/name` or `namespace/Kind/name` means the workload; all forms of a contested name are meant. */
export function isNamed({ id, namespace, kind, name }: Workload, named: string): boolean {
  return named === `${namespace}/${name}` || named === `${namespace}/${kind}/${name}` || named === id;
}

/** True when the workload is one that the namespaces and names of a filter ask for. */
export function isWanted(workload: Workload, { namespaces, workloads }: PostureFilter): boolean {
  const inNamespace =
    namespaces === undefined || namespaces.some((pattern) => matchesGlob(pattern, workload.namespace));
  return inNamespace && (workloads === undefined || workloads.some((named) => isNamed(workload, named)));
}

/** True when the posture meets every condition. */
export function meets(posture: Posture, conditions: readonly PostureCondition[]): boolean {
  return conditions.every(({ property, negated, words }) =>
    property.wordsOf(posture).some((word) => words.includes(word) !== negated),
  );
}

/** The names and patterns of a filter that fit nothing in any of the meshes. */
export function unmatched(meshes: readonly Mesh[], filter: PostureFilter): readonly Unmatched[] {
  const workloads = meshes.flatMap((mesh) => mesh.workloads);
  const found = (filter.workloads ?? []).filter((named) => !workloads.some((each) => isNamed(each, named)));
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];
  const empty = (filter.namespaces ?? []).filter(
    (pattern) => !namespaces.some((name) => matchesGlob(pattern, name)),
  );
  return [
    ...found.map((named): Unmatched => {
      const long = named.split('/').length === 3;
      const names = workloads.map(({ id, namespace, name }) => (long ? id : `${namespace}/${name}`));
      return { part: 'workload', named, candidates: [...new Set(names)] };
    }),
    ...empty.map((named): Unmatched => ({ part: 'namespace', named, candidates: namespaces })),
  ];
}
