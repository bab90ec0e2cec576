import type { Mesh, Workload } from '#mesh/mesh.js';

/** A name that means nothing in a mesh, or more than one thing. */
export interface Misnamed {
  readonly problem: string;
  readonly hint: string | undefined;
  /** The text, and the names that it may have meant. */
  readonly named: string;
  readonly candidates: readonly string[];
}

/** `namespace/name`, `namespace/Kind/name`, with a port (number or name) at the end where one is given. */
export interface Named {
  readonly namespace: string;
  readonly kind: string | undefined;
  readonly name: string;
  readonly port: string | undefined;
}

const form = /^([^/:]+)\/(?:([^/:]+)\/)?([^/:]+)(?::([^/:]+))?$/;

/** Takes a name apart; undefined when it has another form. */
export function readNamed(text: string): Named | undefined {
  const [, namespace, kind, name, port] = form.exec(text) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, kind, name, port };
}

/** Kinds as people abbreviate them, in lower case. */
const shortKinds: ReadonlyMap<string, string> = new Map([
  ['deploy', 'deployment'],
  ['sts', 'statefulset'],
  ['ds', 'daemonset'],
  ['rs', 'replicaset'],
  ['rc', 'replicationcontroller'],
  ['cj', 'cronjob'],
  ['po', 'pod'],
  ['svc', 'service'],
  ['we', 'workloadentry'],
  ['wg', 'workloadgroup'],
]);

/** A kind in lower case, written out. */
export function plainKind(kind: string): string {
  const lower = kind.toLowerCase();
  return shortKinds.get(lower) ?? lower;
}

/** The workloads that a name means: several when kinds share it, or when its object is contested. */
export function workloadsNamed(mesh: Mesh, { namespace, kind, name }: Named): readonly Workload[] {
  return mesh
    .workloadsIn(namespace)
    .filter((workload) => workload.name === name)
    .filter((workload) => kind === undefined || plainKind(workload.kind) === plainKind(kind));
}

/** `Kind/name`, as requests name a workload; the further forms of a contested one end in `#2`, `#3`. */
export function localName({ id, namespace }: Workload): string {
  return id.slice(namespace.length + 1);
}

/** Every `namespace/name` that a caller or a target may have. */
export function allNames(mesh: Mesh): readonly string[] {
  const names = [...mesh.workloads, ...mesh.services].map(({ namespace, name }) => `${namespace}/${name}`);
  return [...new Set(names)];
}
