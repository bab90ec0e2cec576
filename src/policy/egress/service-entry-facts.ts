import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { exportSet } from '#policy/gateway/export-to.js';
import { isSubset } from '#policy/gateway/host-name.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { isInRange, parseAddress, parseRange } from '#policy/rule/address.js';
import type { AddressRange } from '#policy/rule/address.js';

/** A value of a ServiceEntry, with its place. */
export interface EntryValue {
  readonly value: string;
  readonly at: FieldRef;
}

function values(entry: Resource, field: 'hosts' | 'addresses'): readonly EntryValue[] {
  return stringsAt(entry.object, 'spec', field).map((value, index) => ({
    value,
    at: { resource: entry, path: ['spec', field, index] },
  }));
}

function endpoints(entry: Resource): readonly EntryValue[] {
  return listAt(entry.object, 'spec', 'endpoints').flatMap((endpoint, index) => {
    const value = stringAt(endpoint, 'address');
    return value === undefined
      ? []
      : [{ value, at: { resource: entry, path: ['spec', 'endpoints', index, 'address'] } }];
  });
}

/** True for `*`, `*.com`, `*.co.uk`: names that everybody can register one under. */
function isWideHost(host: string): boolean {
  return (
    host === '*' || /^\*\.[a-z]+$/i.test(host) || /^\*\.(?:co|com|org|net|gov|ac)\.[a-z]{2}$/i.test(host)
  );
}

const isClusterName = (host: string): boolean => /^\*\.(?:local|cluster|svc|internal|global)$/i.test(host);

/** Hosts and address ranges of a ServiceEntry that stand for nearly everything outside. */
export function wideDestinations(entry: Resource): readonly EntryValue[] {
  const hosts = values(entry, 'hosts').filter(({ value }) => isWideHost(value) && !isClusterName(value));
  const ranges = values(entry, 'addresses').filter(({ value }) => {
    const range = value.includes('/') ? parseRange(value) : undefined;
    return range !== undefined && range.bits <= (range.family === 4 ? 7 : 16);
  });
  return [...hosts, ...ranges];
}

const metadataNames = new Set([
  'metadata.google.internal',
  'metadata',
  'instance-data',
  'metadata.azure.com',
]);
const metadataAddresses = [
  '169.254.169.254',
  '169.254.170.2',
  'fd00:ec2::254',
  '168.63.129.16',
  '100.100.100.200',
];

/** Places by which a ServiceEntry opens the metadata service of a cloud; wide ranges are not among them. */
export function metadataDestinations(entry: Resource): readonly EntryValue[] {
  const addresses = metadataAddresses.flatMap((text) => parseAddress(text) ?? []);
  const isMetadata = ({ value }: EntryValue): boolean => {
    const range = parseRange(value);
    if (range === undefined) return metadataNames.has(value.toLowerCase());
    const isNarrow = range.bits >= (range.family === 4 ? 16 : 48);
    return isNarrow && addresses.some((address) => isInRange(address, range));
  };
  return [...values(entry, 'hosts'), ...values(entry, 'addresses'), ...endpoints(entry)].filter(isMetadata);
}

/** True when an entry names the addresses itself; otherwise the cluster's DNS leads to the Service of that name. */
function decidesAddress({ object }: Resource): boolean {
  const spec = objectAt(object, 'spec');
  return listAt(spec, 'endpoints').length > 0 || objectAt(spec, 'workloadSelector') !== undefined;
}

/** Hosts of a ServiceEntry that are names of Services of other namespaces, where it leads them to places of its own. */
export function takenServiceHosts(mesh: Mesh, entry: Resource): readonly EntryValue[] {
  if (!decidesAddress(entry)) return [];
  const suffix = `.svc.${mesh.settings.domainSuffix}`;
  const own = mesh.namespaceOf(entry);
  return values(entry, 'hosts').filter(({ value }) => {
    if (value.startsWith('*')) return `.x${suffix}`.endsWith(value.slice(1)) && value.length > 1;
    if (!value.endsWith(suffix)) return false;
    return value.slice(0, -suffix.length).split('.').at(-1) !== own;
  });
}

/** Namespaces that a ServiceEntry is visible in; `*` for all. */
export function entryVisibility(mesh: Mesh, entry: Resource): ReadonlySet<string> {
  const namespace = mesh.namespaceOf(entry);
  const written = stringsAt(entry.object, 'spec', 'exportTo');
  return exportSet(mesh, written, { namespace, setting: 'defaultServiceExportTo' });
}

/** What makes two entries for one host send traffic to different places, or in a different form. */
function meaning(entry: Resource): string {
  const spec = objectAt(entry.object, 'spec');
  const fields = ['location', 'resolution', 'addresses', 'endpoints', 'workloadSelector'] as const;
  const ports = listAt(spec, 'ports').map((port) => [
    valueAt(port, ['number']),
    stringAt(port, 'protocol')?.toUpperCase(),
    valueAt(port, ['targetPort']),
  ]);
  return JSON.stringify([fields.map((field) => spec?.[field] ?? null), ports]);
}

/** A host that other ServiceEntries declare differently. */
export interface RivalEntries {
  readonly host: string;
  readonly rivals: readonly Resource[];
  readonly at: FieldRef;
}

const entriesByHost = perMesh((mesh: Mesh): ReadonlyMap<string, readonly Resource[]> => {
  const index = new Map<string, Resource[]>();
  for (const entry of mesh.ofKind('networking.istio.io', 'ServiceEntry')) {
    for (const host of new Set(stringsAt(entry.object, 'spec', 'hosts')))
      getOrMake(index, host, () => []).push(entry);
  }
  return index;
});

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.has('~') || b.has('~')) return false;
  return a.has('*') || b.has('*') || [...a].some((name) => b.has(name));
}

const portsOf = ({ object }: Resource): ReadonlyMap<JsonValue | undefined, string | undefined> =>
  new Map(
    listAt(object, 'spec', 'ports').map((port) => [
      valueAt(port, ['number']),
      stringAt(port, 'protocol')?.toUpperCase(),
    ]),
  );

/** True when two entries, which are one service within a namespace, give one port two protocols. */
function differInProtocol(a: Resource, b: Resource): boolean {
  const ports = portsOf(a);
  return [...portsOf(b)].some(([number, protocol]) => ports.has(number) && ports.get(number) !== protocol);
}

/**
 * True when one of two entries is for its own namespace only and the other for all: there the first counts, whatever
 * their age, because what is exported to a namespace comes before what all see (pilot/pkg/model/push_context.go,
 * servicesExportedToNamespace).
 */
function isOwnBeforePublic(mesh: Mesh, a: Resource, b: Resource): boolean {
  const isOwn = (entry: Resource): boolean => {
    const seen = entryVisibility(mesh, entry);
    return seen.size === 1 && seen.has(mesh.namespaceOf(entry));
  };
  const isPublic = (entry: Resource): boolean => entryVisibility(mesh, entry).has('*');
  return (isOwn(a) && isPublic(b)) || (isOwn(b) && isPublic(a));
}

/** Older ServiceEntries that say something else of the same host to the same clients. */
export function rivalEntries(mesh: Mesh, entry: Resource): readonly RivalEntries[] {
  const own = mesh.namespaceOf(entry);
  const seen = entryVisibility(mesh, entry);
  return values(entry, 'hosts').flatMap(({ value: host, at }) => {
    const all = entriesByHost(mesh).get(host) ?? [];
    const older = all.slice(0, Math.max(0, all.indexOf(entry)));
    const rivals = older.filter(
      (other) =>
        (mesh.namespaceOf(other) === own
          ? differInProtocol(other, entry)
          : meaning(other) !== meaning(entry) && !isOwnBeforePublic(mesh, other, entry)) &&
        meet(seen, entryVisibility(mesh, other)),
    );
    return rivals.length === 0 ? [] : [{ host, rivals, at }];
  });
}

const plain = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);
const privateRanges: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
].flatMap((text) => parseRange(text) ?? []);

function isPrivate(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return /(?:^|\.)(?:local|internal|lan|corp|localhost|cluster)$/i.test(text);
  return privateRanges.some((range) => isInRange(address, range));
}

/** A port of a ServiceEntry that is spoken in plaintext as far as the entry goes. */
export interface PlainPort {
  readonly number: number;
  readonly at: FieldRef;
}

/** Plaintext HTTP ports of a ServiceEntry for hosts outside of the cluster and its private network. */
export function plaintextPorts(entry: Resource): readonly PlainPort[] {
  const { object } = entry;
  if (stringAt(object, 'spec', 'location') === 'MESH_INTERNAL') return [];
  const places = endpoints(entry).map(({ value }) => value);
  const hosts = stringsAt(object, 'spec', 'hosts');
  if ((places.length > 0 ? places : hosts).every(isPrivate)) return [];
  return listAt(object, 'spec', 'ports').flatMap((port, index) => {
    const number = valueAt(port, ['number']);
    const isPlain = plain.has((stringAt(port, 'protocol') ?? '').toUpperCase());
    return typeof number === 'number' && isPlain
      ? [{ number, at: { resource: entry, path: ['spec', 'ports', index] } }]
      : [];
  });
}

const originates = (tls: JsonValue | undefined): boolean =>
  ['SIMPLE', 'MUTUAL'].includes(stringAt(tls, 'mode') ?? '');

const settingsOf = (policy: JsonValue): readonly JsonValue[] => [
  objectAt(policy, 'tls') ?? null,
  ...listAt(policy, 'portLevelSettings').map((setting) => objectAt(setting, 'tls') ?? null),
];

const originatingRules = perMesh((mesh: Mesh): readonly string[] =>
  mesh.ofKind('networking.istio.io', 'DestinationRule').flatMap(({ object }) => {
    const subsets = listAt(object, 'spec', 'subsets').map((subset) => objectAt(subset, 'trafficPolicy'));
    const blocks = [objectAt(object, 'spec', 'trafficPolicy'), ...subsets].flatMap((policy) =>
      settingsOf(policy ?? null),
    );
    return blocks.some(originates) ? [stringAt(object, 'spec', 'host') ?? ''] : [];
  }),
);

/** True when some DestinationRule of the input lets proxies start TLS towards the host. */
export function startsTls(mesh: Mesh, host: string): boolean {
  return originatingRules(mesh).some((rule) => isSubset(host, rule));
}
