import { stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, ServicePort } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { inboundProtocol } from '#policy/inbound-ports.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import type { InboundProtocol } from '#policy/policies.js';
import { calledServices } from './called-service.js';
import type { CalledService } from './called-service.js';
import { waypointBinding } from './waypoint-binding.js';

/** Services and ServiceEntries by the waypoint that takes their traffic. */
const index = perMesh((mesh: Mesh): ReadonlyMap<string, readonly CalledService[]> => {
  const found = new Map<string, CalledService[]>();
  for (const called of calledServices(mesh)) {
    const binding = waypointBinding(mesh, called.service ?? called.resource);
    const key = binding.known ? binding.value.waypoint?.key : undefined;
    if (key !== undefined) getOrMake(found, key, () => []).push(called);
  }
  return found;
});

/** The Services and hosts of ServiceEntries that have a waypoint, `namespace/name`, for theirs. */
export function waypointUsers(mesh: Mesh, key: string): readonly CalledService[] {
  return index(mesh).get(key) ?? [];
}

/** TLS to whatever name a client asks for under a wildcard: off without the switch, which lets clients choose the address. */
function isWildcardTls(mesh: Mesh, { host, resource }: CalledService, port: ServicePort): boolean {
  if (!isTls(port) || !host.startsWith('*')) return false;
  if (stringAt(resource.object, 'spec', 'resolution') !== 'DYNAMIC_DNS') return false;
  return !istiodFlag(mesh, 'ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS', false);
}

/**
 * The port of that number with a chain at the waypoint: UDP ports have none, nor have TLS ports of resolved wildcards
 * (buildWaypointInternal in pilot/pkg/networking/core/listener_waypoint.go).
 */
export function servedPort(mesh: Mesh, called: CalledService, number: number): ServicePort | undefined {
  if (!called.hasChains) return undefined;
  const port = called.ports.find((each) => each.number === number && each.protocol !== 'UDP');
  return port === undefined || isWildcardTls(mesh, called, port) ? undefined : port;
}

/** How the chain of a port reads its bytes. */
export function portProtocol({ protocol }: ServicePort): InboundProtocol {
  return inboundProtocol(protocol);
}

const isTls = ({ protocol }: ServicePort): boolean => protocol === 'TLS' || protocol === 'HTTPS';

/**
 * True when the waypoint looks for the server name of TLS inside the tunnel on a port: ports that any of its Services
 * calls TLS, and ports of pods that none of them calls otherwise.
 */
export function inspectsTls(mesh: Mesh, key: string, number: number): boolean {
  const ports = waypointUsers(mesh, key).flatMap((called) => called.ports);
  const same = ports.filter((port) => port.number === number);
  return ports.some(isTls) && (same.length === 0 || same.some(isTls));
}
