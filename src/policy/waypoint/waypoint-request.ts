import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { readAccessRequest } from '#policy/request/access-request.js';
import type { Workload } from '#mesh/mesh.js';
import type { AmbientOptions } from '#policy/ambient/decide-ambient.js';
import type { AccessRequest } from '#policy/request/access-request.js';
import { podIp } from '#policy/request/receiver.js';
import type { DecideOptions } from '#policy/request/request-decision.js';
import type { Waypoint } from './waypoint.js';

/** What stands before the client and sends its connections on; clients outside the mesh have none of them. */
export type ClientProxy = 'ztunnel' | 'sidecar' | 'gateway';

/** What is dialled. */
export type DialledAddress =
  /** `namespace/name` of a Service or `namespace/host` of a ServiceEntry, with its own port. */
  | { readonly service: string; readonly port: number }
  /** `namespace/Kind/name`, at the pod's own address and port. */
  | { readonly workload: string; readonly port: number };

/** A connection in an ambient mesh, with the one request that is sent over it. */
export interface AmbientRequest extends Omit<AccessRequest, 'to'> {
  readonly through: ClientProxy;
  readonly to: DialledAddress;
}

/** Circumstances that manifests do not hold. */
export interface AmbientRequestOptions extends DecideOptions, Pick<AmbientOptions, 'endsTunnel'> {
  /** Which of the pods behind a Service are meant; all of them when nothing is said. */
  readonly pods?: (workload: Workload) => boolean;
  /** Address of the pods of a waypoint, where the input does not show it. */
  readonly waypointIp?: (waypoint: Waypoint) => string | undefined;
}

const proxies: readonly ClientProxy[] = ['ztunnel', 'sidecar', 'gateway'];

function dialled(value: JsonValue): DialledAddress | string {
  const port = valueAt(value, ['to', 'port']);
  if (typeof port !== 'number' || !Number.isInteger(port)) return 'to.port is a number';
  const [service, workload] = [stringAt(value, 'to', 'service'), stringAt(value, 'to', 'workload')];
  if (service !== undefined) return { service, port };
  return workload === undefined
    ? 'to needs service (namespace/name) or workload (namespace/Kind/name)'
    : { workload, port };
}

/**
 * Reads a request written as JSON, as readAccessRequest does, but for `to`: `service` or `workload`, and `port`; and for
 * `through`: `ztunnel` (when nothing is said), `sidecar`, `gateway`. Returns what is wrong with it, as a sentence.
 */
export function readAmbientRequest(value: JsonValue): AmbientRequest | string {
  const to = dialled(value);
  if (typeof to === 'string') return to;
  const place = { namespace: '', workload: '', port: to.port };
  const request = readAccessRequest({ ...objectAt(value), to: place });
  if (typeof request === 'string') return request;
  const written = stringAt(value, 'through') ?? 'ztunnel';
  const through = proxies.find((proxy) => proxy === written);
  return through === undefined ? 'through is ztunnel, sidecar or gateway' : { ...request, to, through };
}

/** Address of a waypoint's pods: as the input shows it, else as given. */
export function waypointAddress(
  waypoint: Waypoint,
  { waypointIp }: AmbientRequestOptions,
): string | undefined {
  return (waypoint.workload && podIp(waypoint.workload)) ?? waypointIp?.(waypoint);
}
