import type { Resource } from '#documents/document.js';
import { listAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Service } from '#mesh/mesh.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import type { ServiceEndpoint } from './service-endpoint.js';

function endpoint(address: string, port: JsonValue, namespace: string): ServiceEndpoint {
  const number = valueAt(port, ['port']);
  return {
    workload: undefined,
    address,
    namespace,
    labels: {},
    tlsMode: 'disabled',
    tunnel: false,
    account: '',
    missing: [],
    port: typeof number === 'number' ? number : 0,
    servicePort: stringAt(port, 'name') ?? '',
    servicePortNumber: undefined,
  };
}

const namesPod = (target: JsonValue): boolean => stringAt(target, 'targetRef', 'kind') === 'Pod';

/** EndpointSlices under `namespace/service`. */
const slicesOf = perMesh((mesh: Mesh): ReadonlyMap<string, readonly Resource[]> => {
  const index = new Map<string, Resource[]>();
  for (const slice of mesh.ofKind('discovery.k8s.io', 'EndpointSlice')) {
    const name = stringAt(slice.object, 'metadata', 'labels', 'kubernetes.io/service-name') ?? '';
    if (stringAt(slice.object, 'addressType') !== 'FQDN')
      getOrMake(index, `${mesh.namespaceOf(slice)}/${name}`, () => []).push(slice);
  }
  return index;
});

function ofSlices(mesh: Mesh, { namespace, name }: Service): readonly ServiceEndpoint[] {
  return (slicesOf(mesh).get(`${namespace}/${name}`) ?? []).flatMap(({ object }) =>
    listAt(object, 'endpoints')
      .filter((target) => !namesPod(target))
      .flatMap((target) => listAt(target, 'addresses'))
      .flatMap((address) =>
        typeof address === 'string'
          ? listAt(object, 'ports').map((port) => endpoint(address, port, namespace))
          : [],
      ),
  );
}

function ofEndpoints(mesh: Mesh, { namespace, name }: Service): readonly ServiceEndpoint[] {
  const object = mesh.find('', 'Endpoints', namespace, name)?.object;
  return listAt(object, 'subsets').flatMap((subset) =>
    listAt(subset, 'addresses')
      .filter((target) => !namesPod(target))
      .flatMap((target) => {
        const address = stringAt(target, 'ip') ?? '';
        return listAt(subset, 'ports').map((port) => endpoint(address, port, namespace));
      }),
  );
}

/**
 * Addresses that are managed by hand for a Service without selector and belong to no pod: plaintext, without identity
 * (updateEndpointCacheForSlice in pilot/pkg/serviceregistry/kube/controller/endpointslice.go). A cluster copies
 * Endpoints into EndpointSlices, so those count when there are any.
 */
export function unmanagedEndpoints(mesh: Mesh, service: Service): readonly ServiceEndpoint[] {
  if (Object.keys(service.selector).length > 0 || service.type === 'ExternalName') return [];
  const slices = ofSlices(mesh, service);
  return slices.length > 0 ? slices : ofEndpoints(mesh, service);
}
