import type { Mesh, Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import type { FilterChain, GatewayListener } from '#policy/gateway/filter-chain.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { plainKind, readNamed, workloadsNamed } from './named.js';
import type { Misnamed, Named } from './named.js';

/** A port of a gateway pod that a request may come in by. */
export interface GatewayEntry {
  readonly gateway: Workload;
  /** The pod's port. */
  readonly port: number;
  /** Undefined: nothing listens there, or what does is not known. */
  readonly listener: GatewayListener | undefined;
  /** The Service in front of it, and its port, where there is one. */
  readonly via: { readonly service: Service; readonly port: ServicePort } | undefined;
}

/** Words for whichever gateway leads to the target. */
const anyGateway: ReadonlySet<string> = new Set(['gateway', 'gateways', '*']);

/** Undefined: the input does not tell. */
function isGateway(policies: EffectivePolicies, workload: Workload): boolean | undefined {
  const enrolment = policies.enrolment(workload);
  return enrolment.known ? enrolment.value.dataPlane === 'gateway' : undefined;
}

/** Pods that serve the Gateway object of a name, of either API. */
function serving(policies: EffectivePolicies, { namespace, name }: Named): readonly Workload[] {
  return policies
    .gatewayServers()
    .filter(({ resource }) => resource.name === name && policies.mesh.namespaceOf(resource) === namespace)
    .flatMap(({ workloads }) => workloads);
}

function behindService(mesh: Mesh, { namespace, name }: Named): readonly Workload[] {
  const service = mesh.services.find((each) => each.namespace === namespace && each.name === name);
  return service === undefined ? [] : mesh.workloadsOf(service);
}

/** What a name may mean: the pods' own workload first, then a Service before them, then a Gateway that they serve. */
function gatewaysNamed(policies: EffectivePolicies, named: Named): readonly Workload[] {
  const kind = named.kind === undefined ? undefined : plainKind(named.kind);
  const meanings = [
    () => (kind === 'service' || kind === 'gateway' ? [] : workloadsNamed(policies.mesh, named)),
    () => (kind === undefined || kind === 'service' ? behindService(policies.mesh, named) : []),
    () => (kind === undefined || kind === 'gateway' ? serving(policies, named) : []),
  ];
  for (const meaning of meanings) {
    const found = meaning().filter((workload) => isGateway(policies, workload) !== false);
    if (found.length > 0) return [...new Set(found)];
  }
  return [];
}

const encrypted = ({ mode }: FilterChain): boolean => mode !== 'PLAINTEXT';

/** Entries where TLS is spoken first: what one can do there, one would rather not do in clear. */
function byTls(a: GatewayEntry, b: GatewayEntry): number {
  const weight = ({ listener }: GatewayEntry): number => (listener?.chains.some(encrypted) === true ? 0 : 1);
  return weight(a) - weight(b) || a.port - b.port;
}

function servicePorts(mesh: Mesh, gateway: Workload): readonly NonNullable<GatewayEntry['via']>[] {
  return mesh.servicesOf(gateway).flatMap((service) => service.ports.map((port) => ({ service, port })));
}

/** The entries of one gateway: all that it listens on, or the one that a port names, a Service's first. */
function entriesOf(
  policies: EffectivePolicies,
  gateway: Workload,
  port: string | undefined,
): readonly GatewayEntry[] {
  const decision = policies.gatewayListeners(gateway);
  const listeners = decision.known ? decision.value.listeners : [];
  const entry = (number: number, via: GatewayEntry['via']): GatewayEntry => ({
    gateway,
    port: number,
    listener: listeners.find((each) => each.port === number),
    via,
  });
  const fronts = servicePorts(policies.mesh, gateway).flatMap((via) => {
    const number = targetPortOf(via.port, gateway);
    return number === undefined ? [] : [entry(number, via)];
  });
  const frontOf = (number: number): GatewayEntry =>
    fronts.find((each) => each.port === number) ?? entry(number, undefined);
  if (!decision.known) return [entry(Number(port ?? 443), undefined)];
  if (port === undefined)
    return [...new Set(listeners.map((listener) => listener.port))].map(frontOf).sort(byTls);
  const named = fronts.find(({ via }) => String(via?.port.number) === port || via?.port.name === port);
  if (named !== undefined) return [named];
  const server = listeners.find(({ port: number, chains }) => {
    const servers = chains.flatMap((chain) => chain.servers);
    return String(number) === port || servers.some((each) => each.server.portName === port);
  });
  if (server !== undefined) return [frontOf(server.port)];
  return /^\d{1,5}$/.test(port) ? [entry(Number(port), undefined)] : [];
}

function misnamed(policies: EffectivePolicies, text: string, problem: string, hint?: string): Misnamed {
  const gateways = policies.mesh.workloads.filter((workload) => isGateway(policies, workload));
  const names = gateways.map(({ namespace, name }) => `${namespace}/${name}`);
  const known =
    names.length === 0 ? undefined : `The gateways: ${[...new Set(names)].slice(0, 10).join(', ')}.`;
  return { named: text, problem, hint: hint ?? known, candidates: [...new Set(names)] };
}

/**
 * Where a request through a gateway may come in: `gateway` for any of them, else `namespace/name` of its workload, its
 * Service or a Gateway that it serves, with a port where one is meant (number or name; a Service's first). TLS before
 * plaintext. Says what is wrong when there is no such gateway.
 */
export function resolveGateway(
  policies: EffectivePolicies,
  text: string,
): readonly GatewayEntry[] | Misnamed {
  const { mesh } = policies;
  if (anyGateway.has(text)) {
    const all = mesh.workloads.filter((workload) => isGateway(policies, workload));
    const entries = all.flatMap((gateway) => entriesOf(policies, gateway, undefined));
    if (entries.length > 0) return entries.sort(byTls);
    return misnamed(policies, text, 'the input holds no gateway that listens on a port');
  }
  const named = readNamed(text);
  if (named === undefined)
    return misnamed(
      policies,
      text,
      `"${text}" names no gateway`,
      'Write namespace/name[:port], or gateway for any.',
    );
  const typed = `${named.namespace}/${named.name}`;
  const gateways = gatewaysNamed(policies, named);
  if (gateways.length === 0) return misnamed(policies, typed, `the input holds no gateway pods for ${typed}`);
  const entries = gateways.flatMap((gateway) => entriesOf(policies, gateway, named.port));
  if (entries.length > 0) return entries;
  const problem =
    named.port === undefined ? `${typed} listens on no port` : `${typed} has no port ${named.port}`;
  return misnamed(policies, typed, problem, 'Gateways listen on ports that some Gateway of theirs opens.');
}
