import { stringAt } from '#documents/json.js';
import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { CatalogueCheck, Judged } from './define-check.js';
import type { SubjectRef } from './subject.js';
import { matchesGlob } from './waivers/match-waiver.js';
import type { Severity } from './verdict.js';

/** Part of a mesh that weighs more than the rest: of some namespaces, of some labels, or both. */
export interface SensitivePart {
  /** `*` for any run of characters. */
  readonly namespaces?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** One step up. What is critical can not rise, and what is told for information is no weakness anywhere. */
const raised: Readonly<Record<Severity, Severity>> = {
  critical: 'critical',
  high: 'critical',
  medium: 'high',
  low: 'medium',
  info: 'info',
};

const workloadsByResource = new WeakMap<Mesh, ReadonlyMap<Resource, Workload>>();

function workloadOf(mesh: Mesh, resource: Resource): Workload | undefined {
  const known = getOrMake(
    workloadsByResource,
    mesh,
    () => new Map(mesh.workloads.map((workload) => [workload.resource, workload])),
  );
  return known.get(resource);
}

/** True where the pods of a workload carry the labels, or the resource itself does. */
function carries(mesh: Mesh, resource: Resource, labels: Readonly<Record<string, string>>): boolean {
  const pods = workloadOf(mesh, resource)?.labels;
  return Object.entries(labels).every(
    ([key, value]) => pods?.[key] === value || stringAt(resource.object, 'metadata', 'labels', key) === value,
  );
}

function isPartOf({ namespaces, labels }: SensitivePart, subject: SubjectRef, mesh: Mesh): boolean {
  if (subject.kind === 'Mesh' || (namespaces === undefined && labels === undefined)) return false;
  const namespace = subject.kind === 'Namespace' ? subject.name : subject.namespace;
  if (namespaces !== undefined && !namespaces.some((pattern) => matchesGlob(pattern, namespace)))
    return false;
  if (labels === undefined) return true;
  return subject.at !== undefined && carries(mesh, subject.at.resource, labels);
}

/** True when some of the parts holds a workload, one of its ports, or another resource that is judged. */
export function isSensitive(parts: readonly SensitivePart[], subject: SubjectRef, mesh: Mesh): boolean {
  return parts.some((part) => isPartOf(part, subject, mesh));
}

/** A check whose failures are one step graver where their subject is sensitive, and say so. */
export function withSensitive(check: CatalogueCheck, parts: readonly SensitivePart[]): CatalogueCheck {
  if (parts.length === 0) return check;
  const graver = ({ subject, verdict }: Judged, mesh: Mesh): Judged => {
    if (verdict.outcome !== 'fail' || !isSensitive(parts, subject, mesh)) return { subject, verdict };
    const failures = verdict.failures.map((failure) => {
      const own = failure.severity ?? check.meta.severity;
      return raised[own] === own ? failure : { ...failure, severity: raised[own], raisedFrom: own };
    });
    return { subject, verdict: { ...verdict, failures } };
  };
  return {
    ...check,
    run: (context, given) => check.run(context, given).map((judged) => graver(judged, context.mesh)),
  };
}
