import type { Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import { known, unknown } from '#policy/decision.js';
import type { Cause, Decision, MissingEvidence } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { alternatives, applicableTelemetries, combinationLimit } from './applicable-telemetries.js';
import type { TelemetrySide } from './telemetry-entries.js';

/** What an answer is worked out from. */
export interface TelemetryQuestion {
  readonly telemetries: readonly Resource[];
  readonly config: JsonObject;
  readonly side: TelemetrySide;
}

interface Inquiry<T> {
  readonly enrolment: Decision<Enrolment>;
  /** What is asked about, for the evidence that is missing. */
  readonly what: 'tracing' | 'metrics';
  /** What the mesh configuration may say where the input has none. */
  readonly configurations: (telemetries: readonly Resource[]) => readonly JsonObject[];
  readonly answerOf: (question: TelemetryQuestion) => { readonly value: T; readonly cause: Cause };
}

/** One decision over every set of Telemetry objects that may count, and every mesh configuration there may be. */
export function decideTelemetry<T>(
  mesh: Mesh,
  workload: Workload,
  { enrolment, what, configurations, answerOf }: Inquiry<T>,
): Decision<T> {
  const found = applicableTelemetries(mesh, workload, enrolment);
  const side = enrolment.known && enrolment.value.dataPlane === 'gateway' ? 'CLIENT' : 'SERVER';
  const sets = alternatives(found);
  const answers = sets.slice(0, combinationLimit).flatMap((telemetries) => {
    const configs = mesh.settings.known ? [mesh.settings.config] : configurations(telemetries);
    return configs.map((config) => answerOf({ telemetries, config, side }));
  });
  const considered = found.specific.map((resource) => ({
    at: { resource, path: ['spec'] },
    note: 'workload-specific',
  }));
  const [first] = answers;
  const told = first && JSON.stringify(first.value);
  const agree = answers.every(({ value }) => JSON.stringify(value) === told);
  if (first !== undefined && agree && sets.length <= combinationLimit)
    return known(first.value, first.cause, considered);
  const doubts: MissingEvidence[] = found.levels.flatMap((level) => level.doubts);
  if (!mesh.settings.known)
    doubts.push({ key: 'mesh-config', text: `${what} settings of the mesh configuration` });
  return unknown(uniqueEvidence(doubts), considered);
}
