import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { connectionPoolErrors } from './connection-pool.js';
import { domainProblem, isLabel, isPartialWildcard, isPort, socketProblem, wildcardDomainProblem } from './host-names.js';
import { isTls, knownProtocol } from './protocols.js';
import { serverTlsErrors, serverTlsMode } from './server-tls.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';
import { workloadSelectorAnswer } from './workload-selector.js';

const unix = 'unix://';

function textAt(value: JsonValue | undefined, name: string): string {
  return stringAt(value, name) ?? '';
}

function numberAt(value: JsonValue | undefined, name: string): number {
  return Number(valueAt(value, [name]) ?? 0);
}

/** What ports of ingress and egress listeners have in common. */
function portErrors(port: JsonObject, path: FieldPath): readonly Invalidity[] {
  const name = textAt(port, 'name');
  const protocol = textAt(port, 'protocol');
  return [
    ...(numberAt(port, 'targetPort') > 0 ? [complaint([...path, 'targetPort'], 'a Sidecar has no targetPort')] : []),
    ...(name === '' || isLabel(name) ? [] : [complaint([...path, 'name'], `"${name}" is not a port name`)]),
    ...(protocol === '' || knownProtocol(protocol) !== undefined
      ? []
      : [complaint([...path, 'protocol'], `the protocol ${protocol} is not known`)]),
  ];
}

function boundErrors(number: number, bind: string, path: FieldPath): readonly Invalidity[] {
  return [
    ...(isPort(number) ? [] : [complaint([...path, 'port', 'number'], 'a port must be in 1..65535')]),
    ...(bind === '' || addressFamily(bind) !== undefined ? [] : [complaint([...path, 'bind'], `"${bind}" is not an IP address`)]),
  ];
}

const loopbacks = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Where an ingress listener sends its traffic: a socket, or a port of an address of this pod. */
function endpointProblem(endpoint: string): string | undefined {
  if (endpoint === '') return undefined;
  if (endpoint.startsWith(unix)) return socketProblem(endpoint.slice(unix.length));
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(endpoint);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = match?.[3] ?? '';
  if (!match || !loopbacks.has(host)) return 'must be 127.0.0.1:port, 0.0.0.0:port, [::1]:port, [::]:port, :port or unix://path';
  return /^\+?[0-9]+$/.test(port) && isPort(Number(port)) ? undefined : `"${port}" is not a port`;
}

const tlsWithout = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'];

function ingressTlsErrors(listener: JsonObject, path: FieldPath): readonly Invalidity[] {
  const tls = objectAt(listener, 'tls');
  if (!tls) return [];
  const used = tlsWithout.filter((name) => textAt(tls, name) !== '' || listAt(tls, name).length > 0);
  const mode = serverTlsMode(tls);
  const protocol = textAt(objectAt(listener, 'port'), 'protocol');
  const at = [...path, 'tls'];
  return [
    ...used.map((name) => complaint([...at, name], `${name} is not supported in a Sidecar`)),
    ...(valueAt(tls, ['httpsRedirect']) === true
      ? [complaint([...at, 'httpsRedirect'], 'httpsRedirect is not supported in a Sidecar')]
      : []),
    ...(mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH'
      ? [complaint([...at, 'mode'], `mode ${mode} is not supported in a Sidecar`)]
      : []),
    ...(isTls(protocol) ? [] : [complaint(at, 'TLS settings need a port of HTTPS or TLS')]),
    ...serverTlsErrors(tls, at),
  ];
}

function ingressErrors(listener: JsonObject, path: FieldPath, taken: Set<number>): readonly Invalidity[] {
  const port = objectAt(listener, 'port');
  if (!port) return [complaint([...path, 'port'], 'an ingress listener needs a port')];
  const number = numberAt(port, 'number');
  const twice = taken.has(number);
  taken.add(number);
  const problem = endpointProblem(textAt(listener, 'defaultEndpoint'));
  return [
    ...portErrors(port, [...path, 'port']),
    ...boundErrors(number, textAt(listener, 'bind'), path),
    ...(twice ? [complaint([...path, 'port', 'number'], `port ${String(number)} is given twice`)] : []),
    ...(problem === undefined ? [] : [complaint([...path, 'defaultEndpoint'], problem)]),
    ...ingressTlsErrors(listener, path),
    ...connectionPoolErrors(objectAt(listener, 'connectionPool'), [...path, 'connectionPool']),
  ];
}

function socketErrors(listener: JsonObject, path: FieldPath): readonly Invalidity[] {
  const bind = textAt(listener, 'bind');
  const mode = stringAt(listener, 'captureMode') ?? 'DEFAULT';
  const problem = bind.startsWith(unix) ? socketProblem(bind.slice(unix.length)) : 'port 0 needs a unix domain socket to bind to';
  return [
    ...(problem === undefined ? [] : [complaint([...path, 'bind'], problem)]),
    ...(mode === 'DEFAULT' || mode === 'NONE'
      ? []
      : [complaint([...path, 'captureMode'], 'a unix domain socket needs captureMode DEFAULT or NONE')]),
  ];
}

/** Ports and sockets that earlier egress listeners have taken. */
interface Taken {
  readonly ports: Set<number>;
  readonly sockets: Set<string>;
}

function egressPortErrors(listener: JsonObject, path: FieldPath, taken: Taken): readonly Invalidity[] {
  const port = objectAt(listener, 'port') ?? {};
  const number = numberAt(port, 'number');
  const bind = textAt(listener, 'bind');
  const twice = number === 0 ? taken.sockets.has(bind) : taken.ports.has(number);
  if (number === 0) taken.sockets.add(bind);
  else taken.ports.add(number);
  return [
    ...portErrors(port, [...path, 'port']),
    ...(number === 0 ? socketErrors(listener, path) : boundErrors(number, bind, path)),
    ...(twice ? [complaint([...path, 'port', 'number'], 'another listener has the same port or socket')] : []),
  ];
}

function hostProblem(host: string): string | undefined {
  const slash = host.indexOf('/');
  if (slash < 0) return `"${host}" must have the form namespace/name`;
  const [namespace, name] = [host.slice(0, slash), host.slice(slash + 1)];
  if (namespace === '' || name === '') return `"${host}" must have a namespace and a name`;
  const own = namespace.replace(/^~/, '');
  if (own !== '' && own !== '*' && own !== '.' && !isLabel(own)) return `"${namespace}" is not a namespace`;
  if (name !== '*' && !name.includes('.')) return `"${name}" is a short name; a full domain name is needed`;
  if (isPartialWildcard(name)) return `"${name}": a wildcard for a part of a label is not allowed`;
  return wildcardDomainProblem(name);
}

function egressHostErrors(listener: JsonObject, path: FieldPath): readonly Invalidity[] {
  const hosts = stringsAt(listener, 'hosts');
  if (hosts.length === 0) return [complaint([...path, 'hosts'], 'an egress listener needs at least one host')];
  return hosts.flatMap((host, index) => {
    const problem = hostProblem(host);
    return problem === undefined ? [] : [complaint([...path, 'hosts', index], problem)];
  });
}

function egressErrors(listeners: readonly JsonValue[]): readonly Invalidity[] {
  const taken: Taken = { ports: new Set(), sockets: new Set() };
  return listeners.flatMap((value, index) => {
    const path = ['spec', 'egress', index];
    const listener = objectAt(value) ?? {};
    const misplaced = !objectAt(listener, 'port') && index < listeners.length - 1;
    return [
      ...(misplaced ? [complaint(path, 'a listener without port must be the last one')] : []),
      ...(objectAt(listener, 'port') ? egressPortErrors(listener, path, taken) : []),
      ...egressHostErrors(listener, path),
    ];
  });
}

function proxyErrors(proxy: JsonObject, path: FieldPath): readonly Invalidity[] {
  const host = textAt(proxy, 'host');
  const problem = domainProblem(host);
  const named = problem === undefined ? [] : [complaint([...path, 'host'], problem)];
  const port = objectAt(proxy, 'port');
  if (!port) return [...named, complaint([...path, 'port'], 'the egress proxy needs a port')];
  const subset = textAt(proxy, 'subset');
  return [
    ...named,
    ...(subset === '' || isLabel(subset) ? [] : [complaint([...path, 'subset'], `"${subset}" is not a name for a subset`)]),
    ...(isPort(numberAt(port, 'number')) ? [] : [complaint([...path, 'port', 'number'], 'a port must be in 1..65535')]),
  ];
}

function outboundErrors(policy: JsonObject | undefined): readonly Invalidity[] {
  const path = ['spec', 'outboundTrafficPolicy'];
  const mode = stringAt(policy, 'mode') ?? 'REGISTRY_ONLY';
  // Only the mesh config may say ALLOW_ANY_DYNAMIC_DNS. It is number 3 there, and a number decodes to any enum.
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS' || mode === '3') {
    return [complaint([...path, 'mode'], 'ALLOW_ANY_DYNAMIC_DNS is only supported in the mesh config')];
  }
  const proxy = objectAt(policy, 'egressProxy');
  if (!proxy) return [];
  const at = [...path, 'egressProxy'];
  return mode === 'ALLOW_ANY' ? proxyErrors(proxy, at) : [complaint(at, 'an egress proxy needs mode ALLOW_ANY')];
}

function isEmpty(spec: JsonObject): boolean {
  const lists = ['egress', 'ingress'].some((name) => listAt(spec, name).length > 0);
  return !lists && !objectAt(spec, 'outboundTrafficPolicy') && !objectAt(spec, 'inboundConnectionPool');
}

/** The webhook's rules of Sidecar. Source: validation.go, ValidateSidecar. */
export function sidecar({ spec }: WebhookInput): WebhookAnswer {
  const selected = workloadSelectorAnswer(objectAt(spec, 'workloadSelector'));
  if (selected.errors.length > 0) return selected;
  if (isEmpty(spec)) return { errors: [complaint(['spec'], 'a Sidecar must not be empty')], warnings: [] };
  const taken = new Set<number>();
  return {
    errors: [
      ...listAt(spec, 'ingress').flatMap((listener, index) =>
        ingressErrors(objectAt(listener) ?? {}, ['spec', 'ingress', index], taken),
      ),
      ...connectionPoolErrors(objectAt(spec, 'inboundConnectionPool'), ['spec', 'inboundConnectionPool']),
      ...egressErrors(listAt(spec, 'egress')),
      ...outboundErrors(objectAt(spec, 'outboundTrafficPolicy')),
    ],
    warnings: selected.warnings,
  };
}
