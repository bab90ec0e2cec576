import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { exportToErrors } from './export-to.js';
import { domainProblem, isAddressOrPrefix, isLabel, isPartialWildcard, isPort, wildcardDomainProblem } from './host-names.js';
import { isHttp, isTls, knownProtocol } from './protocols.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';
import { entryErrors, entryPortErrors, labelErrors } from './workload-entry.js';
import type { EntryContext } from './workload-entry.js';
import { workloadSelectorAnswer } from './workload-selector.js';

interface Service {
  readonly object: JsonObject;
  readonly spec: JsonObject;
  readonly resolution: string;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly endpoints: readonly JsonValue[];
  readonly ports: readonly JsonObject[];
}

function protocolOf(port: JsonObject): string {
  return stringAt(port, 'protocol') ?? '';
}

function hostErrors({ hosts }: Service): readonly Invalidity[] {
  if (hosts.length === 0) return [complaint(['spec', 'hosts'], 'a service entry needs at least one host')];
  return hosts.flatMap((host, index) => {
    const problem = host === '*' ? 'the host * is not allowed' : wildcardDomainProblem(host);
    return problem === undefined ? [] : [complaint(['spec', 'hosts', index], problem)];
  });
}

function addressErrors({ addresses, resolution }: Service): readonly Invalidity[] {
  const wrong = addresses.flatMap((address, index) =>
    isAddressOrPrefix(address) ? [] : [complaint(['spec', 'addresses', index], `"${address}" is not an IP address or CIDR`)],
  );
  const range = addresses.some((address) => address.includes('/'));
  const allowed = resolution === 'NONE' || resolution === 'STATIC';
  return range && !allowed
    ? [...wrong, complaint(['spec', 'addresses'], 'CIDRs are only allowed with resolution NONE or STATIC')]
    : wrong;
}

function portErrors({ ports }: Service): readonly Invalidity[] {
  const seen = new Set<unknown>();
  return ports.flatMap((port, index) => {
    const path = ['spec', 'ports', index];
    const name = stringAt(port, 'name') ?? '';
    const number = Number(valueAt(port, ['number']) ?? 0);
    const target = Number(valueAt(port, ['targetPort']) ?? 0);
    const twice = seen.has(name) || seen.has(number);
    seen.add(name).add(number);
    const known = protocolOf(port) === '' || knownProtocol(protocolOf(port)) !== undefined;
    return [
      ...(twice ? [complaint(path, 'another port has the same name or number')] : []),
      ...(target === 0 || isPort(target) ? [] : [complaint([...path, 'targetPort'], 'a port must be in 1..65535')]),
      ...(isLabel(name) ? [] : [complaint([...path, 'name'], `"${name}" is not a port name`)]),
      ...(known ? [] : [complaint([...path, 'protocol'], `the protocol ${protocolOf(port)} is not known`)]),
      ...(isPort(number) ? [] : [complaint([...path, 'number'], 'a port must be in 1..65535')]),
    ];
  });
}

function staticErrors(service: Service): readonly Invalidity[] {
  const servicePorts = portNames(service);
  return service.endpoints.flatMap((endpoint, index) =>
    entryErrors(endpoint, { path: ['spec', 'endpoints', index], servicePorts, domains: false }),
  );
}

function portNames({ ports }: Service): ReadonlySet<string> {
  return new Set(ports.map((port) => stringAt(port, 'name') ?? ''));
}

function dnsEndpointErrors(endpoint: JsonValue, context: EntryContext): readonly Invalidity[] {
  const address = stringAt(endpoint, 'address') ?? '';
  const valid = addressFamily(address) !== undefined || domainProblem(address) === undefined;
  return [
    ...(valid ? [] : [complaint([...context.path, 'address'], `"${address}" is neither an IP address nor a domain name`)]),
    ...labelErrors(objectAt(endpoint, 'labels'), [...context.path, 'labels']),
    ...entryPortErrors(objectAt(endpoint, 'ports') ?? {}, context),
  ];
}

function dnsErrors(service: Service): readonly Invalidity[] {
  const { endpoints, hosts, resolution } = service;
  const wrongHost = endpoints.length > 0 ? -1 : hosts.findIndex((host) => domainProblem(host) !== undefined);
  const several = resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1;
  const servicePorts = portNames(service);
  return [
    ...(wrongHost < 0
      ? []
      : [complaint(['spec', 'hosts', wrongHost], `resolution ${resolution} without endpoints needs a full domain name`)]),
    ...(several ? [complaint(['spec', 'endpoints'], `resolution ${resolution} takes at most one endpoint`)] : []),
    ...endpoints.flatMap((endpoint, index) =>
      dnsEndpointErrors(endpoint, { path: ['spec', 'endpoints', index], servicePorts, domains: true }),
    ),
  ];
}

const dynamicProtocols = new Set(['http', 'tls', 'grpc', 'http2']);

function dynamicErrors({ object, spec, hosts, addresses, endpoints, ports }: Service): readonly Invalidity[] {
  const waypoint = stringAt(object, 'metadata', 'labels', 'istio.io/use-waypoint') ?? '';
  const usesWaypoint = waypoint !== '' && waypoint.toLowerCase() !== 'none';
  const internal = stringAt(spec, 'location') === 'MESH_INTERNAL';
  const plain = hosts.findIndex((host) => !host.startsWith('*'));
  const wrongPort = ports.findIndex((port) => !dynamicProtocols.has(protocolOf(port).toLowerCase()));
  const wrong: readonly (readonly [boolean, readonly (string | number)[], string])[] = [
    [hosts.length === 0, ['hosts'], 'at least one wildcard host is needed'],
    [plain >= 0, ['hosts', plain], 'a host must begin with a wildcard'],
    [addresses.length > 0, ['addresses'], 'addresses cannot be set'],
    [endpoints.length > 0, ['endpoints'], 'endpoints cannot be set'],
    [wrongPort >= 0, ['ports', wrongPort, 'protocol'], 'only HTTP, TLS, GRPC and HTTP2 are supported'],
    [internal && usesWaypoint, ['location'], 'MESH_INTERNAL cannot be combined with a waypoint'],
  ];
  return wrong
    .filter(([applies]) => applies)
    .map(([, path, message]) => complaint(['spec', ...path], `${message} with resolution DYNAMIC_DNS`));
}

function resolutionErrors(service: Service): readonly Invalidity[] {
  switch (service.resolution) {
    case 'NONE':
      return service.endpoints.length > 0
        ? [complaint(['spec', 'endpoints'], 'resolution NONE takes no endpoints')]
        : [];
    case 'STATIC':
      return staticErrors(service);
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      return dnsErrors(service);
    case 'DYNAMIC_DNS':
      return dynamicErrors(service);
    default:
      return [complaint(['spec', 'resolution'], `the resolution ${service.resolution} is not supported`)];
  }
}

function sharedPortErrors({ resolution, hosts, ports }: Service): readonly Invalidity[] {
  if (resolution === 'NONE' || hosts.length < 2) return [];
  const index = ports.findIndex((port) => !isHttp(protocolOf(port)) && !isTls(protocolOf(port)));
  // On a plain TCP port nothing tells the hosts apart.
  return index < 0 ? [] : [complaint(['spec', 'ports', index], 'several hosts need ports of HTTP or TLS')];
}

function read({ object, spec }: WebhookInput): Service {
  return {
    object,
    spec,
    resolution: stringAt(spec, 'resolution') ?? 'NONE',
    hosts: stringsAt(spec, 'hosts'),
    addresses: stringsAt(spec, 'addresses'),
    endpoints: listAt(spec, 'endpoints'),
    ports: listAt(spec, 'ports').filter(isObject),
  };
}

/** The webhook's rules of ServiceEntry. Source: validation.go, ValidateServiceEntry. */
export function serviceEntry(input: WebhookInput): WebhookAnswer {
  const selector = objectAt(input.spec, 'workloadSelector');
  const selected = workloadSelectorAnswer(selector);
  if (selected.errors.length > 0) return selected;
  const service = read(input);
  const both = selector !== undefined && service.endpoints.length > 0;
  const partial = service.resolution === 'DYNAMIC_DNS' ? -1 : service.hosts.findIndex(isPartialWildcard);
  return {
    errors: [
      ...(both ? [complaint(['spec', 'endpoints'], 'only one of workloadSelector and endpoints is allowed')] : []),
      ...hostErrors(service),
      ...addressErrors(service),
      ...portErrors(service),
      ...resolutionErrors(service),
      ...sharedPortErrors(service),
      ...exportToErrors(input, { toNobody: true }),
    ],
    warnings: [
      ...selected.warnings,
      ...(partial < 0 ? [] : [complaint(['spec', 'hosts', partial], 'a wildcard for a part of a label is not supported')]),
    ],
  };
}
