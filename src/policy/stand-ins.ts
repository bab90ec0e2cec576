import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { gatewayNameLabel } from './attachment.js';
import type { Decision } from './decision.js';
import { hasOwnInterception } from './interception.js';
import type { Enrolment } from './policies.js';
import { perMesh } from './gateway/per-mesh.js';
import { policySelectorOf } from './policy-selector.js';

/** Kinds that choose workloads by labels. */
const selecting: ReadonlySet<string> = new Set([
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
  'telemetry.istio.io/Telemetry',
  'networking.istio.io/Sidecar',
]);

/** As `selecting`, with those that change what a proxy is configured as. */
const configuring: ReadonlySet<string> = new Set([
  ...selecting,
  'networking.istio.io/EnvoyFilter',
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
]);

type ByNamespace = (mesh: Mesh) => ReadonlyMap<string, readonly Resource[]>;

/** By namespace. Not looked up kind by kind: nothing rests on those that are not there. */
const indexOf = (kinds: ReadonlySet<string>): ByNamespace =>
  perMesh((mesh) => {
    const found = new Map<string, Resource[]>();
    for (const resource of mesh.resources) {
      if (!kinds.has(`${resource.group}/${resource.kind}`)) continue;
      getOrMake(found, mesh.namespaceOf(resource), () => []).push(resource);
    }
    return found;
  });

/** What workloads may be told apart by: policies alone, or all that makes the configuration of their proxies. */
const indexes = { policies: indexOf(selecting), configuration: indexOf(configuring) };

/** Values that selectors ask for, by label. */
type Asked = ReadonlyMap<string, ReadonlySet<string>>;

function askedIn(index: ReturnType<ByNamespace>, namespaces: ReadonlySet<string>): Asked {
  const asked = new Map<string, Set<string>>();
  const policies = [...namespaces].flatMap((namespace) => index.get(namespace) ?? []);
  for (const policy of policies)
    for (const [label, value] of Object.entries(policySelectorOf(policy).labels ?? {}))
      getOrMake(asked, label, () => new Set<string>()).add(value);
  return asked;
}

/** What of a workload's labels selectors can see. */
function visibleLabels({ labels }: Workload, asked: Asked): string {
  let seen = '';
  asked.forEach((values, label) => {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    if (value !== undefined && values.has(value)) seen += `\0${label}\0${value}`;
  });
  return seen;
}

/** Finds the stand-in of a workload in the mesh as its control plane sees it. */
export type StandIn = (mesh: Mesh, workload: Workload, enrolment: Decision<Enrolment>) => Workload;

/** Something of its own in what policies decide: then a workload stands for itself alone. */
function isSingular({ annotations, labels }: Workload): boolean {
  return hasOwnInterception(annotations) || Object.hasOwn(labels, gatewayNameLabel);
}

/**
 * Finds for each workload the first of those that policies with label selectors can not tell apart: of one namespace,
 * on one data plane and revision, with the same values of the labels that selectors there ask for. What such policies
 * alone decide is decided once for all of them, which is what makes meshes of many workloads cheap. For `configuration`
 * also those that select workloads to change their proxies count.
 */
export function standIns(by: keyof typeof indexes = 'policies'): StandIn {
  const asked = new Map<string, Asked>();
  const first = new Map<string, Workload>();
  return (mesh, workload, enrolment) => {
    if (!enrolment.known || isSingular(workload)) return workload;
    const { namespace } = workload;
    const { dataPlane, revision = '' } = enrolment.value;
    const root = mesh.settings.rootNamespace;
    const labels = getOrMake(asked, `${namespace}\0${root}`, () =>
      askedIn(indexes[by](mesh), new Set([namespace, root])),
    );
    const visible = visibleLabels(workload, labels);
    return getOrMake(first, `${namespace}\0${dataPlane}\0${revision}${visible}`, () => workload);
  };
}
