import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';

export type TlsMode = 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';

/** A `tls` block of a DestinationRule; texts that are not written are empty. */
export interface TlsSettings {
  readonly mode: TlsMode;
  readonly sni: string;
  readonly subjectAltNames: readonly string[];
  readonly credentialName: string;
  readonly caCertificates: string;
  readonly clientCertificate: string;
  readonly privateKey: string;
  readonly insecureSkipVerify: boolean;
  /** Where it is written; undefined for settings that no object holds. */
  readonly at: FieldRef | undefined;
}

/** The parts of a policy for one port that bear on TLS. */
export interface PortPolicy {
  readonly tls: TlsSettings | undefined;
  /** Whether `loadBalancer.simple` is PASSTHROUGH; undefined without a `loadBalancer`. */
  readonly passthrough: boolean | undefined;
}

/** The parts of a `trafficPolicy` that bear on TLS. */
export interface TrafficPolicy extends PortPolicy {
  /** Entries of portLevelSettings that name a port, as written. */
  readonly ports: readonly (PortPolicy & { readonly port: number })[];
}

const modes: ReadonlyMap<string, TlsMode> = new Map([
  ['SIMPLE', 'SIMPLE'],
  ['MUTUAL', 'MUTUAL'],
  ['ISTIO_MUTUAL', 'ISTIO_MUTUAL'],
]);

/** The mode of a `tls` block: without one it is DISABLE, the enum's zero (api networking/v1alpha3/destination_rule.proto). */
export function modeOf(block: JsonObject): TlsMode {
  return modes.get(stringAt(block, 'mode') ?? '') ?? 'DISABLE';
}

function readTls(resource: Resource, path: FieldPath): TlsSettings | undefined {
  const block = objectAt(resource.object, ...path, 'tls');
  if (block === undefined) return undefined;
  return {
    mode: modeOf(block),
    sni: stringAt(block, 'sni') ?? '',
    subjectAltNames: stringsAt(block, 'subjectAltNames'),
    credentialName: stringAt(block, 'credentialName') ?? '',
    caCertificates: stringAt(block, 'caCertificates') ?? '',
    clientCertificate: stringAt(block, 'clientCertificate') ?? '',
    privateKey: stringAt(block, 'privateKey') ?? '',
    insecureSkipVerify: block['insecureSkipVerify'] === true,
    at: { resource, path: [...path, 'tls'] },
  };
}

function readPortPolicy(resource: Resource, path: FieldPath): PortPolicy {
  const balancer = objectAt(resource.object, ...path, 'loadBalancer');
  return {
    tls: readTls(resource, path),
    passthrough: balancer && stringAt(balancer, 'simple') === 'PASSTHROUGH',
  };
}

/** Reads the `trafficPolicy` at a path of a DestinationRule; undefined when there is none. */
export function readTrafficPolicy(resource: Resource, path: FieldPath): TrafficPolicy | undefined {
  if (objectAt(resource.object, ...path) === undefined) return undefined;
  const ports = listAt(resource.object, ...path, 'portLevelSettings').flatMap((entry, index) => {
    const port = valueAt(entry, ['port', 'number']);
    if (typeof port !== 'number') return [];
    return [{ port, ...readPortPolicy(resource, [...path, 'portLevelSettings', index]) }];
  });
  return { ...readPortPolicy(resource, path), ports };
}

interface ForPort {
  readonly policy: PortPolicy | undefined;
  readonly portLevel: boolean;
}

/**
 * What a policy says of a port: the first entry for it replaces the policy as a whole, so what the entry leaves out is
 * unset (GetPortLevelTrafficPolicy in pilot/pkg/networking/util/util.go).
 */
function forPort(policy: TrafficPolicy | undefined, port: number): ForPort {
  const entry = policy?.ports.find((each) => each.port === port);
  return entry === undefined ? { policy, portLevel: false } : { policy: entry, portLevel: true };
}

/** What holds for a port of the whole service. */
export function policyForPort(policy: TrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return forPort(policy, port).policy;
}

/**
 * What holds for a port of a subset: field by field the subset's own, else the service's; an entry of the subset for
 * the port replaces all of it (MergeSubsetTrafficPolicy in pilot/pkg/networking/util/util.go).
 */
export function policyForSubset(
  service: TrafficPolicy | undefined,
  subset: TrafficPolicy | undefined,
  port: number,
): PortPolicy | undefined {
  const original = policyForPort(service, port);
  if (subset === undefined) return original;
  const { policy, portLevel } = forPort(subset, port);
  if (original === undefined || policy === undefined || portLevel) return policy;
  return {
    tls: policy.tls ?? original.tls,
    passthrough: policy.passthrough ?? original.passthrough,
  };
}

/**
 * The mode by which endpoints are judged: unlike the cluster's it falls back from a port entry without `tls` to the
 * whole policy's (trafficPolicyTLSModeForPort in pilot/pkg/xds/endpoints/mtls_checker.go).
 */
export function endpointMode(policy: TrafficPolicy | undefined, port: number): TlsMode | undefined {
  const entry = policy?.ports.find((each) => each.port === port && each.tls !== undefined);
  return entry?.tls?.mode ?? policy?.tls?.mode;
}
