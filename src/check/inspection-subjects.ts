import type { FieldRef } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { InspectionDecision, InspectionGap, PublicRoute } from '#policy/waf/inspection.js';
import type { CheckContext, Subject, SubjectRef } from './subject.js';
import { resourceRef, workloads } from './subject.js';

/** What a product of a web application firewall has to do with: a workload, a way in, or an object that does nothing. */
export interface InspectedSubject {
  readonly gaps: readonly InspectionGap[];
  /** What the input does not hold; then there may be further gaps. */
  readonly missing: readonly MissingEvidence[];
}

function told(decision: InspectionDecision): InspectedSubject | undefined {
  if (!decision.known) return { gaps: decision.gaps, missing: decision.missing };
  const { products, gaps } = decision.value;
  return products.length === 0 && gaps.length === 0 ? undefined : { gaps, missing: [] };
}

function routeRef(mesh: Mesh, { at, host, port }: PublicRoute): SubjectRef {
  const { resource } = at;
  const place = port === undefined ? host : `${host}:${port}`;
  return {
    kind: resource.kind,
    namespace: mesh.namespaceOf(resource),
    name: `${resource.name} (${place})`,
    at,
  };
}

const isReported = ({ resource }: FieldRef): boolean => resource.reported;

function everySubject(context: CheckContext): readonly Subject<InspectedSubject>[] {
  const { mesh, policies } = context;
  const { waf } = policies;
  if (!waf.used()) return [];
  const inside = workloads(context).map(({ ref, value }) => ({ ref, value: told(waf.inspection(value)) }));
  const ways = waf
    .routes()
    .filter(({ at }) => isReported(at))
    .map((route) => ({ ref: routeRef(mesh, route), value: told(route.inspection) }));
  const idle = waf
    .idle()
    .filter(({ resource }) => resource.reported)
    .map(({ resource, gap }) => ({ ref: resourceRef(mesh, resource), value: { gaps: [gap], missing: [] } }));
  return [...inside, ...ways, ...idle].flatMap(({ ref, value }) =>
    value === undefined ? [] : [{ ref, value }],
  );
}

const kept = new WeakMap<CheckContext['policies']['waf'], readonly Subject<InspectedSubject>[]>();

/** Every subject that a web application firewall has to do with; none where no product is in the input. */
export function inspectedSubjects(context: CheckContext): readonly Subject<InspectedSubject>[] {
  return getOrMake(kept, context.policies.waf, () => everySubject(context));
}
