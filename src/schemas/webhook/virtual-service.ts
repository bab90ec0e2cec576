import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { destinationErrors, weightedErrors } from './destination.js';
import { exportToErrors } from './export-to.js';
import { createHostIndex, overlappingHost } from './host-index.js';
import type { HostIndex } from './host-index.js';
import { wildcardDomainProblem } from './host-names.js';
import { httpRouteErrors } from './http-route.js';
import { commonMatchErrors, gatewayNameErrors, isClaim } from './route-match.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

/** Routes that Istio itself made from the Gateway API carry this annotation. */
const semantics = 'internal.istio.io/route-semantics';

interface Service {
  readonly spec: JsonObject;
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly converted: boolean;
  /** True when the service is bound to gateways only. */
  readonly gatewayOnly: boolean;
}

function delegateErrors({ spec, hosts }: Service): readonly Invalidity[] {
  if (hosts.length > 0) return [];
  const used = ['gateways', 'tls', 'tcp'].filter((name) => listAt(spec, name).length > 0);
  return used.map((name) => complaint(['spec', name], `a virtual service without hosts cannot have ${name}`));
}

function claimErrors({ spec, gatewayOnly }: Service): readonly Invalidity[] {
  if (gatewayOnly) return [];
  return listAt(spec, 'http').flatMap((route, index) =>
    listAt(route, 'match').flatMap((match, place) =>
      ['headers', 'withoutHeaders'].flatMap((field) => {
        const claims = Object.keys(objectAt(match, field) ?? {}).filter(isClaim);
        const path = ['spec', 'http', index, 'match', place, field];
        return claims.map((name) => complaint([...path, name], 'routing by claims is only supported at gateways'));
      }),
    ),
  );
}

/** Names that Istio makes up for passing TLS through gateways: `outbound_.80_._.host`. */
function outboundProblem(name: string): string | undefined {
  const parts = name.split('_');
  const port = (parts[1] ?? '').replace(/^\.+|\.+$/g, '');
  const host = (parts[3] ?? '').replace(/^\.+|\.+$/g, '');
  const valid = parts.length >= 4 && /[0-9]/.test(port) && /[a-zA-Z]/.test(host);
  return valid ? undefined : `"${name}" is not of the form outbound_.<port>_._.<host>`;
}

function boundHostProblem(host: string, sni: boolean): string | undefined {
  const generated = sni && host.startsWith('outbound_') && host.length <= 255;
  return generated ? outboundProblem(host) : wildcardDomainProblem(host);
}

function hasSni(spec: JsonObject): boolean {
  return listAt(spec, 'tls').some((route) => listAt(route, 'match').some((match) => listAt(match, 'sniHosts').length > 0));
}

function hostErrors({ spec, hosts, gatewayOnly }: Service): readonly Invalidity[] {
  const sni = gatewayOnly && hasSni(spec);
  const wrong = hosts.flatMap((host, index) => {
    const problem = boundHostProblem(host, sni);
    const path = ['spec', 'hosts', index];
    if (problem !== undefined) return addressFamily(host) === undefined ? [complaint(path, problem)] : [];
    return host === '*' && !gatewayOnly ? [complaint(path, 'the host * is not allowed for the mesh gateway')] : [];
  });
  if (wrong.length > 0) return wrong;
  const twice = overlappingHost(hosts);
  return twice < 0 ? [] : [complaint(['spec', 'hosts', twice], 'the host overlaps another one')];
}

function sniErrors(host: string, path: FieldPath, service: Service, index: HostIndex): readonly Invalidity[] {
  const atGateway = !service.gateways.includes('mesh');
  const problem = boundHostProblem(host, atGateway);
  if (problem !== undefined) return addressFamily(host) === undefined ? [complaint(path, problem)] : [];
  return index.covers(host) ? [] : [complaint(path, `"${host}" lies under none of the hosts`)];
}

function plainRouteErrors(route: JsonValue, path: FieldPath, { converted }: Service): readonly Invalidity[] {
  const destinations = listAt(route, 'route');
  if (destinations.length === 0) return [complaint([...path, 'route'], 'a route is required')];
  return weightedErrors(destinations, [...path, 'route'], (destination, at) =>
    converted ? [] : destinationErrors(objectAt(destination, 'destination'), [...at, 'destination']),
  );
}

function tlsErrors(service: Service): readonly Invalidity[] {
  const index = createHostIndex(service.hosts);
  return listAt(service.spec, 'tls').flatMap((route, place) => {
    const path = ['spec', 'tls', place];
    const matches = listAt(route, 'match');
    return [
      ...(matches.length === 0 ? [complaint([...path, 'match'], 'a TLS route needs a match')] : []),
      ...matches.flatMap((value, number) => {
        const match = objectAt(value) ?? {};
        const at = [...path, 'match', number];
        const names = stringsAt(match, 'sniHosts');
        return [
          ...(names.length === 0 ? [complaint([...at, 'sniHosts'], 'a match needs an SNI host')] : []),
          ...names.flatMap((name, which) => sniErrors(name, [...at, 'sniHosts', which], service, index)),
          ...commonMatchErrors(match, at),
        ];
      }),
      ...plainRouteErrors(route, path, service),
    ];
  });
}

function tcpErrors(service: Service): readonly Invalidity[] {
  return listAt(service.spec, 'tcp').flatMap((route, index) => {
    const path = ['spec', 'tcp', index];
    const matches = listAt(route, 'match').flatMap((match, place) =>
      commonMatchErrors(objectAt(match) ?? {}, [...path, 'match', place]),
    );
    return [...matches, ...plainRouteErrors(route, path, service)];
  });
}

function read({ object, spec }: WebhookInput): Service {
  const gateways = stringsAt(spec, 'gateways');
  return {
    spec,
    hosts: stringsAt(spec, 'hosts'),
    gateways,
    converted: stringAt(object, 'metadata', 'annotations', semantics) === 'gateway',
    gatewayOnly: gateways.length > 0 && !gateways.includes('mesh'),
  };
}

/** The webhook's rules of VirtualService. Source: validation.go, ValidateVirtualService; virtualservice.go. */
export function virtualService(input: WebhookInput): WebhookAnswer {
  const service = read(input);
  const { spec, hosts, gateways, converted } = service;
  const routes = ['http', 'tls', 'tcp'].some((name) => listAt(spec, name).length > 0);
  const context = { delegate: hosts.length === 0, converted };
  const errors = [
    ...delegateErrors(service),
    ...gatewayNameErrors(gateways, ['spec', 'gateways'], converted),
    ...claimErrors(service),
    ...hostErrors(service),
    ...(routes ? [] : [complaint(['spec'], 'http, tls or tcp is required')]),
    ...listAt(spec, 'http').flatMap((route, index) =>
      isObject(route) ? httpRouteErrors(route, ['spec', 'http', index], context) : [],
    ),
    ...tlsErrors(service),
    ...tcpErrors(service),
    ...exportToErrors(input, {}),
  ];
  return { errors, warnings: [] };
}
