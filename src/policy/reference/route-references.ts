import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { exportSet } from '#policy/gateway/export-to.js';
import { gatewayId } from '#policy/gateway/gateway-id.js';
import { completeHost, isSubset, namesFor, overlaps } from '#policy/gateway/host-name.js';
import { istioGateways } from '#policy/gateway/istio-gateways.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import type { GatewayConfig } from '#policy/gateway/server.js';

const api = 'networking.istio.io';
const lists = ['http', 'tls', 'tcp'] as const;

/** A Gateway that a VirtualService names. */
export interface NamedGateway {
  /** `namespace/name`. */
  readonly id: string;
  readonly written: string;
  readonly gateway: GatewayConfig | undefined;
  readonly at: FieldRef;
}

const gatewaysById = perMesh(
  (mesh: Mesh): ReadonlyMap<string, GatewayConfig> =>
    new Map(istioGateways(mesh).map((one) => [one.id, one])),
);

function named(mesh: Mesh, resource: Resource, path: FieldPath): readonly NamedGateway[] {
  const namespace = mesh.namespaceOf(resource);
  return stringsAt(resource.object, ...path).flatMap((written, index) => {
    // Gateways of the Gateway API are known to istiod by generated names.
    if (written === 'mesh' || written.includes('~')) return [];
    const id = gatewayId(written, namespace);
    return [{ id, written, gateway: gatewaysById(mesh).get(id), at: { resource, path: [...path, index] } }];
  });
}

/** The Gateways that a VirtualService is bound to, the sidecars left out. */
export function boundGateways(mesh: Mesh, virtualService: Resource): readonly NamedGateway[] {
  return named(mesh, virtualService, ['spec', 'gateways']);
}

/** The Gateways that only matches of a VirtualService name. */
export function matchedGateways(mesh: Mesh, virtualService: Resource): readonly NamedGateway[] {
  return lists.flatMap((list) =>
    listAt(virtualService.object, 'spec', list).flatMap((rule, index) =>
      listAt(rule, 'match').flatMap((_, number) =>
        named(mesh, virtualService, ['spec', list, index, 'match', number, 'gateways']),
      ),
    ),
  );
}

/** A host of a VirtualService that none of its Gateways takes. */
export interface UncoveredHost {
  readonly host: string;
  readonly at: FieldRef;
}

/** Hosts that no server of the Gateways takes from the VirtualService's namespace. */
export function uncoveredHosts(
  mesh: Mesh,
  virtualService: Resource,
  gateways: readonly GatewayConfig[],
): readonly UncoveredHost[] {
  const namespace = mesh.namespaceOf(virtualService);
  const taken = gateways.flatMap(({ servers }) => servers.flatMap(({ hosts }) => namesFor(namespace, hosts)));
  return stringsAt(virtualService.object, 'spec', 'hosts').flatMap((written, index) => {
    const host = completeHost(written, namespace, mesh.settings.domainSuffix);
    const at = { resource: virtualService, path: ['spec', 'hosts', index] };
    return taken.some((name) => overlaps(name, host)) ? [] : [{ host: written, at }];
  });
}

/** A destination of a route, as written. */
export interface NamedDestination {
  readonly host: string;
  readonly written: string;
  readonly port: number | undefined;
  readonly subset: string;
  readonly at: FieldRef;
}

interface Place {
  readonly value: JsonValue | undefined;
  readonly path: FieldPath;
}

/** Where a rule sends traffic: its routes, and those that get a copy. */
function placesOf(rule: JsonValue, path: FieldPath): readonly Place[] {
  const routes = listAt(rule, 'route').map((route, index) => ({
    value: objectAt(route, 'destination'),
    path: [...path, 'route', index, 'destination'],
  }));
  const mirrors = listAt(rule, 'mirrors').map((mirror, index) => ({
    value: objectAt(mirror, 'destination'),
    path: [...path, 'mirrors', index, 'destination'],
  }));
  return [...routes, { value: objectAt(rule, 'mirror'), path: [...path, 'mirror'] }, ...mirrors];
}

/** The destinations of a VirtualService, mirrors included, with full host names. */
export function namedDestinations(mesh: Mesh, virtualService: Resource): readonly NamedDestination[] {
  const namespace = mesh.namespaceOf(virtualService);
  return lists.flatMap((list) =>
    listAt(virtualService.object, 'spec', list).flatMap((rule, index) =>
      placesOf(rule, ['spec', list, index]).flatMap(({ value, path }): readonly NamedDestination[] => {
        const written = stringAt(value, 'host') ?? '';
        const port = valueAt(value, ['port', 'number']);
        if (written === '') return [];
        return [
          {
            host: completeHost(written, namespace, mesh.settings.domainSuffix),
            written,
            port: typeof port === 'number' ? port : undefined,
            subset: stringAt(value, 'subset') ?? '',
            at: { resource: virtualService, path },
          },
        ];
      }),
    ),
  );
}

interface KnownHosts {
  readonly exact: ReadonlyMap<string, readonly number[]>;
  readonly wildcards: readonly string[];
}

const knownHosts = perMesh((mesh: Mesh): KnownHosts => {
  const exact = new Map<string, number[]>();
  const wildcards: string[] = [];
  for (const { host, ports } of mesh.services)
    getOrMake(exact, host, (): number[] => []).push(...ports.map(({ number }) => number));
  for (const entry of mesh.ofKind(api, 'ServiceEntry')) {
    const ports = listAt(entry.object, 'spec', 'ports').flatMap((port) => {
      const number = valueAt(port, ['number']);
      return typeof number === 'number' ? [number] : [];
    });
    for (const host of stringsAt(entry.object, 'spec', 'hosts')) {
      if (host.startsWith('*')) wildcards.push(host);
      else getOrMake(exact, host, (): number[] => []).push(...ports);
    }
  }
  return { exact, wildcards };
});

/** Ports of a host that the input knows; `any` under a wildcard, and where its Service exists in several forms; undefined for an unknown host. */
export function portsOfHost(mesh: Mesh, host: string): readonly number[] | 'any' | undefined {
  const { exact, wildcards } = knownHosts(mesh);
  const service = mesh.serviceByHost(host)?.resource;
  if (service !== undefined && mesh.isContested(service)) return 'any';
  const ports = exact.get(host);
  if (ports !== undefined) return ports;
  return wildcards.some((wildcard) => isSubset(host, wildcard)) ? 'any' : undefined;
}

interface Subsets {
  readonly exact: ReadonlyMap<string, ReadonlySet<string>>;
  readonly wildcards: readonly (readonly [string, ReadonlySet<string>])[];
}

const subsetsOfHosts = perMesh((mesh: Mesh): Subsets => {
  const all = new Map<string, Set<string>>();
  for (const rule of mesh.ofKind(api, 'DestinationRule')) {
    const written = stringAt(rule.object, 'spec', 'host') ?? '';
    const host = completeHost(written, mesh.namespaceOf(rule), mesh.settings.domainSuffix);
    const names = getOrMake(all, host, () => new Set<string>());
    for (const subset of listAt(rule.object, 'spec', 'subsets')) names.add(stringAt(subset, 'name') ?? '');
  }
  return { exact: all, wildcards: [...all].filter(([host]) => host.startsWith('*')) };
});

/** True when some DestinationRule for the host, or a wildcard over it, declares the subset. */
export function declaresSubset(mesh: Mesh, host: string, subset: string): boolean {
  const { exact, wildcards } = subsetsOfHosts(mesh);
  if (exact.get(host)?.has(subset) === true) return true;
  return wildcards.some(([wildcard, names]) => isSubset(host, wildcard) && names.has(subset));
}

/** A host whose routes in sidecars come from another VirtualService. */
export interface LostMeshHost {
  readonly host: string;
  readonly winner: Resource;
  readonly at: FieldRef;
}

const isForMesh = ({ object }: Resource): boolean => {
  const gateways = stringsAt(object, 'spec', 'gateways');
  return gateways.length === 0 || gateways.includes('mesh');
};

function visibility(mesh: Mesh, resource: Resource): ReadonlySet<string> {
  return exportSet(mesh, stringsAt(resource.object, 'spec', 'exportTo'), {
    namespace: mesh.namespaceOf(resource),
    setting: 'defaultVirtualServiceExportTo',
  });
}

const meshHosts = perMesh((mesh: Mesh): ReadonlyMap<string, readonly Resource[]> => {
  const index = new Map<string, Resource[]>();
  for (const resource of mesh.ofKind(api, 'VirtualService').filter(isForMesh)) {
    const namespace = mesh.namespaceOf(resource);
    for (const written of new Set(stringsAt(resource.object, 'spec', 'hosts')))
      getOrMake(index, completeHost(written, namespace, mesh.settings.domainSuffix), () => []).push(resource);
  }
  return index;
});

/**
 * Hosts of a VirtualService that an older one has for the same sidecars: they take the routes of one object a host, and do
 * not merge as gateways do (buildSidecarVirtualHostsForVirtualService in pilot/pkg/networking/core/route/route.go).
 */
export function lostMeshHosts(mesh: Mesh, virtualService: Resource): readonly LostMeshHost[] {
  if (!isForMesh(virtualService)) return [];
  const namespace = mesh.namespaceOf(virtualService);
  const seen = visibility(mesh, virtualService);
  return stringsAt(virtualService.object, 'spec', 'hosts').flatMap(
    (written, index): readonly LostMeshHost[] => {
      const host = completeHost(written, namespace, mesh.settings.domainSuffix);
      const all = meshHosts(mesh).get(host) ?? [];
      const older = all.slice(0, Math.max(0, all.indexOf(virtualService)));
      const winner = older.find((other) => {
        const others = visibility(mesh, other);
        return seen.has('*') || others.has('*') || [...seen].some((name) => name !== '~' && others.has(name));
      });
      return winner === undefined
        ? []
        : [{ host, winner, at: { resource: virtualService, path: ['spec', 'hosts', index] } }];
    },
  );
}
