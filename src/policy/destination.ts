import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { modeOf } from './client-tls/traffic-policy.js';
import type { TlsMode } from './client-tls/traffic-policy.js';
import { completeHost } from './gateway/host-name.js';

/** One `tls` block of a DestinationRule. */
export interface TlsBlock {
  /** Mode in effect: a block without `mode` is DISABLE, the enum's zero. */
  readonly mode: TlsMode;
  readonly tls: JsonObject;
  readonly at: FieldRef;
  /** Where in the rule it holds, for people: `all ports`, `port 443`, `subset v2`, `subset v2, port 443`. */
  readonly reach: string;
}

/** What a DestinationRule is about, as far as the rule itself and the services in the input tell. */
export interface Destination {
  /** Full host: short names completed with the rule's namespace. */
  readonly host: string;
  /** True when the host is, or as a wildcard can be, a Kubernetes Service's. */
  readonly clusterLocal: boolean;
  /** Services in the input that the host stands for. */
  readonly services: readonly Service[];
  readonly tls: readonly TlsBlock[];
  /** True when only the workloads that the rule selects use it (`workloadSelector`, even an empty one). */
  readonly selectsWorkloads: boolean;
  /** True when `exportTo` shows the rule to no namespace but its own. */
  readonly isPrivate: boolean;
}

function blockAt(resource: Resource, path: FieldPath, reach: string): readonly TlsBlock[] {
  const tls = valueAt(resource.object, path);
  return isObject(tls) ? [{ mode: modeOf(tls), tls, at: { resource, path }, reach }] : [];
}

function blocksOf(resource: Resource, path: FieldPath, subset: string): readonly TlsBlock[] {
  const settings = listAt(resource.object, ...path, 'portLevelSettings');
  return [
    ...blockAt(resource, [...path, 'tls'], subset === '' ? 'all ports' : subset),
    ...settings.flatMap((setting, index) => {
      const number = valueAt(setting, ['port', 'number']);
      const port = typeof number === 'number' ? `port ${String(number)}` : 'a port without number';
      const reach = subset === '' ? port : `${subset}, ${port}`;
      return blockAt(resource, [...path, 'portLevelSettings', index, 'tls'], reach);
    }),
  ];
}

function tlsOf(rule: Resource): readonly TlsBlock[] {
  const subsets = listAt(rule.object, 'spec', 'subsets');
  return [
    ...blocksOf(rule, ['spec', 'trafficPolicy'], ''),
    ...subsets.flatMap((subset, index) =>
      blocksOf(
        rule,
        ['spec', 'subsets', index, 'trafficPolicy'],
        `subset ${stringAt(subset, 'name') ?? String(index)}`,
      ),
    ),
  ];
}

function fullHost(mesh: Mesh, rule: Resource): string {
  const host = stringAt(rule.object, 'spec', 'host') ?? '';
  return completeHost(host, mesh.namespaceOf(rule), mesh.settings.domainSuffix);
}

function isPrivate(mesh: Mesh, rule: Resource): boolean {
  const exportTo = listAt(rule.object, 'spec', 'exportTo');
  const own = new Set<unknown>(['.', mesh.namespaceOf(rule)]);
  return exportTo.length > 0 && exportTo.every((target) => own.has(target));
}

function servicesOf(mesh: Mesh, host: string): readonly Service[] {
  if (host.startsWith('*')) return mesh.services.filter((service) => service.host.endsWith(host.slice(1)));
  const service = mesh.serviceByHost(host);
  return service === undefined ? [] : [service];
}

/** True when the host is of the form of a Service's, or is a wildcard under which such hosts fall. */
function isClusterLocal(mesh: Mesh, host: string): boolean {
  const suffix = `.svc.${mesh.settings.domainSuffix}`;
  return host.endsWith(suffix) || (host.startsWith('*') && suffix.endsWith(host.slice(1)));
}

/**
 * Reads a DestinationRule: its full host, the services behind it and every `tls` block with its mode.
 * Whether a client uses this rule and no other is not decided here.
 * Sources: pilot/pkg/model/config.go (ResolveShortnameToFQDN), api networking/v1alpha3/destination_rule.proto.
 */
export function destination(mesh: Mesh, rule: Resource): Destination {
  const host = fullHost(mesh, rule);
  return {
    host,
    clusterLocal: isClusterLocal(mesh, host),
    services: servicesOf(mesh, host),
    tls: tlsOf(rule),
    selectsWorkloads: objectAt(rule.object, 'spec', 'workloadSelector') !== undefined,
    isPrivate: isPrivate(mesh, rule),
  };
}
