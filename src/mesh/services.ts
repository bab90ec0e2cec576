import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { sortByAge } from './creation-order.js';
import type { Service, ServicePort } from './mesh.js';
import { servicePortProtocol } from './service-port-protocol.js';
import { stringMap } from './string-map.js';

function targetPort(value: JsonValue | undefined): number | string | undefined {
  if (typeof value === 'number') return value === 0 ? undefined : value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function servicePort(port: JsonValue, path: FieldPath): ServicePort | undefined {
  if (!isObject(port) || typeof port['port'] !== 'number') return undefined;
  const number = port['port'];
  const name = stringAt(port, 'name');
  return {
    number,
    name,
    targetPort: targetPort(port['targetPort']),
    protocol: servicePortProtocol({
      number,
      name,
      protocol: stringAt(port, 'protocol'),
      appProtocol: stringAt(port, 'appProtocol'),
    }),
    path,
  };
}

function typeOf(resource: Resource): Service['type'] {
  const type = stringAt(resource.object, 'spec', 'type');
  return type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName' ? type : 'ClusterIP';
}

function isHeadless(resource: Resource): boolean {
  const spec = objectAt(resource.object, 'spec');
  return stringAt(spec, 'clusterIP') === 'None' || valueAt(spec, ['clusterIPs', 0]) === 'None';
}

function readService(resource: Resource, namespace: string, domainSuffix: string): Service {
  const spec = objectAt(resource.object, 'spec');
  const ports = listAt(spec, 'ports').map((port, index) => servicePort(port, ['spec', 'ports', index]));
  return {
    name: resource.name,
    namespace,
    host: `${resource.name}.${namespace}.svc.${domainSuffix}`,
    resource,
    type: typeOf(resource),
    headless: isHeadless(resource),
    externalName: stringAt(spec, 'externalName'),
    selector: stringMap(objectAt(spec, 'selector')),
    ports: ports.filter((port) => port !== undefined),
  };
}

/** What the Services of a mesh are read with. */
export interface ServiceContext {
  readonly domainSuffix: string;
  readonly namespaceOf: (resource: Resource) => string;
}

/**
 * Reads Services, oldest first. Among Services of one age the *hostname* that sorts first comes first: that one
 * decides a shared port's protocol, and `pay-alt` precedes `pay` there because `-` sorts before `.`.
 */
export function readServices(resources: readonly Resource[], context: ServiceContext): readonly Service[] {
  const services = resources.map((resource) =>
    readService(resource, context.namespaceOf(resource), context.domainSuffix),
  );
  return sortByAge(
    services,
    (service) => service.resource,
    (service) => [service.host],
  );
}
