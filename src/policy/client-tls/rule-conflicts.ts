import type { Resource } from '#documents/document.js';
import type { JsonValue } from '#documents/json.js';
import { listAt, objectAt, stringsAt, valueAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { destination } from '#policy/destination.js';
import type { TlsBlock } from '#policy/destination.js';
import { perMesh } from '#policy/gateway/per-mesh.js';

const kind = ['networking.istio.io', 'DestinationRule'] as const;

/** What a rule says of TLS, as one text; the entry of a port without TLS takes away what holds for all ports, if anything. */
function tlsText({ object }: Resource): string {
  const policy = objectAt(object, 'spec', 'trafficPolicy');
  const ofAll = valueAt(policy, ['tls']) ?? null;
  const ports = listAt(policy, 'portLevelSettings').flatMap((entry): JsonValue[] => {
    const tls = valueAt(entry, ['tls']) ?? null;
    return tls === null && ofAll === null ? [] : [[valueAt(entry, ['port', 'number']) ?? null, tls]];
  });
  return JSON.stringify([ofAll, ports]);
}

const exportsOf = ({ object }: Resource): string =>
  JSON.stringify([...stringsAt(object, 'spec', 'exportTo')].sort());

const hasPolicy = ({ object }: Resource): boolean => objectAt(object, 'spec', 'trafficPolicy') !== undefined;

/** Rules without workloadSelector by namespace and host. */
const byHost = perMesh((mesh: Mesh): ReadonlyMap<string, readonly Resource[]> => {
  const found = new Map<string, Resource[]>();
  for (const rule of mesh.ofKind(...kind)) {
    const { host, selectsWorkloads } = destination(mesh, rule);
    if (!selectsWorkloads) getOrMake(found, `${mesh.namespaceOf(rule)}\0${host}`, () => []).push(rule);
  }
  return found;
});

/** Whether it matters for TLS which of two rules comes first. */
function disagree(one: Resource, other: Resource): boolean {
  if (tlsText(one) === tlsText(other)) return false;
  return exportsOf(one) === exportsOf(other) ? hasPolicy(one) && hasPolicy(other) : true;
}

/**
 * Other rules of the same namespace for the same host with other TLS settings: of rules that are exported alike the
 * oldest with a traffic policy counts, of others the youngest (pilot/pkg/model/destination_rule.go, mergeDestinationRule;
 * pilot/pkg/model/sidecar.go, DestinationRule).
 */
export function conflictingRules(mesh: Mesh, rule: Resource): readonly Resource[] {
  const { host } = destination(mesh, rule);
  const alike = byHost(mesh).get(`${mesh.namespaceOf(rule)}\0${host}`) ?? [];
  return alike.includes(rule) ? alike.filter((other) => other !== rule && disagree(rule, other)) : [];
}

const isVisibleIn = (rule: Resource, namespace: string): boolean => {
  const targets = stringsAt(rule.object, 'spec', 'exportTo');
  return targets.length === 0 || targets.includes('*') || targets.includes(namespace);
};

const originates = ({ mode }: TlsBlock): boolean => mode === 'SIMPLE' || mode === 'MUTUAL';

/** Rules that originate TLS to one host, of all namespaces. */
const originating = perMesh((mesh: Mesh) =>
  mesh.ofKind(...kind).flatMap((rule) => {
    const { host, selectsWorkloads, tls } = destination(mesh, rule);
    const isMeant = !selectsWorkloads && !host.startsWith('*') && tls.some(originates);
    return isMeant ? [{ rule, host, namespace: mesh.namespaceOf(rule) }] : [];
  }),
);

/**
 * Rules of other namespaces that originate TLS to a host which a wildcard rule covers: for clients of the wildcard's
 * namespace it is found first and theirs are not looked at (destinationRule in pilot/pkg/model/push_context.go).
 */
export function shadowedRules(mesh: Mesh, rule: Resource): readonly Resource[] {
  const { host, selectsWorkloads, tls } = destination(mesh, rule);
  const namespace = mesh.namespaceOf(rule);
  if (!host.startsWith('*') || selectsWorkloads || namespace === mesh.settings.rootNamespace) return [];
  if (tls.some(originates)) return [];
  const suffix = host.slice(1);
  const covered = originating(mesh).filter(
    (other) =>
      other.host.endsWith(suffix) && other.namespace !== namespace && isVisibleIn(other.rule, namespace),
  );
  if (covered.length === 0) return [];
  const own = new Set(mesh.inNamespace(...kind, namespace).map((one) => destination(mesh, one).host));
  return covered.filter((other) => !own.has(other.host)).map((other) => other.rule);
}
