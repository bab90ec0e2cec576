import { defineCheck, describe, fail, notApplicable, pass, resources, stringsAt, unknown } from '#check';
import type { CheckContext, Mesh, MissingEvidence, Resource, Workload } from '#check';

const originating = new Set(['SIMPLE', 'MUTUAL']);

const entriesByMesh = new WeakMap<Mesh, ReadonlyMap<string, readonly Resource[]>>();

/** The ServiceEntries of a host. */
function entriesOf(mesh: Mesh, host: string): readonly Resource[] {
  const known = entriesByMesh.get(mesh);
  if (known !== undefined) return known.get(host) ?? [];
  const entries = new Map<string, Resource[]>();
  for (const entry of mesh.ofKind('networking.istio.io', 'ServiceEntry'))
    for (const name of stringsAt(entry.object, 'spec', 'hosts'))
      entries.set(name, [...(entries.get(name) ?? []), entry]);
  entriesByMesh.set(mesh, entries);
  return entries.get(host) ?? [];
}

type Client = Workload | readonly MissingEvidence[] | undefined;

const clientsByMesh = new WeakMap<Mesh, Map<string, Client>>();

/** The first of some workloads that is in ambient mode, or what is missing to tell. */
function firstAmbient(workloads: readonly Workload[], { policies }: CheckContext): Client {
  const missing: MissingEvidence[] = [];
  for (const client of workloads) {
    const enrolment = policies.enrolment(client);
    if (!enrolment.known) missing.push(...enrolment.missing);
    else if (enrolment.value.dataPlane === 'ambient') return client;
  }
  return missing.length > 0 ? missing.slice(0, 1) : undefined;
}

/** A workload in ambient mode that the rule is meant for: of its own namespace, or of any where it is for the whole mesh. */
function ambientClient(rule: Resource, context: CheckContext): Client {
  const { mesh } = context;
  const own = mesh.namespaceOf(rule);
  const isForAll = own === mesh.settings.rootNamespace || mesh.workloadsIn(own).length === 0;
  const namespace = isForAll ? '' : own;
  const known = clientsByMesh.get(mesh) ?? new Map<string, Client>();
  clientsByMesh.set(mesh, known);
  if (!known.has(namespace))
    known.set(namespace, firstAmbient(isForAll ? mesh.workloads : mesh.workloadsIn(own), context));
  return known.get(namespace);
}

export default defineCheck({
  meta: {
    id: 'DR-013',
    title: 'DestinationRule starts no TLS for clients in ambient mode',
    severity: 'high',
    confidence: 'medium',
    examines: 'DestinationRules that start TLS',
    messages: {
      ignored:
        '{rule} starts TLS towards {host}, and {entry} has no waypoint: ztunnel reads no DestinationRule, so clients in ambient mode such as {client} send there what they would send without it.',
    },
    remediation:
      'Label {entry} with istio.io/use-waypoint and the name of a waypoint, which then starts TLS; or have the application start TLS itself.',
    controls: ['nist-800-53-r5/SC-8(1)', 'pci-dss-4.0.1/4.2.1', 'istio-best-practices/tls-origination'],
    aliases: ['KIA0210', 'KIA0211', 'KIA0212'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, context) => {
    const destination = context.policies.destination(rule);
    const block = destination.tls.find(({ mode }) => originating.has(mode));
    if (block === undefined) return notApplicable('DestinationRule starts no TLS');
    if (destination.selectsWorkloads) return notApplicable('DestinationRule is for selected workloads');
    const [entry] = entriesOf(context.mesh, destination.host);
    if (entry === undefined) return notApplicable('host is of no ServiceEntry');
    const client = ambientClient(rule, context);
    if (client === undefined) return pass;
    if (!('resource' in client)) return unknown(client);
    const binding = context.policies.waypointOf(entry);
    if (!binding.known) return unknown(binding.missing);
    if (binding.value.waypoint !== undefined) return pass;
    return fail({
      message: 'ignored',
      at: block.at,
      data: {
        rule: describe(context.mesh, rule),
        host: destination.host,
        entry: describe(context.mesh, entry),
        client: describe(context.mesh, client.resource),
      },
    });
  },
});
