import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { InboundPort } from './policies.js';

const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;

/** Port of `clientConfig.service` when none is written (k8s.io/api/admissionregistration/v1, ServiceReference). */
const defaultPort = 443;

function callsOf(configuration: Resource): readonly (readonly [string, FieldRef])[] {
  return listAt(configuration.object, 'webhooks').flatMap((webhook, index) => {
    const service = objectAt(webhook, 'clientConfig', 'service');
    if (service === undefined) return [];
    const written = valueAt(service, ['port']);
    const port = typeof written === 'number' ? written : defaultPort;
    const key = `${stringAt(service, 'namespace') ?? ''}/${stringAt(service, 'name') ?? ''}:${port}`;
    return [
      [key, { resource: configuration, path: ['webhooks', index, 'clientConfig', 'service'] }] as const,
    ];
  });
}

const callsOfMesh = new WeakMap<Mesh, ReadonlyMap<string, FieldRef>>();

/**
 * The webhook by which the API server calls a port of a workload; undefined: none in the input does. The API server
 * speaks TLS of its own and is in no mesh, so such a port cannot be STRICT.
 */
export function apiServerCall(mesh: Mesh, { services }: Pick<InboundPort, 'services'>): FieldRef | undefined {
  const calls = getOrMake(callsOfMesh, mesh, () => {
    const configurations = kinds.flatMap((kind) => mesh.ofKind('admissionregistration.k8s.io', kind));
    return new Map(configurations.flatMap(callsOf));
  });
  return services
    .map(({ service, port }) => calls.get(`${service.namespace}/${service.name}:${port}`))
    .find((call) => call !== undefined);
}
