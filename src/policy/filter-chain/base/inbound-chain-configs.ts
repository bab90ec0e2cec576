import { stringAt, valueAt } from '#documents/json.js';
import type { PortProtocol } from '#mesh/mesh.js';
import type { Decision } from '#policy/decision.js';
import { entryTargets } from '#policy/entry-targets.js';
import { interceptionOf } from '#policy/interception.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { InboundPort, MtlsMode } from '#policy/policies.js';
import { ingressListeners } from '#policy/sidecar-scope.js';
import type { IngressListener } from '#policy/sidecar-scope.js';
import type { ProxyView } from './proxy.js';

/** What a sidecar's inbound chains are made of beside its view. */
export interface InboundView extends ProxyView {
  readonly ports: readonly InboundPort[];
  readonly modeOf: (port: number | '*') => Decision<MtlsMode>;
  /** Ports to which a PeerAuthentication gives a mode of their own. */
  readonly portsWithMode: readonly number[];
}

/** One port with a chain configuration of its own; 0 stands for all that no Service names. */
export interface InboundChains {
  readonly targetPort: number;
  /** Port of the Service, by which the virtual host is named and network plugins choose. */
  readonly servicePort: number;
  readonly protocol: PortProtocol;
  readonly passthrough: boolean;
  readonly bind: string;
  /** True where the port is listened on itself, not by redirection. */
  readonly bindsToPort: boolean;
  readonly ownTls: boolean;
}

/** Ports of Istio's own that no chain may take (conflictWithReservedListener in pilot/pkg/model/context.go). */
const reserved: ReadonlySet<number> = new Set([15_001, 15_006, 15_021, 15_090]);

/** The Service or ServiceEntry that istiod takes for a port: its number and protocol there; undefined: none names it. */
function servedAs(
  { mesh, workload }: InboundView,
  { number, services }: InboundPort,
): { readonly port: number; readonly protocol: PortProtocol } | undefined {
  const [first] = services;
  if (first !== undefined) {
    const declared = first.service.ports.find((port) => port.number === first.port);
    return { port: first.port, protocol: declared?.protocol ?? 'auto' };
  }
  const entry = entryTargets(mesh, workload).find((target) => target.number === number);
  if (entry === undefined) return undefined;
  const port = valueAt(entry.at.resource.object, [...entry.at.path, 'number']);
  return { port: typeof port === 'number' ? port : number, protocol: entry.protocol };
}

function servicePorts(view: InboundView, bindsToPort: boolean): readonly InboundChains[] {
  return view.ports.flatMap((port) => {
    const served = reserved.has(port.number) ? undefined : servedAs(view, port);
    if (served === undefined) return [];
    const { protocol } = served;
    const common = { targetPort: port.number, servicePort: served.port, protocol, passthrough: false };
    return [{ ...common, bind: '0.0.0.0', bindsToPort, ownTls: false }];
  });
}

function ingressPort(listener: IngressListener, redirected: boolean): InboundChains {
  const { port, protocol, ownTls, resource, path } = listener;
  const entry = path.slice(0, -1);
  const capture = stringAt(resource.object, ...entry, 'captureMode') ?? 'DEFAULT';
  const bind = stringAt(resource.object, ...entry, 'bind') ?? '';
  return {
    targetPort: port,
    servicePort: port,
    protocol,
    passthrough: false,
    // The pod's own address, which the input does not hold.
    bind: bind === '' ? '<pod IP>' : bind,
    bindsToPort: capture === 'DEFAULT' ? !redirected : capture === 'NONE',
    ownTls,
  };
}

/** Every port with a chain configuration, ascending (buildInboundChainConfigs in listener_inbound.go). */
export function chainConfigs(view: InboundView, redirected: boolean): readonly InboundChains[] {
  const { mesh, workload, enrolment } = view;
  const ingress = ingressListeners(mesh, workload, enrolment);
  if (ingress.length === 0) return redirected ? servicePorts(view, false) : [];
  const listed = new Map<number, InboundChains>();
  for (const listener of ingress)
    if (!listed.has(listener.port)) listed.set(listener.port, ingressPort(listener, redirected));
  const merged = istiodFlag(mesh, 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', false)
    ? servicePorts(view, !redirected).filter(({ targetPort }) => !listed.has(targetPort))
    : [];
  return [...listed.values(), ...merged].sort((a, b) => a.targetPort - b.targetPort);
}

/** Ports with a mode of their own that no chain configuration covers (needPerPortPassthroughFilterChain). */
export function passthroughPorts(
  { portsWithMode }: InboundView,
  configs: readonly InboundChains[],
): readonly number[] {
  const covered = new Set(configs.map(({ targetPort }) => targetPort));
  return [0, ...portsWithMode.filter((port) => !covered.has(port))];
}

/** All that the inbound listeners of a sidecar depend on beside its policies and plugins, in one text. */
export function inboundKey(view: InboundView): string {
  const redirected = interceptionOf(view.mesh, view.workload).mode !== 'NONE';
  const configs = chainConfigs(view, redirected);
  const ports = [0, ...view.portsWithMode, ...configs.map(({ targetPort }) => targetPort)];
  const modes = ports.map((port) => {
    const decision = view.modeOf(port === 0 ? '*' : port);
    return decision.known ? decision.value : '?';
  });
  const named = view.ports.filter(({ services }) => services.length > 0).map(({ number }) => number);
  return JSON.stringify([redirected, configs, ports, modes, named]);
}
