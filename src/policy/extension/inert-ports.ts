import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';

/** A port by which an extension picks listeners of a gateway. */
export interface PickedPort {
  readonly number: number;
  readonly at: FieldRef;
}

/** Ports of listeners that an EnvoyFilter, WasmPlugin or TrafficExtension is limited to. */
export function pickedPorts(extension: Resource): readonly PickedPort[] {
  const { object, kind } = extension;
  if (kind === 'EnvoyFilter')
    return listAt(object, 'spec', 'configPatches').flatMap((patch, index): readonly PickedPort[] => {
      const number = valueAt(patch, ['match', 'listener', 'portNumber']);
      const isInbound = stringAt(patch, 'match', 'context') !== 'SIDECAR_OUTBOUND';
      const path = ['spec', 'configPatches', index, 'match', 'listener', 'portNumber'];
      return typeof number === 'number' && isInbound ? [{ number, at: { resource: extension, path } }] : [];
    });
  return listAt(object, 'spec', 'match').flatMap((match, index) =>
    listAt(match, 'ports').flatMap((port, entry): readonly PickedPort[] => {
      const number = valueAt(port, ['number']);
      const path = ['spec', 'match', index, 'ports', entry, 'number'];
      return typeof number === 'number' ? [{ number, at: { resource: extension, path } }] : [];
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
