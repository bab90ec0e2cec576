import { getOrMake } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import { isOutsideByNature } from '#policy/control-plane.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { InspectionDecision, InspectionVerdict, PublicRoute } from './inspection.js';
import { combineDecisions } from './verdict.js';
import { mayBeHttp } from './ways/http-ports.js';

/** How many of something are inspected how far. */
export interface InspectionCounts {
  readonly total: number;
  readonly inspected: number;
  readonly partly: number;
  readonly detectsOnly: number;
  readonly failsOpen: number;
  readonly notInspected: number;
  readonly unknown: number;
}

/** How much of a mesh web application firewalls inspect, as far as its manifests show. */
export interface InspectionCoverage {
  /** Products that show in the input, working or not: names for people, sorted. */
  readonly products: readonly string[];
  /** Hosts and paths that clients outside of the cluster get to. */
  readonly routes: InspectionCounts;
  /** Workloads of the mesh that Services lead requests to: from inside the mesh. */
  readonly workloads: InspectionCounts;
}

const members: Readonly<Record<InspectionVerdict, keyof InspectionCounts>> = {
  inspected: 'inspected',
  partly: 'partly',
  'detects-only': 'detectsOnly',
  'fails-open': 'failsOpen',
  'not-inspected': 'notInspected',
};

function count(decisions: readonly InspectionDecision[]): InspectionCounts {
  const counts = {
    total: decisions.length,
    inspected: 0,
    partly: 0,
    detectsOnly: 0,
    failsOpen: 0,
    notInspected: 0,
    unknown: 0,
  };
  for (const decision of decisions) counts[decision.known ? members[decision.value.verdict] : 'unknown'] += 1;
  return counts;
}

const planes: ReadonlySet<string> = new Set(['sidecar', 'ambient', 'proxyless']);

/**
 * True for workloads whose requests a web application firewall could read: Services lead HTTP to them, they belong to the
 * mesh, and they are none of its gateways, which are told by their routes. Outside of the mesh those count that a product
 * was put beside.
 */
export function takesRequests(policies: EffectivePolicies, workload: Workload): boolean {
  const { mesh, waf } = policies;
  if (isOutsideByNature(workload)) return false;
  const isServed = mesh
    .servicesOf(workload)
    .some(({ ports }) => ports.some(({ protocol }) => mayBeHttp(protocol)));
  if (!isServed) return false;
  const enrolment = policies.enrolment(workload);
  if (!enrolment.known || planes.has(enrolment.value.dataPlane)) return true;
  if (enrolment.value.dataPlane !== 'none' || !waf.used()) return false;
  const inspection = waf.inspection(workload);
  return inspection.known && inspection.value.products.length > 0;
}

interface RouteIndex {
  readonly open: readonly PublicRoute[];
  readonly byWorkload: ReadonlyMap<Workload, readonly PublicRoute[]>;
}

const indexes = new WeakMap<EffectivePolicies['waf'], RouteIndex>();

function indexOf({ waf }: EffectivePolicies): RouteIndex {
  return getOrMake(indexes, waf, () => {
    const open = waf.routes().filter((route) => route.public);
    const byWorkload = new Map<Workload, PublicRoute[]>();
    for (const route of open) {
      const ends = route.gateway === undefined ? route.workloads : [route.gateway, ...route.workloads];
      for (const workload of ends) getOrMake(byWorkload, workload, () => []).push(route);
    }
    return { open, byWorkload };
  });
}

/** The ways in from outside of the cluster, as far as the input shows. */
export function publicRoutes(policies: EffectivePolicies): readonly PublicRoute[] {
  return indexOf(policies).open;
}

/** Those that end at a workload, or that the pods of a gateway serve. */
export function publicRoutesOf(policies: EffectivePolicies, workload: Workload): readonly PublicRoute[] {
  return indexOf(policies).byWorkload.get(workload) ?? [];
}

/** What is inspected of the requests that reach a workload from outside, all ways together; undefined: there is none. */
export function northSouth(policies: EffectivePolicies, workload: Workload): InspectionDecision | undefined {
  const routes = publicRoutesOf(policies, workload);
  if (routes.length === 0) return undefined;
  return combineDecisions(routes.map(({ inspection }) => inspection));
}

/** The coverage of a mesh: reported workloads that take requests, and ways in that clients outside get to. */
export function inspectionCoverage(policies: EffectivePolicies): InspectionCoverage {
  const routes = publicRoutes(policies)
    .filter(({ at }) => at.resource.reported)
    .map(({ inspection }) => inspection);
  const workloads = policies.mesh.workloads
    .filter((workload) => workload.resource.reported && takesRequests(policies, workload))
    .map((workload) => policies.waf.inspection(workload));
  return {
    products: [...new Set(policies.waf.presence().map(({ product }) => product.name))].sort(),
    routes: count(routes),
    workloads: count(workloads),
  };
}
