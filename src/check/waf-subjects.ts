import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Workload } from '#mesh/mesh.js';
import type { InspectionDecision, PublicRoute, WafDecisions } from '#policy/waf/inspection.js';
import { publicRoutes, takesRequests } from '#policy/waf/coverage.js';
import { gapsOf } from '#policy/waf/verdict.js';
import type { CheckContext, Subject } from './subject.js';
import { workloads } from './subject.js';

/** A way in, in a sentence: `shop.example/api… on port 8443`. */
export function describeRoute({ host, path, port }: PublicRoute): string {
  return `${host}${path ?? ''}${port === undefined ? '' : ` on port ${String(port)}`}`;
}

/** Every way in that clients outside of the cluster get to, by the server or rule that takes it in. */
export function publicRouteSubjects({ mesh, policies }: CheckContext): readonly Subject<PublicRoute>[] {
  return publicRoutes(policies)
    .filter(({ at }) => at.resource.reported)
    .map((route) => ({
      ref: {
        kind: 'Route',
        namespace: mesh.namespaceOf(route.at.resource),
        name: `${route.at.resource.name}: ${describeRoute(route)}`,
        at: route.at,
      },
      value: route,
    }));
}

/** What is asked of every route and workload, worked out once a mesh. */
interface Known {
  readonly takers: () => readonly Subject<Workload>[];
  readonly inspectedTaker: () => Workload | undefined;
  /** The first route that is inspected, wholly if one is, by the pods that serve it. */
  readonly inspectedRoutes: () => ReadonlyMap<Workload | undefined, PublicRoute>;
}

const known = new WeakMap<WafDecisions, Known>();

function knownOf(context: CheckContext): Known {
  const { policies } = context;
  return getOrMake(known, policies.waf, () => {
    const takers = lazy(() => workloads(context).filter(({ value }) => takesRequests(policies, value)));
    return {
      takers,
      inspectedTaker: lazy(
        () => takers().find(({ value }) => isInspected(policies.waf.inspection(value)))?.value,
      ),
      inspectedRoutes: lazy(() => {
        const first = new Map<Workload | undefined, PublicRoute>();
        const inspected = publicRoutes(policies).filter(({ inspection }) => isInspected(inspection));
        const [whole, rest] = [inspected.filter(isWhole), inspected.filter((route) => !isWhole(route))];
        for (const route of [...whole, ...rest])
          if (!first.has(route.gateway)) first.set(route.gateway, route);
        return first;
      }),
    };
  });
}

function isWhole({ inspection }: PublicRoute): boolean {
  return inspection.known && inspection.value.verdict === 'inspected';
}

/** Reported workloads that a web application firewall could read the requests of. */
export function requestTakers(context: CheckContext): readonly Subject<Workload>[] {
  return knownOf(context).takers();
}

/** The first of them that inspects its requests. */
export function inspectedTaker(context: CheckContext): Workload | undefined {
  return knownOf(context).inspectedTaker();
}

/** A public route that is inspected: one of the same pods, where there is one, else any. */
export function inspectedRoute(context: CheckContext, near?: PublicRoute): PublicRoute | undefined {
  const routes = knownOf(context).inspectedRoutes();
  const beside = near?.gateway === undefined ? undefined : routes.get(near.gateway);
  const [any] = routes.values();
  return beside ?? any;
}

/** True where some engine reads requests, even if not all of them or without blocking. */
export function isInspected(decision: InspectionDecision): boolean {
  return decision.known && decision.value.verdict !== 'not-inspected';
}

/** True where nothing inspects and nothing was meant to: no filter or agent that does not work. */
export function isLeftOut(decision: InspectionDecision): boolean {
  return decision.known && decision.value.verdict === 'not-inspected' && gapsOf(decision).length === 0;
}
