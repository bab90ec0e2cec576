import type { FieldRef } from '#documents/document.js';
import type { Service, ServicePort, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import { isProxyContainer } from '#policy/proxy-container.js';
import { addressText } from './address.js';
import { agentsOf, isRunning, sharesSocket } from './agent.js';
import type { Agent, Listening } from './agent.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';

interface Target {
  readonly service: Service;
  readonly port: ServicePort;
  readonly number: number;
}

function targetsOf({ mesh }: WafContext, workload: Workload): readonly Target[] {
  return mesh.servicesOf(workload).flatMap((service) =>
    service.ports.flatMap((port): readonly Target[] => {
      const number = targetPortOf(port, workload);
      const isStream = ['UDP', 'SCTP', 'Mongo', 'Redis', 'MySQL'].includes(port.protocol);
      return number === undefined || isStream ? [] : [{ service, port, number }];
    }),
  );
}

function targetField({ service, port }: Target): FieldRef {
  const path = port.targetPort === undefined ? port.path : [...port.path, 'targetPort'];
  return { resource: service.resource, path };
}

function detectGaps({ product, detects, opens }: Agent): readonly InspectionGap[] {
  const fieldOf = (how: string): string => how.split(' ')[0] ?? '';
  return [
    ...detects.map(({ at, how }) =>
      gapOf('detects-only', product, { at, note: how, data: { how, field: fieldOf(how) } }),
    ),
    ...opens.map(({ at, how }) =>
      gapOf('fails-open', product, { at, note: how, data: { field: fieldOf(how) } }),
    ),
  ];
}

/** Services that lead past a reverse proxy to what stands behind it. */
function bypasses(
  context: WafContext,
  agent: Agent,
  proxies: readonly Listening[],
): readonly InspectionGap[] {
  const ports = new Set(proxies.flatMap(({ address }) => address?.port ?? []));
  const targets = targetsOf(context, agent.workload);
  const past = targets.filter(({ number }) => !ports.has(number));
  const listens = proxies
    .flatMap(({ address }) => (address === undefined ? [] : addressText(address)))
    .join(', ');
  const reach = past.length === targets.length ? 'all' : 'some';
  return past.map((target) => {
    const { service, port } = target;
    return gapOf('reverse-proxy-bypassed', agent.product, {
      at: targetField(target),
      related: proxies.map(({ at }) => at),
      note: `port ${port.number} of Service ${service.name} leads past container ${agent.container.name}`,
      data: { service: service.name, port: String(port.number), listens },
      reach,
    });
  });
}

function reverseProxy(context: WafContext, agent: Agent): readonly Engine[] {
  const proxies = agent.listening.filter(({ mode }) => mode === 'reverse-proxy');
  if (proxies.length === 0) return [];
  const engine = { product: agent.product.id, by: [agent.at, ...proxies.map(({ at }) => at)] };
  const isOpen = proxies.some(({ address }) => address?.port === undefined);
  const text = `where container ${agent.container.name} of ${agent.workload.name} listens`;
  if (isOpen) return [{ ...engine, gaps: detectGaps(agent), missing: [{ key: 'agent', text }] }];
  return [{ ...engine, gaps: [...bypasses(context, agent, proxies), ...detectGaps(agent)], missing: [] }];
}

/** An agent that a module of the application's web server asks: that it can is shown by the socket's shared volume. */
function module_(agent: Agent): readonly Engine[] {
  const own = agent.listening.find(({ mode }) => mode === 'module');
  if (own === undefined) return [];
  const { product, container } = agent;
  const engine = { product: product.id, by: [agent.at, own.at] };
  const socket = own.address?.socket;
  if (socket === undefined) {
    const text = `whether a module of a web server asks container ${container.name}`;
    return [{ ...engine, gaps: detectGaps(agent), missing: [{ key: 'agent', text }] }];
  }
  if (sharesSocket(agent.workload, container, socket))
    return [{ ...engine, gaps: detectGaps(agent), missing: [] }];
  const gap = gapOf('agent-without-filter', product, {
    at: agent.at,
    related: [own.at],
    note: `no other container mounts the volume with the socket of container ${container.name}`,
    data: { container: container.name, mode: 'module', port: socket },
  });
  return [{ ...engine, by: [], gaps: [gap], missing: [] }];
}

/** Engines that stand in the pod itself, before the application or beside its web server; no proxy's filter is needed. */
export function inPodEngines(context: WafContext, workload: Workload): readonly Engine[] {
  const proven = agentsOf(context, workload).filter(({ product }) => product.agent?.unproven !== true);
  return proven.flatMap((agent) => [...reverseProxy(context, agent), ...module_(agent)]);
}

/** True for pods that run engines and nothing else: other proxies ask them, and there is nothing in them to protect. */
export function isEngineOnly(context: WafContext, workload: Workload): boolean {
  const agents = agentsOf(context, workload);
  const enrolment = agents.length === 0 ? undefined : context.policies.enrolment(workload);
  // A gateway's own proxy is what takes requests there.
  if (enrolment === undefined || (enrolment.known && enrolment.value.dataPlane === 'gateway')) return false;
  const own = new Set(agents.map(({ container }) => container));
  const others = workload.containers.filter(
    (one) => isRunning(one) && !isProxyContainer(one) && !own.has(one),
  );
  return others.length === 0 && agents.every(({ container }) => !isProxyContainer(container));
}
