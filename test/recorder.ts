import type { CatalogueCheck, CheckContext } from '#check';

/** Parts of a mesh that say what kind of thing is read; the rest are ways to look things up in them. */
const parts: Readonly<Record<string, string>> = {
  cni: 'istio-cni',
  contested: 'contested objects',
  duplicates: 'duplicates',
  isContested: 'contested objects',
  namespaces: 'namespaces',
  parseYaml: 'annotations',
  refused: 'refused objects',
  resources: 'all objects',
  revisions: 'mesh settings',
  serviceByHost: 'services',
  services: 'services',
  servicesOf: 'services',
  settings: 'mesh settings',
  today: 'the date',
  validationOf: 'validation',
  workloads: 'workloads',
  workloadsIn: 'workloads',
  workloadsMatching: 'workloads',
  workloadsOf: 'workloads',
};

const byKind: ReadonlySet<string> = new Set(['ofKind', 'inNamespace', 'find']);

/** An object that notes the names under which it is asked, and answers as the given one does. */
function noting<T extends object>(object: T, answer: (name: string, value: unknown) => unknown): T {
  return new Proxy(object, {
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key);
      return typeof key === 'string' ? answer(key, value) : value;
    },
  });
}

function noteMesh(mesh: CheckContext['mesh'], read: Set<string>): CheckContext['mesh'] {
  return noting(mesh, (name, value) => {
    if (byKind.has(name) && typeof value === 'function') {
      return (group: string, kind: string, ...rest: readonly unknown[]): unknown => {
        read.add(kind);
        return Reflect.apply(value, mesh, [group, kind, ...rest]);
      };
    }
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (part !== undefined) read.add(part);
    return value;
  });
}

/** The check, noting what it reads of a mesh: kinds and parts of it, and the decisions it asks for. */
export function recorded(check: CatalogueCheck, read: Set<string>): CatalogueCheck {
  const noteContext = ({ mesh, policies }: CheckContext): CheckContext => {
    const noted = noteMesh(mesh, read);
    const seenBy =
      (asked: CheckContext['policies']): CheckContext['policies']['seenBy'] =>
      (workload) =>
        notePolicies(asked.seenBy(workload));
    const notePolicies = (asked: CheckContext['policies']): CheckContext['policies'] =>
      noting(asked, (name, value) => {
        if (name === 'mesh') return noted;
        read.add(`${name}()`);
        return name === 'seenBy' ? seenBy(asked) : value;
      });
    return { mesh: noted, policies: notePolicies(policies) };
  };
  return { ...check, run: (context, given) => check.run(noteContext(context), given) };
}
