import { hear, tell } from '#mesh/hearing.js';
import { getOrMake } from '#mesh/lazy.js';
import type { KindName, Mesh } from '#mesh/mesh.js';
import { isWholeWithout } from '#mesh/unlisted.js';
import { workloadKind } from '#mesh/workload-kinds.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { CatalogueCheck, Judged } from './define-check.js';
import type { CheckContext } from './subject.js';
import { unknown } from './verdict.js';

/** What checks are run on. */
export interface CheckedMeshes {
  readonly meshes: readonly Mesh[];
  readonly policiesOf: (mesh: Mesh) => EffectivePolicies;
}

/**
 * Checks that decide nothing for want of what nobody was allowed to look at: where a check, or a decision that it asks for, has
 * asked for a kind that a live cluster may hold and that was not listed, its verdicts are unknown and name the kind; other
 * checks judge as ever. Where kinds are missing that the mesh is made of (pods, Services, mesh config) it stays a partial
 * scope besides. All checks share their decisions: each is heard to ask for what a decision has asked for, whichever check
 * was the first to need it.
 */
export function withUnlisted(
  checks: readonly CatalogueCheck[],
  { meshes, policiesOf }: CheckedMeshes,
): readonly CatalogueCheck[] {
  if (meshes.every(({ unlisted }) => unlisted.length === 0)) return checks;
  const contexts = new Map<Mesh, CheckContext>();
  const telling = (mesh: Mesh): CheckContext =>
    getOrMake(contexts, mesh, () => {
      const own = noting(mesh);
      return { mesh: own, policies: policiesOf(own) };
    });
  return checks.map((check) => ({
    ...check,
    run: (context, given) => {
      const shared = telling(context.mesh);
      const { mesh } = shared;
      const { value: judged, heard } = hear(() => check.run(shared, given));
      return judged.map((each) => {
        const kinds = new Set([...heard, ...missedPods(each, mesh)]);
        return kinds.size === 0 ? each : undecided(each, { kinds, passes: isWholeWithout(mesh.unlisted) });
      });
    },
  }));
}

const runGateways = new Set(['DaemonSet', 'Deployment', 'Pod', 'Rollout', 'StatefulSet']);

/** Kinds that may hold the pods of a gateway, of which a verdict on it speaks even where the input holds none. */
function missedPods({ subject }: Judged, { unlisted }: Mesh): readonly string[] {
  if (subject.kind !== 'Gateway' && subject.kind !== 'GatewayServer') return [];
  return unlisted.filter(({ kind }) => runGateways.has(kind)).map(nameOf);
}

interface Missed {
  readonly kinds: ReadonlySet<string>;
  /** True when passes rest on the absence of objects as failures do. */
  readonly passes: boolean;
}

function undecided({ subject, verdict }: Judged, { kinds, passes }: Missed): Judged {
  if (verdict.outcome !== 'fail' && !(passes && verdict.outcome === 'pass')) return { subject, verdict };
  const missing = [...kinds]
    .sort()
    .map((kind) => ({ key: `unlisted:${kind}`, text: `${kind} objects, which could not be listed` }));
  return { subject, verdict: unknown(missing) };
}

/** A mesh that answers like the given one and tells of kinds that were not listed, whenever one misses objects of them. */
function noting(mesh: Mesh): Mesh {
  const { unlisted } = mesh;
  const note = (found: boolean, isMeant: (kind: KindName) => boolean): void => {
    if (!found) for (const one of unlisted) if (isMeant(one)) tell(nameOf(one));
  };
  const of =
    (group: string, kind: string) =>
    (one: KindName): boolean =>
      one.group === group && (one.kind === kind || one.kind === '*');
  const isWorkload = ({ group, kind }: KindName): boolean => workloadKind(group, kind) !== undefined;
  const filled = <T>(list: readonly T[], isMeant: (kind: KindName) => boolean): readonly T[] => {
    note(list.length > 0, isMeant);
    return list;
  };
  return {
    ...mesh,
    scope: isWholeWithout(mesh.unlisted) ? 'complete' : mesh.scope,
    namespaces: notingNamespaces(mesh, () => {
      note(false, of('', 'Namespace'));
    }),
    // Of a list that broke off some members may be there, and others not.
    ofKind: (group, kind) => {
      note(false, of(group, kind));
      return mesh.ofKind(group, kind);
    },
    inNamespace: (group, kind, namespace) => {
      note(false, of(group, kind));
      return mesh.inNamespace(group, kind, namespace);
    },
    find: (group, kind, namespace, name) => {
      const found = mesh.find(group, kind, namespace, name);
      note(found !== undefined, of(group, kind));
      return found;
    },
    workloadsIn: (namespace) => filled(mesh.workloadsIn(namespace), isWorkload),
    workloadsMatching: (namespace, labels) => filled(mesh.workloadsMatching(namespace, labels), isWorkload),
    workloadsOf: (service) => filled(mesh.workloadsOf(service), isWorkload),
    servicesOf: (workload) => filled(mesh.servicesOf(workload), of('', 'Service')),
    serviceByHost: (host) => {
      const found = mesh.serviceByHost(host);
      note(found !== undefined, of('', 'Service'));
      return found;
    },
  };
}

/** Namespaces that tell when one is asked for of which only the name is known. */
function notingNamespaces({ namespaces, unlisted }: Mesh, missed: () => void): Mesh['namespaces'] {
  if (!unlisted.some(({ group, kind }) => group === '' && kind === 'Namespace')) return namespaces;
  const noting = new Map(namespaces);
  noting.get = (name) => {
    const found = namespaces.get(name);
    if (found?.resource === undefined) missed();
    return found;
  };
  return noting;
}

function nameOf({ group, kind }: KindName): string {
  return group === '' ? kind : `${kind}.${group}`;
}
