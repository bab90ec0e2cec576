import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, stringAt, valueAt } from '#documents/json.js';
import type { Mesh, PortProtocol, Workload } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import { parseProtocol } from '#mesh/service-port-protocol.js';
import type { Decision, MissingEvidence } from './decision.js';
import { istiodFlag } from './istiod-flag.js';
import type { Enrolment } from './policies.js';
import { policySelectorOf } from './policy-selector.js';
import { oldestOf } from './precedence.js';
import type { Level } from './precedence.js';
import { revisionVisibility } from './revision-visibility.js';

function sidecarsIn(mesh: Mesh, namespace: string): readonly Resource[] {
  return mesh.inNamespace('networking.istio.io', 'Sidecar', namespace);
}

/** `workloadSelector: {}` is a selector, which matches every workload. */
function isSelectorless(sidecar: Resource): boolean {
  return policySelectorOf(sidecar).labels === undefined;
}

/** The levels at which a Sidecar for the workload may stand, nearest first. */
function sidecarLevels(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): readonly Level[] {
  const level = (sidecars: readonly Resource[]): Level =>
    oldestOf(mesh, sidecars, (sidecar) => revisionVisibility(mesh, sidecar, enrolment));
  const own = sidecarsIn(mesh, workload.namespace);
  const root = mesh.settings.rootNamespace;
  const selecting = own.filter((sidecar) => {
    const { labels } = policySelectorOf(sidecar);
    return labels !== undefined && containsAll(workload.labels, labels);
  });
  const nearest = [level(selecting), level(own.filter(isSelectorless))];
  return workload.namespace === root
    ? nearest
    : [...nearest, level(sidecarsIn(mesh, root).filter(isSelectorless))];
}

/** The Sidecar that counts for a workload, or those that may; undefined stands for none. */
export interface SidecarScope {
  readonly candidates: readonly (Resource | undefined)[];
  readonly doubts: readonly MissingEvidence[];
}

const withoutSidecar: SidecarScope = { candidates: [undefined], doubts: [] };

const hasSidecars = (mesh: Mesh, namespace: string): boolean =>
  sidecarsIn(mesh, namespace).length > 0 || sidecarsIn(mesh, mesh.settings.rootNamespace).length > 0;

/**
 * The Sidecar that counts for a workload with a sidecar proxy: the oldest whose workloadSelector matches in its
 * namespace, else the oldest without selector there, else the oldest without selector in the root namespace
 * (doGetSidecarScope in pilot/pkg/model/push_context.go). What the input holds at a level is taken for all there is.
 */
export function sidecarScopeOf(mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>): SidecarScope {
  if (!hasSidecars(mesh, workload.namespace)) return withoutSidecar;
  const candidates: Resource[] = [];
  const doubts: MissingEvidence[] = [];
  for (const level of sidecarLevels(mesh, workload, enrolment)) {
    candidates.push(...level.winners.filter((winner) => winner !== undefined));
    doubts.push(...level.doubts);
    if (!level.winners.includes(undefined)) return { candidates, doubts };
  }
  return { candidates: [...candidates, undefined], doubts };
}

/** One `ingress` entry of a Sidecar. */
export interface IngressListener {
  readonly port: number;
  /** What the port carries, once the listener has taken TLS off where it does. */
  readonly protocol: PortProtocol;
  /** True when the listener has TLS settings of its own and istiod lets it (ENABLE_TLS_ON_SIDECAR_INGRESS). */
  readonly ownTls: boolean;
  readonly resource: Resource;
  readonly path: FieldPath;
}

/** AfterTLSTermination in pkg/config/protocol/instance.go. */
function afterTls(protocol: PortProtocol): PortProtocol {
  if (protocol === 'HTTPS') return 'HTTP';
  return protocol === 'TLS' ? 'TCP' : protocol;
}

function listenersOf(mesh: Mesh, sidecar: Resource): readonly IngressListener[] {
  const mayHaveTls = istiodFlag(mesh, 'ENABLE_TLS_ON_SIDECAR_INGRESS', false);
  return listAt(sidecar.object, 'spec', 'ingress').flatMap((entry, index) => {
    const port = valueAt(entry, ['port', 'number']);
    if (!isObject(entry) || typeof port !== 'number') return [];
    const written = parseProtocol(stringAt(entry, 'port', 'protocol') ?? '') ?? 'auto';
    const ownTls = mayHaveTls && isObject(entry['tls']);
    const protocol = ownTls ? afterTls(written) : written;
    return [{ port, protocol, ownTls, resource: sidecar, path: ['spec', 'ingress', index, 'port'] }];
  });
}

/** The ingress listeners of the Sidecar that counts for a workload; none when there is no such Sidecar or it is not certain. */
export function ingressListeners(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): readonly IngressListener[] {
  const { candidates } = sidecarScopeOf(mesh, workload, enrolment);
  const [sidecar] = candidates;
  return sidecar === undefined || candidates.length > 1 ? [] : listenersOf(mesh, sidecar);
}
