import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import { patchedProxies } from '#policy/extension/patched-proxies.js';
import type { PatchedProxies, PatchedProxy } from '#policy/extension/patched-proxies.js';
import { gatewayNameLabel } from '#policy/attachment.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { policySelectorOf } from '#policy/policy-selector.js';
import { filtersOf, idleGap, idlePatch, isFrom, lacksListeners } from './idle-patch.js';
import type { IdleObject, InspectionGap } from './inspection.js';
import { wafObjects } from './objects.js';
import type { WafObject } from './objects.js';
import { perContext } from './per-context.js';
import { hasPlaceholder } from './placeholder.js';
import { idleProviders } from './providers.js';
import type { WafContext } from './waf-context.js';

/** Where requests come in that the proxy's own application is to get, or clients of a gateway send. */
function runsInbound({ chains }: PatchedProxy, one: WafObject): boolean {
  return filtersOf(chains.chains).some((filter) => isFrom(filter, one));
}

function refusedBy({ mesh }: WafContext, { resource }: WafObject): string | undefined {
  if (!mesh.refused.includes(resource) || hasPlaceholder(mesh, resource)) return undefined;
  const answer = mesh.validationOf(resource);
  const [first] = [...(answer?.schema ?? []), ...(answer?.webhook?.errors ?? [])];
  return `the API server refuses the object${first === undefined ? '' : `: ${first.message}`}`;
}

/** Why the mode of a plugin's match fits none of the proxies that it selects. */
function unfitMode(plugin: Resource, { proxies }: PatchedProxies): string | undefined {
  const kinds = new Set(proxies.map(({ chains }) => chains.kind));
  if (kinds.size !== 1) return undefined;
  const unfit = kinds.has('gateway') ? 'SERVER' : 'CLIENT';
  const modes = listAt(plugin.object, 'spec', 'match').map((match) => stringAt(match, 'mode') ?? '');
  if (modes.length === 0 || modes.some((mode) => mode !== unfit)) return undefined;
  const where = unfit === 'SERVER' ? 'gateways, which count as clients' : 'the requests that sidecars let in';
  return `mode ${unfit} never runs for ${where}`;
}

function idlePlugin(context: WafContext, one: WafObject, found: PatchedProxies): InspectionGap | undefined {
  const { mesh } = context;
  const { resource } = one;
  if (resource.kind === 'TrafficExtension' && !isAtLeast(istioVersionOf(mesh, undefined), 30))
    return idleGap(one, 'inert-form', 'istiod reads TrafficExtensions from Istio 1.30 on');
  const spec = resource.kind === 'WasmPlugin' ? ['spec'] : ['spec', 'wasm'];
  const field = (...path: readonly (string | number)[]): FieldRef => ({ resource, path: ['spec', ...path] });
  const unfit = unfitMode(resource, found);
  if (unfit !== undefined) return idleGap(one, 'never-runs-here', unfit, field('match', 0, 'mode'));
  if (stringAt(resource.object, ...spec, 'type') === 'NETWORK')
    return idleGap(one, 'never-runs-here', 'type NETWORK sees connections, not requests', {
      resource,
      path: [...spec, 'type'],
    });
  if (lacksListeners(context, found)) return undefined;
  if (listAt(resource.object, 'spec', 'match').some((match) => listAt(match, 'ports').length > 0))
    return idleGap(
      one,
      'never-runs-here',
      'no listener has the ports of its match',
      field('match', 0, 'ports'),
    );
  return idleGap(one, 'never-runs-here', 'no chain of the proxies that it selects runs it');
}

/** True for a Service that no waypoint stands before. */
function hasNoWaypoint({ mesh, policies }: WafContext, target: Resource): boolean {
  const service = mesh.services.find(({ resource }) => resource === target);
  const binding = service && policies.waypointOf(service);
  return binding?.known === true && binding.value.waypoint === undefined;
}

/** True for a selector of the pods that istiod makes for a Gateway of the Kubernetes Gateway API, which manifests do not hold. */
function namesGateway({ mesh }: WafContext, resource: Resource): boolean {
  const name = policySelectorOf(resource).labels?.[gatewayNameLabel];
  if (name === undefined) return false;
  return mesh.ofKind('gateway.networking.k8s.io', 'Gateway').some((gateway) => gateway.name === name);
}

/** Why an object whose selection is known reaches no proxy at all. */
function unselected(context: WafContext, one: WafObject): InspectionGap | undefined {
  const { policies, mesh } = context;
  const selection = policies.selection(one.resource);
  if (!selection.known) return undefined;
  const { inert, workloads, targets } = selection.value;
  const at = selection.decidedBy === 'default' ? one.at : selection.decidedBy;
  if (inert !== undefined) return idleGap(one, 'wrong-context', inert, at);
  if (mesh.scope === 'partial' || namesGateway(context, one.resource)) return undefined;
  if (targets.length > 0) {
    const isVain = targets.every((target) => hasNoWaypoint(context, target));
    return isVain
      ? idleGap(one, 'wrong-context', 'only a waypoint could run it, and its target has none', at)
      : undefined;
  }
  if (workloads.length === 0) return idleGap(one, 'wrong-context', 'it selects no workload', at);
  const planes = workloads.map((workload) => policies.enrolment(workload));
  // Waypoints take nothing that selects by labels (ShouldAttachPolicy in pilot/pkg/model/policyattachment.go).
  const isAimed = policySelectorOf(one.resource).refs.length > 0;
  if (planes.some((plane) => !plane.known || (isAimed && plane.value.dataPlane === 'waypoint')))
    return undefined;
  return idleGap(one, 'wrong-context', 'no workload that it selects runs a proxy which it could change', at);
}

/** True when further proxies that the input does not show can not be what the object is for. */
function isTold({ mesh }: WafContext, resource: Resource, { missing }: PatchedProxies): boolean {
  if (mesh.scope === 'complete') return missing.length === 0;
  const { labels, refs } = policySelectorOf(resource);
  return missing.length === 1 && refs.length === 0 && Object.keys(labels ?? {}).length > 0;
}

function gapFor(context: WafContext, one: WafObject): InspectionGap | undefined {
  const refused = refusedBy(context, one);
  if (refused !== undefined) return idleGap(one, 'inert-form', refused);
  const found = patchedProxies(context.policies, one.resource);
  if (found.proxies.length === 0) return unselected(context, one);
  if (found.proxies.some((proxy) => runsInbound(proxy, one)) || !isTold(context, one.resource, found))
    return undefined;
  return one.resource.kind === 'EnvoyFilter'
    ? idlePatch(context, one, found)
    : idlePlugin(context, one, found);
}

/** Objects of products that have no effect on any request which comes in, and providers that no policy uses. */
export const idleObjects = perContext((context): readonly IdleObject[] => {
  const written = wafObjects(context).flatMap((one): readonly IdleObject[] => {
    const found = gapFor(context, one);
    return found === undefined ? [] : [{ resource: one.resource, gap: found }];
  });
  return [...written, ...idleProviders(context)];
});

/** True for objects of which a workload could expect something: those for gateways are nothing to a sidecar that no label names. */
function isMeant(
  { policies }: WafContext,
  { resource, gap: { at } }: IdleObject,
  workload: Workload,
): boolean {
  const context = stringAt(resource.object, ...at.path.slice(0, 3), 'match', 'context');
  const { labels } = policySelectorOf(resource);
  if (context !== 'GATEWAY' || Object.keys(labels ?? {}).length > 0) return true;
  const enrolment = policies.enrolment(workload);
  return enrolment.known && enrolment.value.dataPlane === 'gateway';
}

const byWorkload = perContext((context): ReadonlyMap<string, readonly IdleObject[]> => {
  const found = new Map<string, IdleObject[]>();
  for (const one of idleObjects(context)) {
    const selection = policyKinds.has(one.resource.kind)
      ? context.policies.selection(one.resource)
      : undefined;
    if (selection?.known !== true) continue;
    for (const workload of selection.value.workloads)
      if (isMeant(context, one, workload)) getOrMake(found, workload.id, () => []).push(one);
  }
  return found;
});

/** The idle objects that select a workload, and were to inspect its requests. */
export function idleAt(context: WafContext, { id }: Workload): readonly IdleObject[] {
  return byWorkload(context).get(id) ?? [];
}

/** True for an object that a workload's labels would fit, were it in the right namespace. */
function wouldFit({ mesh }: WafContext, { labels, namespace }: Workload, resource: Resource): boolean {
  const home = mesh.namespaceOf(resource);
  if (home === namespace || home === mesh.settings.rootNamespace) return true;
  const wanted = Object.entries(policySelectorOf(resource).labels ?? {});
  return (
    wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
  );
}

/** Idle objects of a product that could have been for a workload, but select others or nothing. */
export function idleNear(context: WafContext, workload: Workload, product: string): readonly IdleObject[] {
  return idleObjects(context).filter(
    ({ gap, resource }) =>
      gap.product === product &&
      policyKinds.has(resource.kind) &&
      wouldFit(context, workload, resource) &&
      isMeant(context, { resource, gap }, workload),
  );
}

const policyKinds: ReadonlySet<string> = new Set(['EnvoyFilter', 'WasmPlugin', 'TrafficExtension']);
