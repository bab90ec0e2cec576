import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { attaches } from '#policy/attachment.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { policySelectorOf, selectsAll } from '#policy/policy-selector.js';
import { oldestOf, vacant } from '#policy/precedence.js';
import type { Level } from '#policy/precedence.js';
import { revisionVisibility } from '#policy/revision-visibility.js';

/** The Telemetry objects that count for a workload: of each level that may be the one, then those that select it. */
export interface ApplicableTelemetries {
  readonly levels: readonly Level[];
  readonly specific: readonly Resource[];
}

/**
 * The oldest Telemetry without selector of the root namespace, that of the workload's own, and all that select the
 * workload, widest first (applicableTelemetries in pilot/pkg/model/telemetry.go).
 */
export function applicableTelemetries(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): ApplicableTelemetries {
  const root = mesh.settings.rootNamespace;
  const visibility = (telemetry: Resource): ReturnType<typeof revisionVisibility> =>
    revisionVisibility(mesh, telemetry, enrolment);
  const telemetriesIn = (namespace: string): readonly Resource[] =>
    mesh.inNamespace('telemetry.istio.io', 'Telemetry', namespace);
  const wide = (namespace: string): Level =>
    oldestOf(
      mesh,
      telemetriesIn(namespace).filter((one) => selectsAll(policySelectorOf(one))),
      visibility,
    );
  const specific = telemetriesIn(workload.namespace).filter(
    (one) =>
      !selectsAll(policySelectorOf(one)) && visibility(one) !== 'hidden' && attaches(mesh, one, workload),
  );
  return { levels: [wide(root), workload.namespace === root ? vacant : wide(workload.namespace)], specific };
}

/** More sets than these are not looked at. */
export const combinationLimit = 64;

/** Every set of Telemetry objects that may be the one that counts. */
export function alternatives({ levels, specific }: ApplicableTelemetries): readonly (readonly Resource[])[] {
  const [root = vacant, own = vacant] = levels;
  return root.winners.flatMap((wide) =>
    own.winners.map((near) => [...[wide, near].filter((one) => one !== undefined), ...specific]),
  );
}
