import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { isLabel, isPartialWildcard, isPort, socketProblem, wildcardDomainProblem } from './host-names.js';
import { isHttp, isTls, knownProtocol } from './protocols.js';
import { serverTlsErrors, serverTlsMode } from './server-tls.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

const unix = 'unix://';

/** Gateways that Istio itself makes from the Gateway API carry this annotation and may be named otherwise. */
const semantics = 'internal.istio.io/gateway-semantics';

function hostnameProblem(host: string): string | undefined {
  if (host !== '*' && !host.includes('.')) return `"${host}" is a short name; a full domain name is needed`;
  if (isPartialWildcard(host)) return `"${host}": a wildcard for a part of a label is not allowed`;
  return addressFamily(host) === undefined ? wildcardDomainProblem(host) : undefined;
}

function hostProblem(host: string, converted: boolean): string | undefined {
  const slash = host.indexOf('/');
  if (slash < 0) return hostnameProblem(host);
  const [namespace, name] = [host.slice(0, slash), host.slice(slash + 1)];
  if (namespace === '' || name === '') return `"${host}" must have a namespace and a name`;
  const known = namespace === '*' || namespace === '.' || isLabel(namespace) || (namespace === '~' && converted);
  return known ? hostnameProblem(name) : `"${namespace}" is not a namespace`;
}

function hostErrors(server: JsonObject, path: FieldPath, converted: boolean): readonly Invalidity[] {
  const hosts = stringsAt(server, 'hosts');
  if (hosts.length === 0) return [complaint([...path, 'hosts'], 'a server needs at least one host')];
  return hosts.flatMap((host, index) => {
    const problem = hostProblem(host, converted);
    return problem === undefined ? [] : [complaint([...path, 'hosts', index], problem)];
  });
}

function numberAt(value: JsonObject, name: string): number {
  return Number(valueAt(value, [name]) ?? 0);
}

function portErrors(server: JsonObject, path: FieldPath): readonly Invalidity[] {
  const port = objectAt(server, 'port');
  const at = [...path, 'port'];
  if (!port) return [complaint(at, 'a server needs a port')];
  const protocol = stringAt(port, 'protocol') ?? '';
  const number = numberAt(port, 'number');
  const needed = number > 0 || !(stringAt(server, 'bind') ?? '').startsWith(unix);
  return [
    ...(knownProtocol(protocol) === undefined ? [complaint([...at, 'protocol'], `the protocol "${protocol}" is not known`)] : []),
    ...(needed && !isPort(number) ? [complaint([...at, 'number'], 'a port must be in 1..65535')] : []),
    ...(numberAt(port, 'targetPort') > 0 ? [complaint([...at, 'targetPort'], 'a gateway has no targetPort')] : []),
    ...((stringAt(port, 'name') ?? '') === '' ? [complaint([...at, 'name'], 'a port must have a name')] : []),
  ];
}

function bindErrors(server: JsonObject, path: FieldPath): readonly Invalidity[] {
  const bind = stringAt(server, 'bind') ?? '';
  const at = [...path, 'bind'];
  if (!bind.startsWith(unix)) {
    return bind === '' || addressFamily(bind) !== undefined ? [] : [complaint(at, `"${bind}" is not an IP address`)];
  }
  const problem = socketProblem(bind.slice(unix.length));
  const port = objectAt(server, 'port');
  return [
    ...(problem === undefined ? [] : [complaint(at, problem)]),
    ...(port && numberAt(port, 'number') !== 0 ? [complaint([...path, 'port', 'number'], 'a unix domain socket has no port')] : []),
  ];
}

/** TLS settings belong to servers of HTTPS and TLS; those of HTTP may only redirect. */
function tlsUseErrors(server: JsonObject, path: FieldPath): readonly Invalidity[] {
  const tls = objectAt(server, 'tls');
  const protocol = stringAt(server, 'port', 'protocol') ?? '';
  const at = [...path, 'tls'];
  if (isTls(protocol)) return tls ? [] : [complaint(at, `a server of ${protocol} needs TLS settings`)];
  if (!tls) return [];
  if (!isHttp(protocol)) return [complaint(at, `a server of ${protocol} cannot have TLS settings`)];
  const certificates = ['caCertificates', 'privateKey', 'serverCertificate'].some((name) => (stringAt(tls, name) ?? '') !== '');
  const passes = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(serverTlsMode(tls));
  return passes && !certificates ? [] : [complaint(at, 'a server of plain HTTP cannot have TLS settings other than httpsRedirect')];
}

function serverErrors(server: JsonObject, path: FieldPath, converted: boolean): readonly Invalidity[] {
  const ports = portErrors(server, path);
  const tls = objectAt(server, 'tls');
  return [
    ...hostErrors(server, path, converted),
    ...ports,
    ...bindErrors(server, path),
    ...(tls ? serverTlsErrors(tls, [...path, 'tls']) : []),
    ...(ports.length === 0 ? tlsUseErrors(server, path) : []),
  ];
}

function duplicateNames(servers: readonly JsonObject[]): readonly Invalidity[] {
  const seen = new Set<string>();
  return servers.flatMap((server, index) => {
    const port = objectAt(server, 'port');
    const name = stringAt(port, 'name') ?? '';
    const twice = port !== undefined && seen.has(name);
    if (port) seen.add(name);
    return twice ? [complaint(['spec', 'servers', index, 'port', 'name'], `the port name "${name}" is given twice`)] : [];
  });
}

/** The webhook's rules of Gateway (networking.istio.io). Source: validation.go, ValidateGateway. */
export function gateway({ object, spec }: WebhookInput): WebhookAnswer {
  const name = stringAt(object, 'metadata', 'name') ?? '';
  const converted = stringAt(object, 'metadata', 'annotations', semantics) === 'gateway';
  const servers = listAt(spec, 'servers').filter(isObject);
  const errors = [
    ...(isLabel(name) || converted ? [] : [complaint(['metadata', 'name'], `"${name}" is not a name for a gateway`)]),
    ...(servers.length === 0 ? [complaint(['spec', 'servers'], 'a gateway needs at least one server')] : []),
    ...servers.flatMap((server, index) => serverErrors(server, ['spec', 'servers', index], converted)),
    ...duplicateNames(servers),
  ];
  return { errors, warnings: [] };
}
