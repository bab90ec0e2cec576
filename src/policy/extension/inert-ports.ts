import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { Service, Workload } from '#mesh/mesh.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import type { EffectivePolicies } from '#policy/policies.js';

/** A port by which an extension picks listeners of a gateway. */
export interface PickedPort {
  readonly number: number;
  readonly at: FieldRef;
  /** True when it is for the connections that a sidecar takes; of those that it makes ports are the Services'. */
  readonly inbound: boolean;
}

/** A port of a Service in the place of the port on which its pods receive. */
export interface MistakenPort {
  readonly service: Service;
  readonly target: number;
}

/** Ports of listeners that an EnvoyFilter, WasmPlugin or TrafficExtension is limited to. */
export function pickedPorts(extension: Resource): readonly PickedPort[] {
  const { object, kind } = extension;
  if (kind === 'EnvoyFilter')
    return listAt(object, 'spec', 'configPatches').flatMap((patch, index): readonly PickedPort[] => {
      const number = valueAt(patch, ['match', 'listener', 'portNumber']);
      const context = stringAt(patch, 'match', 'context');
      const path = ['spec', 'configPatches', index, 'match', 'listener', 'portNumber'];
      return typeof number === 'number' && context !== 'SIDECAR_OUTBOUND'
        ? [{ number, at: { resource: extension, path }, inbound: context === 'SIDECAR_INBOUND' }]
        : [];
    });
  return listAt(object, 'spec', 'match').flatMap((match, index) =>
    listAt(match, 'ports').flatMap((port, entry): readonly PickedPort[] => {
      const number = valueAt(port, ['number']);
      const path = ['spec', 'match', index, 'ports', entry, 'number'];
      const inbound = stringAt(match, 'mode') === 'SERVER';
      return typeof number === 'number' ? [{ number, at: { resource: extension, path }, inbound }] : [];
    }),
  );
}

/** Ports that Gateways write and the pods do not listen on, each with the pod's port in its place. */
export function translatedPorts({ listeners }: GatewayPods): ReadonlyMap<number, number> {
  const groups = listeners.known ? listeners.value.merged.groups : [];
  const real = new Set(groups.map(({ port }) => port));
  const pairs = groups.flatMap(({ port, servers }) =>
    servers.map(({ server }) => [server.port, port] as const),
  );
  return new Map(pairs.filter(([written]) => !real.has(written)));
}

/**
 * What a port stands for that none of the sidecars receives on, where it is the port of a Service of theirs: inbound
 * chains go by the port of the pod (listenerMatch and filterChainMatch in listener_patch.go).
 */
export function mistakenPort(
  number: number,
  sidecars: readonly Workload[],
  { inboundPorts }: Pick<EffectivePolicies, 'inboundPorts'>,
): MistakenPort | undefined {
  const ports = sidecars.flatMap(inboundPorts);
  if (ports.some((port) => port.number === number)) return undefined;
  for (const port of ports) {
    const named = port.services.find((one) => one.port === number);
    if (named !== undefined) return { service: named.service, target: port.number };
  }
  return undefined;
}

/** The port by which all redirected connections come to a sidecar; no chain is for it. */
export const redirectedPort = 15006;
